import { today } from '@renxin/ui'
import { words } from '../words.ts'

/** Whole years from the first day of work to today. */
export function yearsSince(startedOn: string, on: string = today()): number {
  const years = Number(on.slice(0, 4)) - Number(startedOn.slice(0, 4))
  return on.slice(5) < startedOn.slice(5) ? years - 1 : years
}

/** How long somebody has worked here, `8 年`; nothing where it is not known. */
export function seniorityText(startedOn: string | null): string | null {
  if (startedOn === null) return null
  const years = yearsSince(startedOn)
  return years < 1 ? words.lessThanYear : words.years({ n: years })
}
