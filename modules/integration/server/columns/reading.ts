import type { OwnField } from '../own-fields.ts'
import type { Cells } from './cells.ts'
import type { Codes } from './codes.ts'

/** What was taken from a row when it was last read, as far as the next reading has to know it. */
export type RowMemory = { stage?: Stage; place?: string; said?: string[] }
export type Stage = 'admitted' | 'discharged' | 'cancelled'

export type ReadOptions = {
  zone: string
  codes: Codes
  /** When the row was read: the moment of what it says, where the row has no time of its own. */
  readAt: Date
  /** Who numbers the patients, as HL7 messages of the same hospital say it in PID-3.4. */
  authority?: string
  /** Of whom reports are: the source's id. */
  source?: string
  /** The hospital's own fields that such a row can say. */
  own?: readonly OwnField[]
  /** The same row as it was taken before. */
  before?: RowMemory | undefined
}

export type Setting = ReadOptions & { sourceAt: Date; isDeleted: boolean; memory: RowMemory }

export function staffOf(cells: Cells, role: 'attending' | 'nurse' | 'author') {
  const [number, name] = [cells.number(`${role}Number`), cells.text(`${role}Name`)]
  return number || name ? { number: number ?? null, name: name ?? null } : undefined
}

/** Without the keys that say nothing. */
export function said<T extends object>(facts: T): T {
  const out: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(facts)) if (value !== undefined) out[key] = value
  return out as T // the same keys, fewer of them
}
