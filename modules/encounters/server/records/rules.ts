import { type RecordKind, type StoredItem, shapes, type Value } from './kinds.ts'
import {
  hearPanels,
  hearWhole,
  isToldOnce,
  itemsOf,
  panelFields,
  partsOfOnce,
  type ReportParts,
  type StoredPanel,
  togetherSaid,
} from './lines.ts'

/** What one source said at one moment of one record: the fields that it named, and no others. */
export type Statement = {
  is: RecordKind
  source: string
  number: string
  sourceAt: Date
  said: Readonly<Record<string, Value>>
  /** Of a report that comes in parts. */
  panels?: readonly StoredPanel[]
}

/** A record as it stands: its fields, and when each was last said. `parts`: what the lines of a report are reckoned from. */
export type RecordState = { values: Record<string, Value>; saidAt: Record<string, number>; parts?: ReportParts }

export function newRecord(is: RecordKind): RecordState {
  const fields = Object.entries(shapes[is].columns).map(([field, type]) => [field, type === 'jsonb' ? [] : null])
  return { values: Object.fromEntries(fields), saidAt: {} }
}

/**
 * Lets a record hear one statement more. Each field goes by the latest word of the source, of two equal ones the later to arrive: so a record ends in
 * the same state whatever way its statements came, and a repetition changes nothing.
 */
export function hear(record: RecordState, { is, sourceAt, said, panels }: Statement): void {
  const at = sourceAt.getTime()
  for (const [field, value] of Object.entries(said)) {
    const isOfParts = is === 'report' && (field === 'items' || (panels !== undefined && panelFields.some((f) => f === field)))
    const before = record.saidAt[field]
    const known = is === 'report' && field === 'kind' ? record.values.kind : null
    if (isOfParts || (known !== null && known !== 'other' && value === 'other')) continue // a comment alone does not show of what it is
    if (before !== undefined && before > at && !(known === 'other' && value !== 'other')) continue
    record.values[field] = value
    record.saidAt[field] = at
  }
  if (is === 'report' && (said.items !== undefined || panels)) hearParts(record, at, { items: linesIn(said.items), panels })
}

type SaidParts = { items: readonly StoredItem[] | undefined; panels: readonly StoredPanel[] | undefined }

function hearParts(record: RecordState, at: number, { items, panels }: SaidParts): void {
  const parts = record.parts ?? partsOfOnce(linesIn(record.values.items) ?? [], record.saidAt.items)
  if (items) hearWhole(parts, at, items)
  if (panels) hearPanels(parts, at, panels)
  if (isToldOnce(parts)) delete record.parts
  else record.parts = parts
  record.values.items = itemsOf(parts)
  record.saidAt.items = Math.max(at, record.saidAt.items ?? at)
  for (const field of panelFields) {
    const together = togetherSaid(parts, field)
    if (!together || together.at < (record.saidAt[field] ?? together.at)) continue
    record.values[field] = together.value
    record.saidAt[field] = together.at
  }
}

/** `null` is an empty list. */
const linesIn = (value: Value | undefined): readonly StoredItem[] | undefined =>
  value === undefined ? undefined : Array.isArray(value) ? (value as readonly StoredItem[]) : [] // the only list among the values

/** Where a record stands in lists; a status is said each time, so that its moment is that of the last word. */
export function happenedAt(is: RecordKind, { values, saidAt }: RecordState): string {
  for (const field of shapes[is].happened) {
    const at = values[field]
    if (typeof at === 'string') return at
  }
  return new Date(saidAt.status ?? 0).toISOString()
}

/** HL7 table 0078: beyond the panic limits, or critically abnormal where there are no limits. */
const criticalFlags = new Set(['HH', 'LL', 'AA'])

export const isCriticalItem = (item: Pick<StoredItem, 'flag'>): boolean => criticalFlags.has(item.flag ?? '')

/** What an item measures: by its code, else by its name. */
export const analyteOf = (item: Pick<StoredItem, 'code' | 'name'>): string => item.code || item.name

/** The critical values that a report tells of, each with its value, so that another value of the same analyte is another. */
export function criticalValues({ values }: Pick<RecordState, 'values'>): Map<string, string | null> {
  if (values.status === 'cancelled' || values.status === null) return new Map()
  const found = (linesIn(values.items) ?? []).filter(isCriticalItem).map((i) => [JSON.stringify([analyteOf(i), i.value]), i.code] as const)
  if (found.length === 0 && values.isCritical === true) return new Map([['report', null]])
  return new Map(found)
}

export type BookingNews = 'made' | 'changed' | 'cancelled'

const isKept = (status: Value | undefined) => status === 'booked' || status === 'arrived' || status === 'completed'
const bookedFields = ['startsAt', 'endsAt', 'place', 'doctorId', 'departmentId', 'name', 'saidPatientId']

/** What has really changed of an appointment for those who listen. */
export function bookingNews(before: RecordState | undefined, after: RecordState): BookingNews | undefined {
  const [was, is] = [isKept(before?.values.status), isKept(after.values.status)]
  if (!was && is) return 'made'
  if (was && !is) return 'cancelled'
  return is && bookedFields.some((f) => before?.values[f] !== after.values[f]) ? 'changed' : undefined
}
