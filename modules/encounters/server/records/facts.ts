/** Who said it and under which number: the key of a record. One that comes again, by whatever door, is the same record. */
type Said = {
  /** The system that numbers it: a sender's id, a view's id, an assigning authority. */
  source: string
  /** Its number there: filler order number, document id, transaction id, appointment id. */
  number: string
  /** When the source said it: the latest word about a record wins, of two equal ones the later to arrive. */
  sourceAt: Date
  patientId: string
  /** The patient to whom the source's number was first given, where two files are one now; `patientId` where it is left out. */
  saidPatientId?: string
  /** The visit it belongs to (PV1-19), where it is said. It need not be known yet. */
  visitNumber?: string | null
  departmentCode?: string | null
  departmentName?: string | null
}

type Staff = { number?: string | null; name?: string | null }

export type ReportKind = 'laboratory' | 'imaging' | 'ecg' | 'endoscopy' | 'pathology' | 'anaesthesia' | 'other'
export type ReportStatus = 'registered' | 'preliminary' | 'final' | 'corrected' | 'cancelled'

/** One line of a report. `flag` as HL7 table 0078 has it: H, L, HH, LL, A, AA, N… */
export type ReportItemFact = {
  code: string | null
  name: string
  value: string | null
  /** The value as a number, where it is one: what a trend is drawn from. */
  amount: number | null
  unit: string | null
  range: string | null
  flag: string | null
  observedAt: Date | null
}

/** How sure a line is (HL7 table 0085). `mistaken`: it was never this patient's, and nothing of it may be shown. */
export type LineStatus = 'preliminary' | 'final' | 'corrected' | 'withdrawn' | 'mistaken'

/** A line of a report that comes in parts. `subId`: which one it is where several lines have one code. */
export type ReportLineFact = ReportItemFact & { subId: string | null; status: LineStatus }

/** What came of one panel of a report: its lines that are not named stay as they were, and so do the other panels. */
export type ReportPanelFact = {
  code: string
  status: ReportStatus
  title?: string | null
  findings?: string | null
  conclusion?: string | null
  lines: readonly ReportLineFact[]
}

/** A result or report of laboratory, imaging, ECG, endoscopy, pathology, anaesthesia. Left out: not said, keep; `null`: deleted. */
export type ReportFacts = Said & {
  is: 'report'
  kind: ReportKind
  status: ReportStatus
  title?: string | null
  code?: string | null
  orderNumber?: string | null
  /** Finds the study in the picture archive. */
  accessionNumber?: string | null
  studyUid?: string | null
  observedAt?: Date | null
  reportedAt?: Date | null
  author?: Staff | null
  findings?: string | null
  conclusion?: string | null
  /** The report as a whole is a critical value (危急值), where the source marks it so and not its lines. */
  isCritical?: boolean | null
  /** The whole list, in its order; what is not in it any more is gone. */
  items?: readonly ReportItemFact[]
  /** Instead of `items`, of a source that sends a report in several messages. Status, title, findings and conclusion are those of all panels. */
  panels?: readonly ReportPanelFact[]
  /** The report as a file: PDF, or a picture. */
  file?: RecordFile | null
  /** A page of the other system that shows it. */
  link?: string | null
}

export type RecordFile = { name: string; type: string; bytes: Buffer }

/** A document of the record: discharge summary, note, consent. */
export type DocumentFacts = Said & {
  is: 'document'
  status: 'current' | 'amended' | 'cancelled'
  /** The type as the source codes it, and in words. */
  code?: string | null
  title?: string | null
  writtenAt?: Date | null
  author?: Staff | null
  text?: string | null
  file?: RecordFile | null
  /** The number of the document it takes the place of. */
  replaces?: string | null
}

export type OrderKind = 'laboratory' | 'imaging' | 'medication' | 'nursing' | 'procedure' | 'other'

export type OrderFacts = Said & {
  is: 'order'
  kind: OrderKind
  status: 'active' | 'held' | 'stopped' | 'completed' | 'cancelled'
  name?: string | null
  code?: string | null
  orderedAt?: Date | null
  endsAt?: Date | null
  author?: Staff | null
  /** Dose, route and frequency, as the source words them. */
  instruction?: string | null
}

/** A charge, its credit or a payment. Amounts in cents of the hospital's currency; a credit is negative. */
export type ChargeFacts = Said & {
  is: 'charge'
  kind: 'charge' | 'credit' | 'payment' | 'total'
  status: 'current' | 'cancelled'
  name?: string | null
  code?: string | null
  /** The account it hangs on, where the hospital numbers accounts apart from visits: it leads to the visit where none is said. */
  accountNumber?: string | null
  quantity?: number | null
  amountCents?: number | null
  chargedAt?: Date | null
}

export type BookingStatus = 'booked' | 'arrived' | 'completed' | 'cancelled' | 'noShow'

/** An appointment at a clinic, an examination or an operation. Kept for the work with appointments; until then the time line shows it. */
export type BookingFacts = Said & {
  is: 'booking'
  status: BookingStatus
  name?: string | null
  reason?: string | null
  startsAt?: Date | null
  endsAt?: Date | null
  place?: string | null
  doctor?: Staff | null
}

/** An operation or procedure that was done (PR1, ICD-9-CM-3). */
export type ProcedureFacts = Said & {
  is: 'procedure'
  status: 'current' | 'cancelled'
  code?: string | null
  name?: string | null
  performedAt?: Date | null
  doctor?: Staff | null
  anaesthesia?: string | null
}

/** What a source says of one record of a patient. Each kind is kept and shown by `encounters`. */
export type RecordFacts = ReportFacts | DocumentFacts | OrderFacts | ChargeFacts | BookingFacts | ProcedureFacts
