import { createHmac, randomBytes } from 'node:crypto'

type Study = { studyUid: string; accessionNumber: string | null }

/**
 * What lets a viewer show one study for some minutes: `payload.signature`, both base64url. The payload is JSON with the study, its end (`exp`, seconds since
 * 1970) and a `nonce` by which a viewer may refuse a second use; the signature is HMAC-SHA256 over the payload as it stands. Nothing in it tells who the patient is.
 */
export function signStudy(secret: string, { studyUid, accessionNumber }: Study, expiresAt: Date): string {
  const payload = Buffer.from(
    JSON.stringify({
      studyUid,
      ...(accessionNumber !== null && { accessionNumber }),
      exp: Math.floor(expiresAt.getTime() / 1000),
      nonce: randomBytes(16).toString('base64url'),
    }),
  ).toString('base64url')
  return `${payload}.${createHmac('sha256', secret).update(payload).digest('base64url')}`
}

/** A viewer's address with what stands in braces filled in. */
export const fillAddress = (template: string, values: Record<'studyUid' | 'accessionNumber' | 'token', string>): string =>
  template.replace(/\{(studyUid|accessionNumber|token)\}/g, (_, name: keyof typeof values) => encodeURIComponent(values[name]))
