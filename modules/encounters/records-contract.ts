import { contract, cursor, defineErrors, get, localDate, moment, page } from '@renxin/kernel'
import { z } from 'zod'

export const ReportKind = z.enum(['laboratory', 'imaging', 'ecg', 'endoscopy', 'pathology', 'anaesthesia', 'other'])
export type ReportKind = z.infer<typeof ReportKind>

const Named = z.object({ id: z.uuid(), name: z.string() })
const FileProblem = z.enum(['tooLarge', 'unknownType'])

/** What every record has. */
const record = {
  id: z.uuid(),
  patientId: z.uuid(),
  encounterId: z.uuid().nullable(), // of a visit that is known here
  visitNumber: z.string().nullable(),
  source: z.string(),
  number: z.string(),
  department: Named.nullable(),
  happenedAt: moment, // when it was observed, written, ordered or booked for: the order of the list
}

export const ReportCard = z.object({
  ...record,
  kind: ReportKind,
  status: z.enum(['registered', 'preliminary', 'final', 'corrected', 'cancelled']),
  title: z.string().nullable(),
  author: Named.nullable(),
  reportedAt: moment.nullable(),
  findings: z.string().nullable(),
  conclusion: z.string().nullable(),
  isCritical: z.boolean(), // a value beyond the panic limits, or the whole report marked so
  items: z.int(),
  abnormalItems: z.int(),
  accessionNumber: z.string().nullable(),
  link: z.string().nullable(), // a page of the other system, http or https
  hasFile: z.boolean(),
  fileName: z.string().nullable(),
  fileProblem: FileProblem.nullable(), // the file that was sent and could not be kept
})
export type ReportCard = z.infer<typeof ReportCard>

/** How a value stands to its limits: `HH` and `LL` are critical, `A` and `AA` have no direction. */
export const Mark = z.enum(['H', 'L', 'HH', 'LL', 'A', 'AA'])
export type Mark = z.infer<typeof Mark>

/** What a line said before: another message of the laboratory took its place. */
const FormerValue = z.object({
  value: z.string(),
  unit: z.string().nullable(),
  mark: Mark.nullable(),
  status: z.enum(['preliminary', 'final', 'corrected']).nullable(),
  saidAt: moment,
})
export type FormerValue = z.infer<typeof FormerValue>

const ReportItem = z.object({
  code: z.string().nullable(),
  name: z.string(),
  value: z.string().nullable(),
  amount: z.number().nullable(),
  unit: z.string().nullable(),
  range: z.string().nullable(),
  mark: Mark.nullable(),
  flag: z.string().nullable(), // as the source has it
  observedAt: moment.nullable(),
  status: z.enum(['preliminary', 'corrected', 'withdrawn']).nullable(), // null: final, or nothing is said
  former: z.array(FormerValue), // newest first
})
export type ReportItem = z.infer<typeof ReportItem>

export const ReportFile = ReportCard.extend({
  lines: z.array(ReportItem),
  hasImages: z.boolean(), // it names a study, and the hospital has an image archive
})
export type ReportFile = z.infer<typeof ReportFile>

const Cell = z.object({ value: z.string().nullable(), mark: Mark.nullable(), at: moment, reportId: z.uuid() })
export type Cell = z.infer<typeof Cell>

/** What a patient's laboratory said, one row for each analyte, the latest days in columns. */
export const ResultTable = z.object({
  patientId: z.uuid(),
  days: z.array(localDate), // newest first
  analytes: z.array(
    z.object({
      analyte: z.string(),
      name: z.string(),
      unit: z.string().nullable(),
      range: z.string().nullable(),
      group: z.string().nullable(), // the title of the report that measured it last
      latest: Cell,
      cells: z.array(Cell.nullable()), // one for each day; of several on a day the latest
      hasTrend: z.boolean(),
    }),
  ),
})
export type ResultTable = z.infer<typeof ResultTable>
export type AnalyteRow = ResultTable['analytes'][number]

export const Trend = z.object({
  patientId: z.uuid(),
  analyte: z.string(),
  name: z.string(),
  unit: z.string().nullable(),
  low: z.number().nullable(), // of the reference range that was said last
  high: z.number().nullable(),
  points: z.array(z.object({ at: moment, amount: z.number(), value: z.string().nullable(), mark: Mark.nullable() })), // oldest first
})
export type Trend = z.infer<typeof Trend>

export const DocumentCard = z.object({
  ...record,
  status: z.enum(['current', 'amended', 'cancelled']),
  isReplaced: z.boolean(), // another document took its place
  title: z.string().nullable(),
  code: z.string().nullable(),
  author: Named.nullable(),
  hasText: z.boolean(),
  hasFile: z.boolean(),
  fileName: z.string().nullable(),
  fileProblem: FileProblem.nullable(),
})
export type DocumentCard = z.infer<typeof DocumentCard>

export const DocumentFile = DocumentCard.extend({ text: z.string().nullable() })
export type DocumentFile = z.infer<typeof DocumentFile>

export const OrderCard = z.object({
  ...record,
  kind: z.enum(['laboratory', 'imaging', 'medication', 'nursing', 'procedure', 'other']),
  status: z.enum(['active', 'held', 'stopped', 'completed', 'cancelled']),
  name: z.string().nullable(),
  instruction: z.string().nullable(),
  author: Named.nullable(),
  endsAt: moment.nullable(),
})
export type OrderCard = z.infer<typeof OrderCard>

export const ChargeKind = z.enum(['charge', 'credit', 'payment', 'total'])

export const ChargeCard = z.object({
  ...record,
  kind: ChargeKind,
  status: z.enum(['current', 'cancelled']),
  name: z.string().nullable(),
  quantity: z.number().nullable(),
  amountCents: z.int().nullable(),
})
export type ChargeCard = z.infer<typeof ChargeCard>

export const BookingCard = z.object({
  ...record,
  status: z.enum(['booked', 'arrived', 'completed', 'cancelled', 'noShow']),
  name: z.string().nullable(),
  reason: z.string().nullable(),
  endsAt: moment.nullable(),
  place: z.string().nullable(),
  doctor: Named.nullable(),
})
export type BookingCard = z.infer<typeof BookingCard>

export const ProcedureCard = z.object({
  ...record,
  status: z.enum(['current', 'cancelled']),
  name: z.string().nullable(),
  code: z.string().nullable(),
  doctor: Named.nullable(),
  anaesthesia: z.string().nullable(),
})
export type ProcedureCard = z.infer<typeof ProcedureCard>

/** What a check-up measured, beside what the one before it had found. */
export const CheckUpItem = ReportItem.extend({
  reportId: z.uuid(),
  group: z.string().nullable(), // the title of the report
  before: z.object({ value: z.string().nullable(), mark: Mark.nullable(), at: moment }).nullable(),
})
export type CheckUpItem = z.infer<typeof CheckUpItem>

/** One check-up of a person: what was concluded, and what lay outside its limits. */
export const CheckUp = z.object({
  id: z.uuid(), // of the visit
  patientId: z.uuid(),
  number: z.string(),
  at: moment,
  department: Named.nullable(),
  conclusion: z.string().nullable(), // of the whole check-up, as its doctor summed it up
  findings: z.array(z.object({ reportId: z.uuid(), title: z.string().nullable(), conclusion: z.string() })), // of its examinations
  items: z.int(),
  abnormal: z.array(CheckUpItem),
})
export type CheckUp = z.infer<typeof CheckUp>

/** How much there is of each kind, and the critical values of the last thirty days. */
export const RecordCounts = z.object({
  patientId: z.uuid(),
  laboratory: z.int(),
  examinations: z.int(),
  documents: z.int(),
  orders: z.int(),
  charges: z.int(),
  bookings: z.int(),
  procedures: z.int(),
  critical: z.array(z.object({ reportId: z.uuid(), at: moment, title: z.string().nullable() })),
})
export type RecordCounts = z.infer<typeof RecordCounts>

const ofPatient = { patientId: z.uuid(), encounterId: z.uuid().optional() }
const one = z.object({ id: z.uuid() })
const listed = z.object({ ...ofPatient, ...cursor })

export const recordsApi = contract('encounters', {
  recordCounts: get('/patients/:patientId/record-counts', {
    may: 'encounters.read',
    about: 'patientId',
    input: z.object(ofPatient),
    reply: RecordCounts,
  }),
  reports: get('/patients/:patientId/reports', {
    may: 'encounters.results',
    about: 'patientId',
    input: z.object({ ...ofPatient, group: z.enum(['laboratory', 'examinations']).optional(), kind: ReportKind.optional(), ...cursor }),
    reply: page(ReportCard),
  }),
  checkUps: get('/patients/:patientId/check-ups', {
    may: 'encounters.results',
    about: 'patientId',
    input: z.object({ patientId: z.uuid(), encounterId: z.uuid().optional(), ...cursor }),
    reply: page(CheckUp),
  }),
  report: get('/reports/:id', { may: 'encounters.results', about: 'patientId', input: one, reply: ReportFile }),
  reportFile: get('/reports/:id/file', { may: 'encounters.results', input: one, file: 'application/octet-stream', reply: z.unknown() }),
  results: get('/patients/:patientId/results', {
    may: 'encounters.results',
    about: 'patientId',
    input: z.object({ ...ofPatient, days: z.coerce.number().int().min(1).max(30).default(6) }),
    reply: ResultTable,
  }),
  trend: get('/patients/:patientId/trend', {
    may: 'encounters.results',
    about: 'patientId',
    input: z.object({ patientId: z.uuid(), analyte: z.string().min(1).max(200) }),
    reply: Trend,
  }),
  documents: get('/patients/:patientId/documents', {
    may: 'encounters.results',
    about: 'patientId',
    input: listed,
    reply: page(DocumentCard),
  }),
  document: get('/documents/:id', { may: 'encounters.results', about: 'patientId', input: one, reply: DocumentFile }),
  documentFile: get('/documents/:id/file', { may: 'encounters.results', input: one, file: 'application/octet-stream', reply: z.unknown() }),
  orders: get('/patients/:patientId/orders', { may: 'encounters.read', about: 'patientId', input: listed, reply: page(OrderCard) }),
  charges: get('/patients/:patientId/charges', { may: 'encounters.read', about: 'patientId', input: listed, reply: page(ChargeCard) }),
  chargeTotals: get('/patients/:patientId/charge-totals', {
    may: 'encounters.read',
    about: 'patientId',
    input: z.object(ofPatient),
    reply: z.object({ patientId: z.uuid(), totals: z.array(z.object({ kind: ChargeKind, count: z.int(), amountCents: z.int() })) }),
  }),
  bookings: get('/patients/:patientId/bookings', { may: 'encounters.read', about: 'patientId', input: listed, reply: page(BookingCard) }),
  procedures: get('/patients/:patientId/procedures', {
    may: 'encounters.read',
    about: 'patientId',
    input: listed,
    reply: page(ProcedureCard),
  }),
})

export const recordErrors = defineErrors('encounters', { recordNotFound: 'not_found', noFile: 'not_found' })
