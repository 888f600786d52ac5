import { elementsOf, isElement, type Resource, textOf } from '@renxin/fhir'
import { applyPatientFacts, type KinFact, type PatientFacts } from '@renxin/patients'
import { type Context, sql } from '@renxin/server'
import { phonesOf, relationIn, spokenCode, wholeName } from './facts-patient.ts'
import { loadBodies, nameOf } from './store.ts'
import type { Head } from './tables.ts'
import type { Told } from './told.ts'

/** What other resources than the Patient add to the customer file: who answers for him, who pays. */
export async function tellFiles(ctx: Context, told: readonly Told[]): Promise<void> {
  const facts = [...payersIn(told), ...(await kinIn(ctx, told))]
  if (facts.length > 0) await applyPatientFacts(ctx, facts)
}

function payersIn(told: readonly Told[]): PatientFacts[] {
  return told.flatMap(({ name, resource, patientId, sourceAt }): PatientFacts[] => {
    if (name.type !== 'Coverage' || !resource || !patientId || resource.status !== 'active') return []
    const [payor] = elementsOf(resource.payor)
    const payer = spokenCode(resource.type) ?? textOf(payor?.display)
    return payer ? [{ id: patientId, identifiers: [], sourceAt, payer: payer.slice(0, 100) }] : []
  })
}

type Named = { patientId: string; kin: KinFact; key: string }
type KinOf = { patientId: string | null; resource: Resource | null | undefined }

/** Each contact of a Patient and each RelatedPerson is told by itself: those of whom others told stay, and who is named no more is gone. */
async function kinIn(ctx: Context, told: readonly Told[]): Promise<PatientFacts[]> {
  const all = told.filter((t) => (t.name.type === 'RelatedPerson' || (t.name.type === 'Patient' && t.resource)) && t.patientId)
  const before = await namedBefore(ctx, all.filter((t) => !t.isNew)) // biome-ignore format: one thought
  const now = all.map((t) => ({ ...t, named: namedIn(t) }))
  const gone = now.flatMap((t) => {
    const still = new Set(t.named.map((n) => n.key))
    return (before.get(nameOf(t.name)) ?? []).filter((n) => !still.has(n.key)).map((n) => ({ ...n, sourceAt: t.sourceAt }))
  })
  const elsewhere = await namedByOthers(ctx, [...new Set(gone.map((g) => g.patientId))], told)
  const left = gone.filter((g) => !elsewhere.has(g.key) && !now.some((t) => t.named.some((n) => n.key === g.key)))
  return [
    ...left.map(({ patientId, kin, sourceAt }) => ({ id: patientId, identifiers: [], sourceAt, kinChanges: [{ ...kin, isGone: true }] })),
    ...now.flatMap(({ named, patientId, sourceAt }) =>
      named.length > 0 && patientId
        ? [{ id: patientId, identifiers: [], sourceAt, kinChanges: named.map(({ kin }) => ({ ...kin, isGone: false })) }]
        : [],
    ),
  ]
}

const COLUMNS = sql.raw('key, type, id, version, changed_at, is_deleted, hash, object_id, patient_id, waits_for')

/** Whom these resources named in the version that is kept. */
async function namedBefore(ctx: Context, told: readonly Told[]): Promise<Map<string, Named[]>> {
  if (told.length === 0) return new Map()
  const { rows: heads } = await sql<Head>`
    select ${COLUMNS} from integration.fhir_resources where type in ('Patient', 'RelatedPerson')
      and (type, id) in (select * from unnest(${told.map((t) => t.name.type)}::text[], ${told.map((t) => t.name.id)}::text[]))`.execute(
    ctx.db,
  )
  const bodies = await loadBodies(ctx, heads)
  return new Map(heads.map((h) => [nameOf(h), namedIn({ patientId: h.patientId, resource: bodies.get(h.key) })]))
}

/** The numbers that other resources of these patients name too. */
async function namedByOthers(ctx: Context, patientIds: readonly string[], told: readonly Told[]): Promise<Set<string>> {
  if (patientIds.length === 0) return new Set()
  const { rows } = await sql<Head>`
    select ${COLUMNS} from integration.fhir_resources
    where patient_id = any(${[...patientIds]}::uuid[]) and type in ('Patient', 'RelatedPerson') and not is_deleted order by type, id limit 1000`.execute(
    ctx.db,
  )
  const inBatch = new Set(told.map((t) => nameOf(t.name)))
  const heads = rows.filter((h) => !inBatch.has(nameOf(h)))
  const bodies = await loadBodies(ctx, heads)
  return new Set(heads.flatMap((h) => namedIn({ patientId: h.patientId, resource: bodies.get(h.key) }).map((n) => n.key)))
}

const namedIn = ({ patientId, resource }: KinOf): Named[] =>
  patientId && resource
    ? kinOf(resource).flatMap(({ phones, ...kin }) =>
        phones.map((phone) => ({
          patientId,
          kin: { ...kin, phones: [phone] },
          key: [patientId, kin.relation, phone.number.replace(/\s/g, '')].join(),
        })),
      )
    : []

/** Those to turn to whom a Patient or a RelatedPerson names. */
export function kinOf(resource: Resource): KinFact[] {
  const contacts = resource.resourceType === 'Patient' ? elementsOf(resource.contact) : resource.active === false ? [] : [resource]
  return contacts.flatMap((contact): KinFact[] => {
    const phones = phonesOf(contact.telecom) ?? []
    const name = wholeName(isElement(contact.name) ? contact.name : elementsOf(contact.name)[0]) ?? null
    return phones.length > 0 ? [{ name, relation: relationIn(contact.relationship), phones }] : []
  })
}
