import type { Resource } from '@renxin/fhir'
import { type Context, type Leaving, sql } from '@renxin/server'
import type { Work } from '../fhir/begin.ts'
import { type Change, hashOf, headsOfPatients, keptText, loadBodies, removeResources, saveChanges } from '../fhir/store.ts'

const PERSONS = ['Patient', 'RelatedPerson']

/** What a resource may say of somebody who asked to be forgotten. */
const known = {
  Patient: ['identifier', 'active', 'name', 'gender', 'birthDate', 'deceasedBoolean', 'deceasedDateTime', 'link'],
  RelatedPerson: ['active', 'patient', 'relationship'],
} as const
const forgotten = { Patient: ['active', 'link'], RelatedPerson: ['active', 'patient'] } as const

/** Neither medical record nor account of care: words and wishes that the rooms keep as far as they must. */
const words = ['QuestionnaireResponse', 'Communication', 'CommunicationRequest', 'Task', 'Flag', 'Consent', 'Coverage', 'Person']

function leastOf(resource: Resource, isKnown: boolean): Resource {
  const fields: readonly string[] =
    resource.resourceType === 'Patient' ? (isKnown ? known : forgotten).Patient : (isKnown ? known : forgotten).RelatedPerson
  const { resourceType, id } = resource
  return {
    resourceType,
    ...(id ? { id } : {}),
    ...Object.fromEntries(fields.flatMap((f) => (resource[f] === undefined ? [] : [[f, resource[f]]]))),
  }
}

/** Persons keep what they must, in one version that is theirs from now on; what is no medical record goes. */
export async function eraseResources(ctx: Context, { files, isKnown }: Leaving): Promise<number> {
  const heads = await headsOfPatients(ctx, files)
  const persons = heads.filter((h) => PERSONS.includes(h.type))
  const bodies = await loadBodies(ctx, persons)
  const changes = persons.flatMap((head): Change[] => {
    const body = bodies.get(head.key)
    if (!body) return []
    const resource = leastOf(body, isKnown)
    const text = keptText(resource)
    return [
      {
        isNew: false,
        method: 'PUT',
        resource,
        text,
        head: { ...head, version: head.version + 1, changedAt: ctx.clock.now(), hash: hashOf(text) },
      },
    ]
  })
  await saveChanges(ctx, { base: '', dayStart: (day) => ctx.clock.at(day) }, changes)
  await sql`
    delete from integration.fhir_versions v using integration.fhir_resources r
     where r.key = v.key and v.version < r.version and r.key = any(${persons.map((h) => h.key)}::uuid[])`.execute(ctx.db)
  const others = heads.filter((h) => words.includes(h.type)).map((h) => h.key)
  await removeResources(ctx, others)
  return changes.length + others.length
}

/** Whoever sends such a person again is told nothing else; what is kept of it is what may be kept. */
export async function holdErased(ctx: Context, works: readonly Work[]): Promise<void> {
  const persons = works.filter((w) => w.resource && w.patientId && PERSONS.includes(w.name.type))
  if (persons.length === 0) return
  const { rows } = await sql<{ patientId: string; isForgotten: boolean }>`
    select patient_id, is_forgotten from patients.erased_files where patient_id = any(${persons.flatMap((w) => w.patientId ?? [])}::uuid[])`.execute(
    ctx.db,
  )
  const erased = new Map(rows.map((r) => [r.patientId, r]))
  for (const work of persons) {
    const file = erased.get(work.patientId ?? '')
    if (!file || !work.resource) continue
    work.resource = leastOf(work.resource, !file.isForgotten)
    work.text = keptText(work.resource)
  }
}
