import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fill, isSigned, isTemplate, signatureOf } from './sign.ts'

const secret = 'a secret of both sides, long enough'
const signed = { workNumber: 'E0001', medicalRecordNumber: 'H0000001', visitNumber: 'I1', time: 1_788_000_000, nonce: 'n0nce-n0nce' }

test('a signature is the HMAC that openssl makes of the same five lines', () => {
  // printf '1788000000\nn0nce-n0nce\nE0001\nH0000001\nI1' | openssl dgst -sha256 -hmac 'a secret of both sides, long enough'
  expect(signatureOf(secret, signed)).toBe('51da61b4715347101cc4848a739fdc62906e015d34c0d718b1daff5f82d4580a')
})

test('whatever part is changed, the signature holds no longer', () => {
  const signature = signatureOf(secret, signed)
  expect(isSigned(secret, signed, signature.toUpperCase())).toBe(true)
  fc.assert(
    fc.property(fc.constantFrom('workNumber', 'medicalRecordNumber', 'visitNumber', 'nonce'), fc.string(), (part, value) => {
      fc.pre(signed[part as 'nonce'] !== value)
      expect(isSigned(secret, { ...signed, [part]: value }, signature)).toBe(false)
    }),
  )
  expect(isSigned(secret, { ...signed, time: signed.time + 1 }, signature)).toBe(false)
  expect(isSigned('another secret of both sides, long', signed, signature)).toBe(false)
  expect(isSigned(secret, signed, '')).toBe(false)
})

test('a template has time, nonce and signature, and neither a name nor a number of identity', () => {
  const safe = 'https://emr.example/open?mrn={medicalRecordNumber}&t={time}&n={nonce}&s={signature}'
  expect(isTemplate(safe)).toBe(true)
  for (const wrong of [
    safe.replace('&t={time}', ''),
    safe.replace('&n={nonce}', ''),
    safe.replace('&s={signature}', ''),
    `${safe}&name={name}`,
    `${safe}&id={identityCard}`,
    `${safe}&x={`,
    safe.replace('https://', 'javascript://'),
  ])
    expect(isTemplate(wrong), wrong).toBe(false)
})

test('what is filled in cannot break out of its place', () => {
  const address = fill('https://emr.example/open?v={visitNumber}&t={time}&n={nonce}&s={signature}', secret, {
    ...signed,
    visitNumber: 'I1&admin=1#',
  })

  expect(new URL(address).searchParams.get('v')).toBe('I1&admin=1#')
  expect(new URL(address).searchParams.get('admin')).toBeNull()
})
