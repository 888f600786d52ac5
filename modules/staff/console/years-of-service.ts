import { yearsBetween } from '@renxin/kernel'
import { today } from '@renxin/ui'
import { words } from '../words.ts'

/** How long somebody has worked here, `8 年`; nothing where it is not known. */
export function yearsOfService(startedOn: string | null): string | null {
  if (startedOn === null) return null
  const years = yearsBetween(startedOn, today())
  return years < 1 ? words.lessThanYear : words.years({ n: years })
}
