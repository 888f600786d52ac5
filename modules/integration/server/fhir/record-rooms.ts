import type { Resource } from '@renxin/fhir'
import { cardRoom } from './card-room.ts'
import { about, at, concept, numbered, type Of } from './card-shapes.ts'

const SENT = "c.source not like 'FHIR %'" // what was sent by FHIR is there as it was sent
const where = { patient: 'patient_id', encounter: 'encounter_id', tokens: { identifier: 'number', code: 'code' } }

type Item = {
  code: string | null
  name: string
  value: string | null
  amount: number | null
  unit: string | null
  range: string | null
  flag: string | null
  observedAt: string | null
}
type Report = Of & {
  number: string
  kind: string
  status: string
  title: string | null
  code: string | null
  observedAt: Date | null
  reportedAt: Date | null
  findings: string | null
  conclusion: string | null
  items: Item[]
}
const reportCodes = { registered: 'registered', preliminary: 'preliminary', final: 'final', corrected: 'corrected', cancelled: 'cancelled' }
const categories: Readonly<Record<string, string>> = { laboratory: 'LAB', imaging: 'RAD', ecg: 'EC', pathology: 'PAT' }

/** The lines of a report stand in it, and are found as Observations by themselves too (`known-rooms.ts`). */
const observation = (r: Report, item: Item, index: number) => ({
  id: `i${index + 1}`,
  ...observationShape({ ...item, status: r.status }, r.patientId),
})

export type ReportLine = Omit<Item, 'observedAt'> & { status: string; observedAt: string | Date | null }

/** A line of a report as the standard says it, without an id. */
export const observationShape = (item: ReportLine, patientId: string) => ({
  resourceType: 'Observation',
  status: reportCodes[item.status as keyof typeof reportCodes] ?? 'final', // a check in the database holds these words
  code: concept(item.code, item.name),
  subject: { reference: `Patient/${patientId}` },
  ...(item.observedAt ? { effectiveDateTime: new Date(item.observedAt).toISOString() } : {}),
  ...(item.amount !== null
    ? { valueQuantity: { value: item.amount, ...(item.unit ? { unit: item.unit } : {}) } }
    : item.value
      ? { valueString: item.value }
      : {}),
  ...(item.flag
    ? { interpretation: [{ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation', code: item.flag }] }] }
    : {}),
  ...(item.range ? { referenceRange: [{ text: item.range }] } : {}),
})

const reports = cardRoom<Report>({
  view: 'encounters.report_cards',
  only: SENT,
  columns: `c.id, c.number, c.patient_id, c.encounter_id, c.kind, c.status, c.title, c.code, c.observed_at, c.reported_at, c.findings, c.conclusion,
    coalesce((select jsonb_agg(jsonb_build_object('code', i.code, 'name', i.name, 'value', i.value, 'amount', i.amount, 'unit', i.unit, 'range', i.range,
      'flag', i.flag, 'observedAt', i.observed_at) order by i.position) from encounters.report_item_cards i where i.report_id = c.id), '[]') as items`,
  ...where,
  dates: { date: 'observed_at', issued: 'reported_at' },
  codes: { status: { column: 'status', of: reportCodes } },
  show: (r): Resource => ({
    resourceType: 'DiagnosticReport',
    id: r.id,
    ...numbered(r.number, 'FILL'),
    status: reportCodes[r.status as keyof typeof reportCodes] ?? 'final', // as above
    ...(categories[r.kind]
      ? { category: [{ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v2-0074', code: categories[r.kind] }] }] }
      : {}),
    code: concept(r.code, r.title),
    ...about(r),
    ...at('effectiveDateTime', r.observedAt),
    ...at('issued', r.reportedAt),
    ...(r.items.length > 0
      ? { contained: r.items.map((item, i) => observation(r, item, i)), result: r.items.map((_, i) => ({ reference: `#i${i + 1}` })) }
      : {}),
    ...(r.findings || r.conclusion ? { conclusion: [r.findings, r.conclusion].filter(Boolean).join('\n') } : {}),
  }),
})

type Document = Of & {
  number: string
  status: string
  code: string | null
  title: string | null
  writtenAt: Date | null
  text: string | null
}
const documents = cardRoom<Document>({
  view: 'encounters.document_cards',
  only: SENT,
  columns: 'c.id, c.number, c.patient_id, c.encounter_id, c.status, c.code, c.title, c.written_at, c.text',
  ...where,
  tokens: { identifier: 'number', type: 'code' },
  dates: { date: 'written_at' },
  show: ({ encounterId, ...d }): Resource => ({
    resourceType: 'DocumentReference',
    id: d.id,
    ...numbered(d.number),
    status: d.status === 'cancelled' ? 'entered-in-error' : 'current',
    ...(d.status === 'amended' ? { docStatus: 'amended' } : {}),
    type: concept(d.code, d.title),
    subject: { reference: `Patient/${d.patientId}` },
    ...at('date', d.writtenAt),
    content: [
      {
        attachment: {
          contentType: 'text/plain; charset=utf-8',
          ...(d.title ? { title: d.title } : {}),
          ...(d.text ? { data: Buffer.from(d.text).toString('base64') } : {}),
        },
      },
    ],
    ...(encounterId ? { context: { encounter: [{ reference: `Encounter/${encounterId}` }] } } : {}),
  }),
})

type Order = Of & {
  number: string
  kind: string
  status: string
  name: string | null
  code: string | null
  orderedAt: Date | null
  instruction: string | null
}
const orderColumns = 'c.id, c.number, c.patient_id, c.encounter_id, c.kind, c.status, c.name, c.code, c.ordered_at, c.instruction'
const medicationCodes = { active: 'active', held: 'on-hold', stopped: 'stopped', completed: 'completed', cancelled: 'cancelled' }
const requestCodes = { active: 'active', held: 'on-hold', stopped: 'revoked', completed: 'completed', cancelled: 'entered-in-error' }
const medications = cardRoom<Order>({
  view: 'encounters.order_cards',
  only: `${SENT} and c.kind = 'medication'`,
  columns: orderColumns,
  ...where,
  dates: { authoredon: 'ordered_at' },
  codes: { status: { column: 'status', of: medicationCodes } },
  show: (o): Resource => ({
    resourceType: 'MedicationRequest',
    id: o.id,
    ...numbered(o.number, 'PLAC'),
    status: medicationCodes[o.status as keyof typeof medicationCodes] ?? 'unknown', // a check in the database holds these words
    intent: 'order',
    medicationCodeableConcept: concept(o.code, o.name),
    ...about(o),
    ...at('authoredOn', o.orderedAt),
    ...(o.instruction ? { dosageInstruction: [{ text: o.instruction }] } : {}),
  }),
})
const requests = cardRoom<Order>({
  view: 'encounters.order_cards',
  only: `${SENT} and c.kind <> 'medication'`,
  columns: orderColumns,
  ...where,
  dates: { authored: 'ordered_at' },
  codes: { status: { column: 'status', of: requestCodes } },
  show: (o): Resource => ({
    resourceType: 'ServiceRequest',
    id: o.id,
    ...numbered(o.number, 'PLAC'),
    status: requestCodes[o.status as keyof typeof requestCodes] ?? 'unknown', // as above
    intent: 'order',
    code: concept(o.code, o.name),
    ...about(o),
    ...at('authoredOn', o.orderedAt),
    ...(o.instruction ? { note: [{ text: o.instruction }] } : {}),
  }),
})

type Booking = Of & {
  number: string
  status: string
  name: string | null
  reason: string | null
  startsAt: Date | null
  endsAt: Date | null
  place: string | null
}
const bookingCodes = { booked: 'booked', arrived: 'arrived', completed: 'fulfilled', cancelled: 'cancelled', noShow: 'noshow' }
const bookings = cardRoom<Booking>({
  view: 'encounters.booking_cards',
  only: SENT,
  columns: 'c.id, c.number, c.patient_id, c.encounter_id, c.status, c.name, c.reason, c.starts_at, c.ends_at, c.place',
  patient: 'patient_id',
  tokens: { identifier: 'number' },
  dates: { date: 'starts_at' },
  codes: { status: { column: 'status', of: bookingCodes } },
  show: (b): Resource => ({
    resourceType: 'Appointment',
    id: b.id,
    ...numbered(b.number),
    status: bookingCodes[b.status as keyof typeof bookingCodes] ?? 'booked', // as above
    ...(b.name ? { serviceType: [{ text: b.name }] } : {}),
    ...(b.reason ? { reasonCode: [{ text: b.reason }] } : {}),
    ...at('start', b.startsAt),
    ...at('end', b.endsAt),
    participant: [
      { actor: { reference: `Patient/${b.patientId}` }, status: 'accepted' },
      ...(b.place ? [{ actor: { display: b.place }, status: 'accepted' }] : []),
    ],
  }),
})

type Procedure = Of & { number: string; status: string; code: string | null; name: string | null; performedAt: Date | null }
const procedures = cardRoom<Procedure>({
  view: 'encounters.procedure_cards',
  only: SENT,
  columns: 'c.id, c.number, c.patient_id, c.encounter_id, c.status, c.code, c.name, c.performed_at',
  ...where,
  dates: { date: 'performed_at' },
  show: (p): Resource => ({
    resourceType: 'Procedure',
    id: p.id,
    ...numbered(p.number),
    status: p.status === 'cancelled' ? 'entered-in-error' : 'completed',
    code: concept(p.code, p.name),
    ...about(p),
    ...at('performedDateTime', p.performedAt),
  }),
})

export const recordRooms = {
  DiagnosticReport: reports,
  DocumentReference: documents,
  MedicationRequest: medications,
  ServiceRequest: requests,
  Appointment: bookings,
  Procedure: procedures,
}
