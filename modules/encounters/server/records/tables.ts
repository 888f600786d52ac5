import type { BookingStatus, ChargeFacts, DocumentFacts, OrderFacts, OrderKind, ProcedureFacts, ReportKind, ReportStatus } from './facts.ts'
import type { StoredItem } from './kinds.ts'

/** What every record has. A visit that is not known yet has a number and no encounter. */
type Card = {
  id: string
  source: string
  number: string
  patientId: string
  encounterId: string | null
  visitNumber: string | null
  departmentId: string | null
  happenedAt: Date
  changedAt: Date
}

type FileColumns = { fileId: string | null; fileName: string | null }

type ReportCard = Card &
  FileColumns & {
    kind: ReportKind
    status: ReportStatus
    title: string | null
    code: string | null
    orderNumber: string | null
    accessionNumber: string | null
    studyUid: string | null
    observedAt: Date | null
    reportedAt: Date | null
    authorId: string | null
    findings: string | null
    conclusion: string | null
    isCritical: boolean | null
    link: string | null
  }

type ItemCard = Omit<StoredItem, 'observedAt'> & {
  reportId: string
  position: number
  patientId: string
  reportStatus: ReportStatus
  observedAt: Date
  changedAt: Date
}

type DocumentCard = Card &
  FileColumns & {
    status: DocumentFacts['status']
    code: string | null
    title: string | null
    writtenAt: Date | null
    authorId: string | null
    text: string | null
    replaces: string | null
  }

type OrderCard = Card & {
  kind: OrderKind
  status: OrderFacts['status']
  name: string | null
  code: string | null
  orderedAt: Date | null
  endsAt: Date | null
  authorId: string | null
  instruction: string | null
}

type ChargeCard = Card & {
  kind: ChargeFacts['kind']
  status: ChargeFacts['status']
  name: string | null
  code: string | null
  accountNumber: string | null
  quantity: number | null
  amountCents: number | null
  chargedAt: Date | null
}

type BookingCard = Card & {
  status: BookingStatus
  name: string | null
  reason: string | null
  startsAt: Date | null
  endsAt: Date | null
  place: string | null
  doctorId: string | null
}

type ProcedureCard = Card & {
  status: ProcedureFacts['status']
  code: string | null
  name: string | null
  performedAt: Date | null
  doctorId: string | null
  anaesthesia: string | null
}

/** What other modules may join. */
export type RecordViews = {
  'encounters.reportCards': ReportCard
  'encounters.reportItemCards': ItemCard
  'encounters.documentCards': DocumentCard
  'encounters.orderCards': OrderCard
  'encounters.chargeCards': ChargeCard
  'encounters.bookingCards': BookingCard
  'encounters.procedureCards': ProcedureCard
}

type Stored<C extends Card> = Omit<C, 'encounterId'> & { saidPatientId: string; saidAt: Record<string, number> }
type WithFile = { fileProblem: 'tooLarge' | 'unknownType' | null }

export type RecordTables = {
  'encounters.reports': Stored<ReportCard> & WithFile & { items: StoredItem[]; hasCritical: boolean }
  'encounters.documents': Stored<DocumentCard> & WithFile
  'encounters.orders': Stored<OrderCard>
  'encounters.charges': Stored<ChargeCard>
  'encounters.bookings': Stored<BookingCard>
  'encounters.procedures': Stored<ProcedureCard>
}
