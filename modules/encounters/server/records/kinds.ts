import type { LineStatus, ReportItemFact } from './facts.ts'

export type RecordKind = 'report' | 'document' | 'order' | 'charge' | 'booking' | 'procedure'

type ColumnType = 'text' | 'uuid' | 'timestamptz' | 'boolean' | 'bigint' | 'double precision' | 'jsonb'

/** What a line said before it said what it says now. */
export type FormerValue = { value: string; unit: string | null; flag: string | null; status: FormerStatus | null; saidAt: string }
type FormerStatus = Exclude<LineStatus, 'withdrawn' | 'mistaken'>

/** A line of a report as it is kept. `status` where it is not simply final; `former`: its other values, newest first. */
export type StoredItem = Omit<ReportItemFact, 'observedAt'> & {
  observedAt: string | null
  status?: Exclude<LineStatus, 'final' | 'mistaken'>
  former?: readonly FormerValue[]
}

export type Value = string | number | boolean | null | readonly StoredItem[]

type Shape = {
  table: string
  /** What may be said of such a record, each settled by itself. */
  columns: Readonly<Record<string, ColumnType>>
  /** The moment by which lists are ordered: the first of these that was said. */
  happened: readonly string[]
}

const common = { saidPatientId: 'uuid', visitNumber: 'text', departmentId: 'uuid', status: 'text' } as const
const file = { fileId: 'uuid', fileName: 'text', fileProblem: 'text' } as const

export const shapes: Readonly<Record<RecordKind, Shape>> = {
  report: {
    table: 'encounters.reports',
    columns: {
      ...common,
      kind: 'text',
      title: 'text',
      code: 'text',
      orderNumber: 'text',
      accessionNumber: 'text',
      studyUid: 'text',
      observedAt: 'timestamptz',
      reportedAt: 'timestamptz',
      authorId: 'uuid',
      findings: 'text',
      conclusion: 'text',
      isCritical: 'boolean',
      items: 'jsonb',
      link: 'text',
      ...file,
    },
    happened: ['observedAt', 'reportedAt'],
  },
  document: {
    table: 'encounters.documents',
    columns: {
      ...common,
      code: 'text',
      title: 'text',
      writtenAt: 'timestamptz',
      authorId: 'uuid',
      text: 'text',
      replaces: 'text',
      ...file,
    },
    happened: ['writtenAt'],
  },
  order: {
    table: 'encounters.orders',
    columns: {
      ...common,
      kind: 'text',
      name: 'text',
      code: 'text',
      orderedAt: 'timestamptz',
      endsAt: 'timestamptz',
      authorId: 'uuid',
      instruction: 'text',
    },
    happened: ['orderedAt'],
  },
  charge: {
    table: 'encounters.charges',
    columns: {
      ...common,
      kind: 'text',
      name: 'text',
      code: 'text',
      accountNumber: 'text',
      quantity: 'double precision',
      amountCents: 'bigint',
      chargedAt: 'timestamptz',
    },
    happened: ['chargedAt'],
  },
  booking: {
    table: 'encounters.bookings',
    columns: {
      ...common,
      name: 'text',
      reason: 'text',
      startsAt: 'timestamptz',
      endsAt: 'timestamptz',
      place: 'text',
      doctorId: 'uuid',
    },
    happened: ['startsAt'],
  },
  procedure: {
    table: 'encounters.procedures',
    columns: { ...common, code: 'text', name: 'text', performedAt: 'timestamptz', doctorId: 'uuid', anaesthesia: 'text' },
    happened: ['performedAt'],
  },
}
