import type { LocalDate } from '@renxin/kernel'

export type IdentityCard = { number: string; isValid: boolean; birthOn: LocalDate | null; sex: 'male' | 'female' | null }

const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2] // GB 11643-1999, 4.2
const checkDigits = '10X98765432'

/** Plain digits and capital X, whatever width or spacing they came in. */
export const cleanIdentityCard = (text: string): string =>
  text
    .normalize('NFKC')
    .replace(/[\s\p{Dash}]/gu, '')
    .toUpperCase()

/**
 * Reads a resident identity card number (GB 11643), eighteen characters or the old fifteen, and the residence permits of the same form. The check digit decides;
 * the division does not: it is that of the first registration, may be long abolished, and is 00 in samples.
 * Text that is no such number is kept and is not valid: a passport is a document too.
 */
export function checkIdentityCard(text: string): IdentityCard {
  const number = cleanIdentityCard(text)
  const isLong = /^\d{17}[\dX]$/.test(number)
  if (!isLong && !/^\d{15}$/.test(number)) return { number, isValid: false, birthOn: null, sex: null }
  const birthOn = dayOf(isLong ? number.slice(6, 14) : `19${number.slice(6, 12)}`)
  const order = Number(isLong ? number.slice(14, 17) : number.slice(12, 15))
  const isValid = birthOn !== null && (!isLong || checkDigitOf(number) === number[17])
  return { number, isValid, birthOn: isValid ? birthOn : null, sex: isValid ? (order % 2 === 1 ? 'male' : 'female') : null }
}

export function checkDigitOf(number: string): string | undefined {
  const sum = weights.reduce((total, weight, i) => total + weight * Number(number[i]), 0)
  return checkDigits[sum % 11]
}

/** The same person's number in its eighteen-character form, so that both forms find each other. */
export function longForm(number: string): string {
  if (!/^\d{15}$/.test(number)) return number
  const body = `${number.slice(0, 6)}19${number.slice(6)}`
  return body + checkDigitOf(body)
}

function dayOf(digits: string): LocalDate | null {
  const day = `${digits.slice(0, 4)}-${digits.slice(4, 6)}-${digits.slice(6, 8)}`
  const at = new Date(`${day}T00:00:00Z`)
  return Number.isNaN(at.getTime()) || at.toISOString().slice(0, 10) !== day || digits < '18500101' ? null : day
}
