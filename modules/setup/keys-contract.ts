import { contract, defineErrors, get, moment, post } from '@renxin/kernel'
import { z } from 'zod'

/** With what is sealed, found and hashed: AES-256-GCM and SHA-256, or 国密 (SM4, SM3). */
export const Suite = z.enum(['aes', 'sm'])
export type Suite = z.infer<typeof Suite>

/** What a key is for: to seal what is sealed, to find by telephone and number, to sign the anchors of the audit trail. */
export const KeyPurpose = z.enum(['seal', 'index', 'anchor'])

/** `old`: what it sealed or signed is still there and is read by it, nothing new is. */
export const KeyRow = z.object({
  purpose: KeyPurpose,
  number: z.int(),
  suite: Suite,
  since: moment,
  state: z.enum(['current', 'coming', 'old']),
})
export type KeyRow = z.infer<typeof KeyRow>

/** How it stands with the keys of this hospital; the keys themselves are nowhere to be seen. */
export const Keys = z.object({
  suite: Suite,
  /** The backups are of the whole installation: 国密 as soon as one hospital is. */
  backupSuite: Suite,
  rows: z.array(KeyRow),
  /** The last change of the data key, done where it has its end. */
  rotation: z
    .object({
      number: z.int(),
      startedAt: moment,
      startedBy: z.string(),
      pass: z.int(),
      resealed: z.int(),
      finishedAt: moment.nullable(),
    })
    .nullable(),
})
export type Keys = z.infer<typeof Keys>

export const keysApi = contract('setup', {
  keys: get('/keys', { may: 'setup.health', reply: Keys }),
  rotateKeys: post('/keys/rotate', { may: 'setup.keys', input: z.object({ suite: Suite }), reply: Keys }),
})

export const keyErrors = defineErrors('setup', { rotationUnderWay: 'conflict', masterKeyChanging: 'conflict' })
