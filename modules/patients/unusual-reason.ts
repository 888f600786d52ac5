import type { UnusualReason } from './unusual-contract.ts'
import { words } from './words.ts'

/** Why a look is told of, as a sentence. */
export function reasonText(reason: UnusualReason): string {
  const t = words.unusual.reasons
  switch (reason.by) {
    case 'surname':
      return t.surname[reason.shares]
    case 'night':
      return t.night({ nights: reason.nights, days: reason.days })
    case 'ownHistory':
    case 'peers':
      return t[reason.by]({ seen: reason.seen, median: reason.median, limit: reason.limit, days: reason.days })
    default:
      return t[reason.by]
  }
}
