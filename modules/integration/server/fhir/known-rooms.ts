import type { Resource } from '@renxin/fhir'
import { describePatients, findPatientIds } from '@renxin/patients'
import { type Context, sql, systemActor } from '@renxin/server'
import { at, concept } from './card-shapes.ts'
import type { Settled } from './conditions.ts'
import { type Known, knownId, knownRoom, PHONES, sentOf } from './known-room.ts'
import { observationShape, type ReportLine } from './record-rooms.ts'
import { allergyIn, isOver } from './tell-allergies.ts'
import { CHANNELS, purposes, refusalsIn } from './tell-consents.ts'
import { kinOf } from './tell-files.ts'

const TERMINOLOGY = 'http://terminology.hl7.org/CodeSystem'
const coded = (system: string, code: string) => ({ coding: [{ system: `${TERMINOLOGY}/${system}`, code }] })

type Allergy = {
  patientId: string
  key: string
  code: string | null
  name: string
  kind: string | null
  severity: string | null
  reaction: string | null
}
const categories: Readonly<Record<string, string>> = { drug: 'medication', food: 'food', environment: 'environment' }

const keysOf = (patientId: string, resource: Resource): string[] => {
  const allergy = allergyIn(resource)
  return allergy ? [`${patientId} ${(allergy.code ?? allergy.name).trim()}`] : []
}

/** What was sent of allergies, as the latest word on each has it, whoever said it: HL7 may have taken one away, or named it again. */
async function allergiesToday(ctx: Context, kept: readonly { patientId: string; resource: Resource }[]): Promise<Resource[]> {
  const { rows } = await sql<{ patientId: string; key: string }>`
    select distinct patient_id, key from patients.allergy_cards where patient_id = any(${kept.map((k) => k.patientId)}::uuid[])`.execute(
    ctx.db,
  )
  const known = new Set(rows.map((r) => `${r.patientId} ${r.key}`))
  return kept.map(({ patientId, resource }) => {
    const [key] = keysOf(patientId, resource)
    if (key === undefined || known.has(key) === !isOver(resource)) return resource
    if (known.has(key))
      return {
        ...resource,
        clinicalStatus: coded('allergyintolerance-clinical', 'active'),
        verificationStatus: coded('allergyintolerance-verification', 'unconfirmed'),
      }
    return { ...resource, clinicalStatus: coded('allergyintolerance-clinical', 'inactive') }
  })
}

/** What he does not bear, as HL7, views and files told it. */
async function allergiesOf(ctx: Context, patientIds: readonly string[]): Promise<Known[]> {
  const { rows } = await sql<Allergy>`
    select distinct on (patient_id, key) patient_id, key, code, name, kind, severity, reaction from patients.allergy_cards
    where patient_id = any(${[...patientIds]}::uuid[]) order by patient_id, key, said_at desc`.execute(ctx.db)
  const sent = new Set(
    (await sentOf(ctx, 'AllergyIntolerance', patientIds)).flatMap(({ patientId, resource }) => keysOf(patientId, resource)),
  )
  return rows.flatMap((a): Known[] => {
    if (sent.has(`${a.patientId} ${a.key}`)) return []
    const category = categories[a.kind ?? '']
    return [
      {
        patientId: a.patientId,
        key: a.key,
        resource: {
          resourceType: 'AllergyIntolerance',
          clinicalStatus: coded('allergyintolerance-clinical', 'active'),
          verificationStatus: coded('allergyintolerance-verification', 'unconfirmed'),
          ...(category ? { category: [category] } : {}),
          ...(a.severity === 'severe' ? { criticality: 'high' } : {}),
          code: concept(a.code, a.name),
          patient: { reference: `Patient/${a.patientId}` },
          ...(a.reaction || a.severity
            ? { reaction: [{ manifestation: [{ text: a.reaction ?? '?' }], ...(a.severity ? { severity: a.severity } : {}) }] }
            : {}),
        },
      },
    ]
  })
}

/** The patients whose contacts have a number that is asked for. */
async function ownersOfPhone(ctx: Context, clauses: readonly Settled[]): Promise<string[] | undefined> {
  const asked = clauses.flatMap((c) => (c.is === 'values' && !c.modifier && PHONES.has(c.parameter.name) ? [c] : []))
  const [first] = asked
  if (!first) return undefined
  const owners = new Set<string>()
  for (const wanted of first.values)
    if (wanted.kind === 'token' && wanted.code)
      for (const id of await findPatientIds(ctx, { phone: wanted.code, limit: MOST_OWNERS })) owners.add(id)
  return [...owners]
}

const MOST_OWNERS = 200
const digits = (number: string) => number.replace(/\D/g, '')

/** Those to turn to; whoever may not see numbers whole has them masked where the answer leaves. */
async function kinKnownOf(ctx: Context, patientIds: readonly string[]): Promise<Known[]> {
  const sent = new Set((await sentOf(ctx, 'RelatedPerson', patientIds)).flatMap(({ resource }) => kinOf(resource).flatMap((k) => k.phones.map((p) => digits(p.number))))) // biome-ignore format: one thought
  const people = await describePatients({ ...ctx, actor: systemActor }, patientIds)
  return people.flatMap((p) =>
    p.phones
      .filter((c) => c.relation !== 'self' && !sent.has(digits(c.number)))
      .map((c) => ({
        patientId: p.id,
        key: `${c.relation} ${c.number}`,
        resource: {
          resourceType: 'RelatedPerson',
          active: true,
          patient: { reference: `Patient/${p.id}` },
          relationship: [{ text: c.relation }],
          ...(c.name ? { name: [{ text: c.name }] } : {}),
          telecom: [{ system: 'phone', value: c.number, ...(c.kind === 'mobile' ? { use: 'mobile' } : {}) }],
        },
      })),
  )
}

type Diagnosis = {
  encounterId: string
  patientId: string
  type: string
  rank: number
  code: string | null
  name: string
  system: string | null
  admittedAt: Date | null
}

/** The diagnoses of visits of which no Condition was sent: one that was sent tells the whole list of its visit. */
async function diagnosesOf(ctx: Context, patientIds: readonly string[]): Promise<Known[]> {
  const { rows } = await sql<Diagnosis>`
    select d.encounter_id, d.patient_id, d.type, d.rank, d.code, d.name, d.system, d.admitted_at from encounters.diagnosis_cards d
    where d.patient_id = any(${[...patientIds]}::uuid[]) and not exists (
      select from integration.fhir_resources e join integration.fhir_index i on i.what = 'Condition.encounter' and i.value = 'Encounter/' || e.id
      where e.type = 'Encounter' and e.object_id = d.encounter_id)
      and not exists (select from integration.fhir_index i where i.what = 'Condition.encounter' and i.value = 'Encounter/' || d.encounter_id)
    order by d.encounter_id, d.type, d.rank limit 2000`.execute(ctx.db)
  return rows.map((d) => ({
    patientId: d.patientId,
    key: `${d.encounterId} ${d.type} ${d.rank}`,
    resource: {
      resourceType: 'Condition',
      clinicalStatus: coded('condition-clinical', 'active'),
      verificationStatus: coded('condition-ver-status', d.type === 'final' ? 'confirmed' : 'provisional'),
      category: [coded('condition-category', 'encounter-diagnosis')],
      code: concept(d.code, d.name),
      subject: { reference: `Patient/${d.patientId}` },
      encounter: { reference: `Encounter/${d.encounterId}` },
      ...at('recordedDate', d.admittedAt),
    },
  }))
}

type Line = ReportLine & { reportId: string; position: number; patientId: string; encounterId: string | null; kind: string }

/** The lines of reports, one by one, beside the reports in which they stand. */
async function linesOf(ctx: Context, patientIds: readonly string[]): Promise<Known[]> {
  const { rows } = await sql<Line>`
    select i.report_id, i.position, i.patient_id, r.encounter_id, r.kind, i.report_status as status, i.code, i.name, i.value, i.amount, i.unit, i.range, i.flag,
      i.observed_at from encounters.report_item_cards i join encounters.report_cards r on r.id = i.report_id and r.patient_id = i.patient_id
    where i.patient_id = any(${[...patientIds]}::uuid[]) and r.source not like 'FHIR %' order by i.observed_at desc, i.report_id, i.position limit 5000`.execute(
    ctx.db,
  )
  return rows.map((l) => ({
    patientId: l.patientId,
    key: `${l.reportId} ${l.position}`,
    resource: {
      ...observationShape(l, l.patientId),
      ...(l.kind === 'laboratory' ? { category: [coded('observation-category', 'laboratory')] } : {}),
      ...(l.encounterId ? { encounter: { reference: `Encounter/${l.encounterId}` } } : {}),
    },
  }))
}

/** The ids of the lines in these reports. */
export async function linesIn(ctx: Context, reportIds: readonly string[]): Promise<string[]> {
  const { rows } = await sql<{ reportId: string; position: number; patientId: string }>`
    select i.report_id, i.position, i.patient_id from encounters.report_item_cards i join encounters.report_cards r on r.id = i.report_id
    where i.report_id = any(${[...reportIds]}::uuid[]) and r.source not like 'FHIR %' order by 1, 2`.execute(ctx.db)
  return rows.map((r) => knownId(r.patientId, `${r.reportId} ${r.position}`))
}

/** Who pays, where nobody sent a Coverage. */
async function payersOf(ctx: Context, patientIds: readonly string[]): Promise<Known[]> {
  const sent = new Set((await sentOf(ctx, 'Coverage', patientIds)).map((s) => s.patientId))
  const people = await describePatients({ ...ctx, actor: systemActor }, patientIds)
  return people.flatMap((p) =>
    p.payer && !sent.has(p.id)
      ? [
          {
            patientId: p.id,
            key: 'payer',
            resource: {
              resourceType: 'Coverage',
              status: 'active',
              type: { text: p.payer },
              beneficiary: { reference: `Patient/${p.id}` },
              payor: [{ display: p.payer }],
            },
          },
        ]
      : [],
  )
}

type Refusal = { patientId: string; kind: 'channel' | 'purpose'; value: string; refusedAt: Date }

/** What he refused on the telephone or at the desk. */
async function refusalsOf(ctx: Context, patientIds: readonly string[]): Promise<Known[]> {
  const { rows } = await sql<Refusal>`
    select patient_id, kind, value, refused_at from patients.refusal_cards where patient_id = any(${[...patientIds]}::uuid[])`.execute(
    ctx.db,
  )
  const sent = (await sentOf(ctx, 'Consent', patientIds)).flatMap((s) =>
    refusalsIn(s.resource).map((r) => ({ ...r, patientId: s.patientId })),
  )
  return rows.flatMap((r): Known[] => {
    if (sent.some((s) => s.refused && s.patientId === r.patientId && s.kind === r.kind && s.value === r.value)) return []
    const purpose = Object.keys(purposes).find((code) => purposes[code] === r.value)
    const what =
      r.kind === 'channel'
        ? { code: [{ coding: [{ system: CHANNELS, code: r.value }] }] }
        : { purpose: [purpose ? { system: `${TERMINOLOGY}/v3-ActReason`, code: purpose } : { code: r.value, display: r.value }] }
    return [
      {
        patientId: r.patientId,
        key: `${r.kind} ${r.value}`,
        resource: {
          resourceType: 'Consent',
          status: 'active',
          scope: coded('consentscope', 'patient-privacy'),
          category: [{ coding: [{ system: 'http://loinc.org', code: '59284-0' }] }],
          patient: { reference: `Patient/${r.patientId}` },
          ...at('dateTime', r.refusedAt),
          provision: { type: 'deny', ...what },
        },
      },
    ]
  })
}

/** What is known of patients of each of these types. */
const knowing = {
  AllergyIntolerance: allergiesOf,
  RelatedPerson: kinKnownOf,
  Condition: diagnosesOf,
  Observation: linesOf,
  Coverage: payersOf,
  Consent: refusalsOf,
}
export type KnownType = keyof typeof knowing

/** The ids under which what is known of a patient is shown. */
export async function knownIds(ctx: Context, type: KnownType, patientId: string): Promise<string[]> {
  return (await knowing[type](ctx, [patientId])).map((k) => knownId(k.patientId, k.key))
}

export const knownRooms = {
  AllergyIntolerance: knownRoom(allergiesOf, { judged: ['clinical-status', 'verification-status'], overlayOfPatients: allergiesToday }),
  RelatedPerson: knownRoom(kinKnownOf, { ownersOf: ownersOfPhone }),
  Condition: knownRoom(diagnosesOf),
  Observation: knownRoom(linesOf),
  Coverage: knownRoom(payersOf),
  Consent: knownRoom(refusalsOf),
}
