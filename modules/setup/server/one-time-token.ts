import { randomBytes, timingSafeEqual } from 'node:crypto'

/** A secret that opens one door once; a new one is made whenever the door is closed again. */
export function oneTimeToken() {
  let value: Buffer | null = null
  const renew = () => {
    value = randomBytes(24)
    return value.toString('base64url')
  }
  return {
    renew,
    isValid: (said: string) => {
      const bytes = Buffer.from(said, 'base64url')
      return value !== null && bytes.length === value.length && timingSafeEqual(bytes, value)
    },
    spend: () => {
      value = null
    },
  }
}
