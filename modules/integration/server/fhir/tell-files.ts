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

/** The list of kin is told whole: of those whose RelatedPersons changed, all that were sent, and the contacts in the Patient. */
async function kinIn(ctx: Context, told: readonly Told[]): Promise<PatientFacts[]> {
  const changed = told.filter((t) => t.name.type === 'RelatedPerson' && t.patientId)
  const patientIds = [...new Set(changed.flatMap((t) => t.patientId ?? []))]
  if (patientIds.length === 0) return []
  const { rows: heads } = await sql<Head>`
    select key, type, id, version, changed_at, is_deleted, hash, object_id, patient_id, waits_for from integration.fhir_resources
    where patient_id = any(${patientIds}::uuid[]) and type in ('Patient', 'RelatedPerson') and not is_deleted order by type, id limit 1000`.execute(
    ctx.db,
  )
  const bodies = await loadBodies(ctx, heads)
  const inBatch = new Set(told.map((t) => nameOf(t.name)))
  const all = [
    ...heads.flatMap((h) => (inBatch.has(nameOf(h)) ? [] : [{ patientId: h.patientId, resource: bodies.get(h.key) }])),
    ...told.filter((t) => t.name.type === 'RelatedPerson' || t.name.type === 'Patient'),
  ]
  return patientIds.map((id) => {
    const kin = all.filter((one) => one.patientId === id).flatMap((one) => (one.resource ? kinOf(one.resource) : []))
    const sourceAt = changed
      .filter((t) => t.patientId === id)
      .reduce((latest, t) => (t.sourceAt > latest ? t.sourceAt : latest), new Date(0))
    return { id, identifiers: [], sourceAt, kin }
  })
}

function kinOf(resource: Resource): KinFact[] {
  const contacts = resource.resourceType === 'Patient' ? elementsOf(resource.contact) : resource.active === false ? [] : [resource]
  return contacts.flatMap((contact): KinFact[] => {
    const phones = phonesOf(contact.telecom) ?? []
    const name = wholeName(isElement(contact.name) ? contact.name : elementsOf(contact.name)[0]) ?? null
    return phones.length > 0 ? [{ name, relation: relationIn(contact.relationship), phones }] : []
  })
}
