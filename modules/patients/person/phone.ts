export const phoneKinds = ['mobile', 'landline', 'service', 'foreign', 'other'] as const
type PhoneKind = (typeof phoneKinds)[number]

/**
 * `number` is how it is kept and compared: `13800138000`, `0510-12345678`, `4008001234`, `+85291234567`.
 * `mayContact` is false where the number reaches no person: a SIM card of a device, a call centre.
 */
export type Phone = { number: string; extension: string | null; kind: PhoneKind; mayContact: boolean }

const threeDigitAreas = /^0(?:10|2[0-57-9])/
const landline = /^(0(?:10|2[0-57-9]))(\d{8})$|^(0[3-9]\d{2})(\d{7,8})$/

/** Reads what people and systems write into a phone field; `undefined` where it is no phone number. `areaCode` is that of the hospital, `0510`. */
export function cleanPhone(text: string, areaCode?: string): Phone | undefined {
  const plain = text.normalize('NFKC').trim()
  const [head = '', tail] = splitExtension(plain)
  const extension = tail ?? null
  const isForeign = /^\s*(?:\+|00)(?!86|\s*86)/.test(head.replace(/[^\d+]/g, ''))
  const digits = head.replace(/\D/g, '')
  if (isForeign && /^(?:00)?[1-9]\d{6,14}$/.test(digits)) {
    return { number: `+${digits.replace(/^00/, '')}`, extension, kind: 'foreign', mayContact: true }
  }
  const local = withoutCountry(digits)

  const mobile = /^0?(1[3-9]\d{9})$/.exec(local)?.[1]
  if (mobile) return { number: mobile, extension, kind: 'mobile', mayContact: true }
  if (/^14[0-4]\d{10}$/.test(local)) return { number: local, extension: null, kind: 'other', mayContact: false } // a device on the network
  if (/^[48]00\d{7}$/.test(local)) return { number: local, extension, kind: 'service', mayContact: false }
  if (/^(?:95\d{3,6}|12[03]\d{2}|1[012]\d)$/.test(local)) return { number: local, extension: null, kind: 'service', mayContact: false }

  const line = landlineOf(local) ?? (areaCode && /^\d{7,8}$/.test(local) ? landlineOf(areaCode + local) : undefined)
  if (line) return { number: line, extension, kind: 'landline', mayContact: true }
  if (/^[2-8]\d{6,7}$/.test(local)) return { number: local, extension, kind: 'landline', mayContact: true }
  return undefined
}

/** The whole number for a person to read: `138 0013 8000`, `0510-1234 5678`. */
export function formatPhone(number: string): string {
  if (/^1[3-9]\d{9}$/.test(number)) return `${number.slice(0, 3)} ${number.slice(3, 7)} ${number.slice(7)}`
  const line = /^(0\d{2,3})-(\d{3,4})(\d{4})(.*)$/.exec(number)
  if (line) return `${line[1]}-${line[2]} ${line[3]}${line[4]}`
  if (/^[48]00\d{7}$/.test(number)) return `${number.slice(0, 3)}-${number.slice(3, 6)}-${number.slice(6)}`
  return number
}

/** `138****8000`, `0510-****5678`. A number of the public is nobody's secret. */
export function maskPhone(number: string): string {
  if (/^1[3-9]\d{9}$/.test(number)) return `${number.slice(0, 3)}****${number.slice(7)}`
  const line = /^(0\d{2,3})-(\d{3,4})(\d{4})/.exec(number)
  if (line) return `${line[1]}-****${line[3]}`
  if (/^(?:[48]00\d{7}|\d{3,6})$/.test(number)) return number
  return `****${number.slice(-4)}`
}

/** What a person may recall of a number: its last four digits, without the extension. */
export const lastFourOf = (number: string): string => (number.split('#')[0] ?? '').replace(/\D/g, '').slice(-4)

/** `12345678-801`, `12345678转801`, `12345678 ext. 801`: a dash cuts only where what is before it is whole. */
function splitExtension(text: string): [string, string | undefined] {
  const said = /^(.*?\d)\s*(?:转|分机|ext\.?|x|#)\s*:?\s*(\d{1,6})\D*$/iu.exec(text)
  if (said) return [said[1] ?? '', said[2]]
  const dashed = /^(.*\d)\s*\p{Dash}\s*(\d{1,5})$/u.exec(text)
  const head = dashed?.[1]?.replace(/\D/g, '') ?? ''
  return dashed && landline.test(withoutCountry(head)) ? [dashed[1] ?? '', dashed[2]] : [text, undefined]
}

/** `+86`, `86`, `0086` before a number; after the country code an area code has no 0. */
function withoutCountry(digits: string): string {
  const rest = /^(?:00)?86(\d{9,12})$/.exec(digits)?.[1]
  if (!rest) return digits
  if (/^0/.test(rest) || /^1[3-9]\d{9}$/.test(rest)) return rest
  return landline.test(`0${rest}`) ? `0${rest}` : rest
}

function landlineOf(digits: string): string | undefined {
  if (!landline.test(digits)) return undefined
  const area = threeDigitAreas.test(digits) ? 3 : 4
  return `${digits.slice(0, area)}-${digits.slice(area)}`
}
