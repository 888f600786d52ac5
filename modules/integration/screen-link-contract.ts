import { contract, defineErrors, get, post, put } from '@renxin/kernel'
import { z } from 'zod'

/** What stands in a template. Nothing else may: no name and no identity number ever goes into an address. */
export const placeholders = ['medicalRecordNumber', 'visitNumber', 'workNumber', 'time', 'nonce', 'signature'] as const

export const ScreenLink = z.object({
  id: z.uuid(),
  name: z.string(),
  direction: z.enum(['out', 'in']),
  template: z.string().nullable(),
  windowSeconds: z.int(),
  signsIn: z.boolean(),
  isActive: z.boolean(),
})
export type ScreenLink = z.infer<typeof ScreenLink>

const text = z.string().trim().max(100)
const signed = {
  link: z.uuid(),
  workNumber: text.min(1),
  medicalRecordNumber: text.default(''),
  visitNumber: text.default(''),
  /** Seconds since 1970. */
  time: z.coerce.number().int(),
  nonce: text.min(8),
  /** HMAC-SHA256 in hexadecimal. */
  signature: text,
}

export const screenLinkApi = contract('integration', {
  screenLinks: get('/screen-links', { may: 'integration.manage', reply: z.object({ rows: z.array(ScreenLink) }) }),
  saveScreenLink: put('/screen-links/:id', {
    may: 'integration.manage',
    input: z.object({
      id: z.uuid(),
      name: text.min(1),
      direction: z.enum(['out', 'in']),
      template: z.string().trim().max(2000).nullable(),
      windowSeconds: z.int().min(10).max(3600),
      signsIn: z.boolean(),
      isActive: z.boolean(),
      /** At least 32 characters; left out, the one that is kept stays. */
      secret: z.string().min(32).max(500).optional(),
    }),
    reply: ScreenLink,
  }),
  /** An address of an `in` link as it stands, judged without using it up; of an `out` link one with sample numbers, made. */
  testScreenLink: post('/screen-links/:id/test', {
    may: 'integration.manage',
    input: z.object({ id: z.uuid(), address: z.string().max(4000).optional() }),
    reply: z.object({
      outcome: z.enum(['good', 'badAddress', 'badSignature', 'expired', 'used', 'made']),
      address: z.string().nullable(),
      secondsOff: z.int().nullable(),
    }),
  }),
  /** The systems to which a patient's file may lead. */
  linksOut: get('/links-out', { may: 'patients.read', reply: z.object({ rows: z.array(ScreenLink.pick({ id: true, name: true })) }) }),
  makeLink: post('/links-out/:id', {
    may: 'patients.read',
    about: 'patientId',
    input: z.object({ id: z.uuid(), patientId: z.uuid() }),
    reply: z.object({ patientId: z.uuid(), address: z.string() }),
  }),
  /** Whoever comes by an address, signed in or not: it is judged at once and used up; the ticket leads on after sign-in. */
  arrive: post('/link/arrive', {
    may: 'anyone',
    input: z.object({ hospitalId: z.coerce.number().int().optional(), ...signed }),
    reply: z.object({ ticket: z.string(), isSignedIn: z.boolean() }),
  }),
  openLink: post('/link/open', {
    may: 'patients.read',
    about: 'patientId',
    input: z.object({ ticket: z.string().max(100) }),
    reply: z.object({ patientId: z.uuid() }),
  }),
})

export const screenLinkErrors = defineErrors('integration', {
  linkNotFound: 'not_found',
  linkNameTaken: 'conflict',
  badTemplate: 'invalid',
  linkSecretNeeded: 'invalid',
  badSignature: 'forbidden',
  linkExpired: 'forbidden',
  linkUsed: 'conflict',
  linkOfAnother: 'forbidden',
  linkUnknownPatient: 'not_found',
  noWorkNumber: 'conflict',
})
