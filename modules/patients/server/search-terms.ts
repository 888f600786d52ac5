import type { Context } from '@renxin/server'
import { checkIdentityCard } from '../person/identity-card.ts'
import { cleanPhone } from '../person/phone.ts'
import { documentIndex, documentNumber, phoneIndex, wholeNumber } from './fold.ts'
import { keyOf } from './search-keys.ts'

export type Term = { key: string; phone?: Buffer; identityCard?: Buffer; lastFour?: string }

const MOST_TERMS = 4

/** What somebody typed into the search box as terms, the one that meets the fewest people first. */
export function termsOf(ctx: Pick<Context, 'keys'>, typed: string, areaCode?: string): Term[] {
  const plain = typed.normalize('NFKC').trim()
  const joined = plain.replace(/[\s-]/g, '')
  // A number that was typed in groups is one term, and so are initials with spaces between.
  const isOneNumber = /^(?:\+?86)?1[3-9]\d{9}$|^0\d{9,11}$|^\d{15}$|^\d{17}[\dx]$/i.test(joined)
  const areInitials = /^[a-z](?:\s+[a-z])+$/i.test(plain)
  const parts = isOneNumber || areInitials ? [joined] : plain.split(/\s+/).slice(0, MOST_TERMS)
  return parts
    .map((part) => termOf(ctx, part, areaCode))
    .filter((t) => t.key !== '')
    .sort((a, b) => reachOf(a) - reachOf(b))
}

function termOf(ctx: Pick<Context, 'keys'>, part: string, areaCode: string | undefined): Term {
  const digits = part.replace(/\D/g, '')
  const phone = digits.length >= 7 ? cleanPhone(part, areaCode) : undefined
  const isCard = /^\d{15}$|^\d{17}[\dx]$/i.test(part) || checkIdentityCard(part).isValid
  return {
    key: keyOf(part),
    ...(phone ? { phone: phoneIndex(ctx, wholeNumber(phone)) } : {}),
    ...(isCard ? { identityCard: documentIndex(ctx, documentNumber(part)) } : {}),
    ...(/^\d{3}[\dx]$/i.test(part) ? { lastFour: part.toUpperCase() } : {}),
  }
}

/** A guess at how many people a term meets. */
function reachOf(term: Term): number {
  if (term.phone || term.identityCard) return 0
  if (term.lastFour) return 2
  const length = Array.from(term.key).length
  return /\p{Script=Han}/u.test(term.key) ? 4 - Math.min(length, 3) : 9 - Math.min(length, 8)
}
