import { type RecordKind, type StoredItem, shapes, type Value } from './kinds.ts'

/** What one source said at one moment of one record: the fields that it named, and no others. */
export type Statement = { is: RecordKind; source: string; number: string; sourceAt: Date; said: Readonly<Record<string, Value>> }

/** A record as it stands: its fields, and when each was last said. */
export type RecordState = { values: Record<string, Value>; saidAt: Record<string, number> }

export function newRecord(is: RecordKind): RecordState {
  const fields = Object.entries(shapes[is].columns).map(([field, type]) => [field, type === 'jsonb' ? [] : null])
  return { values: Object.fromEntries(fields), saidAt: {} }
}

/**
 * Lets a record hear one statement more. Each field goes by the latest word of the source, of two equal ones the later to arrive: so a record ends in
 * the same state whatever way its statements came, and a repetition changes nothing.
 */
export function hear(record: RecordState, { sourceAt, said }: Statement): void {
  const at = sourceAt.getTime()
  for (const [field, value] of Object.entries(said)) {
    const before = record.saidAt[field]
    if (before !== undefined && before > at) continue
    record.values[field] = value
    record.saidAt[field] = at
  }
}

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
  const items = Array.isArray(values.items) ? (values.items as readonly StoredItem[]) : [] // the only list among the values
  const found = items.filter(isCriticalItem).map((i) => [JSON.stringify([analyteOf(i), i.value]), i.code] as const)
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
