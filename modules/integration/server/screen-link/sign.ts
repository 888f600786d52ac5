import { createHmac, timingSafeEqual } from 'node:crypto'
import { placeholders } from '../../screen-link-contract.ts'

export type Signed = { workNumber: string; medicalRecordNumber: string; visitNumber: string; time: number; nonce: string }

/** HMAC-SHA256 (RFC 2104) over five lines: time, nonce, work number, medical record number, visit number; in hexadecimal. */
export const signatureOf = (secret: string, { time, nonce, workNumber, medicalRecordNumber, visitNumber }: Signed): string =>
  createHmac('sha256', secret).update([time, nonce, workNumber, medicalRecordNumber, visitNumber].join('\n')).digest('hex')

export function isSigned(secret: string, signed: Signed, signature: string): boolean {
  const [said, due] = [Buffer.from(signature.toLowerCase()), Buffer.from(signatureOf(secret, signed))]
  return said.length === due.length && timingSafeEqual(said, due)
}

/** A template is an address with the three parts that make it safe, and with no part that we do not know. */
export function isTemplate(template: string): boolean {
  const parts = [...template.matchAll(/\{(\w*)\}/g)].map((m) => m[1] ?? '')
  const known: readonly string[] = placeholders
  return (
    /^https?:\/\/[^\s{}]+/.test(template) &&
    parts.every((p) => known.includes(p)) &&
    ['time', 'nonce', 'signature'].every((p) => parts.includes(p)) &&
    !/[{}]/.test(template.replaceAll(/\{\w+\}/g, ''))
  )
}

/** The address with everything filled in and signed. */
export function fill(template: string, secret: string, signed: Signed): string {
  const values = new Map<string, string>(
    Object.entries({ ...signed, signature: signatureOf(secret, signed) }).map(([k, v]) => [k, String(v)]),
  )
  return template.replaceAll(/\{(\w+)\}/g, (_, part: string) => encodeURIComponent(values.get(part) ?? ''))
}
