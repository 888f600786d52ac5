import { contract, exchange, exchangeReply, get, post, put } from '@renxin/kernel'
import { z } from 'zod'
import { Me } from './me.ts'

const webAddress = z
  .url({ protocol: /^https?$/, hostname: /^[^\s]+$/ })
  .trim()
  .max(500)

/** How the hospital's provider of single sign-on (OpenID Connect) is reached. */
const place = {
  /** Its name as it says it itself; `/.well-known/openid-configuration` stands below it. */
  issuerUrl: webAddress,
  clientId: z.string().trim().min(1).max(200),
  /** Under which browsers reach this system; the provider sends them back to `/sso` there. */
  homeUrl: webAddress.refine((url) => URL.canParse(url) && new URL(url).href === `${new URL(url).origin}/`),
}
const clientSecret = z.string().min(1).max(1000)

export const SsoSettings = z.object({
  isActive: z.boolean(),
  label: z.string().trim().min(1).max(30),
  ...place,
  /** What the provider says of a person that names his account here. */
  claim: z.string().trim().min(1).max(100),
  match: z.enum(['name', 'number']),
  alwaysAsks: z.boolean(),
  trustsFactor: z.boolean(),
  signsOutThere: z.boolean(),
})
export type SsoSettings = z.infer<typeof SsoSettings>

const Shown = SsoSettings.extend({ hasSecret: z.boolean() })

/** What a test finds: `good`, or the first thing that is wrong. */
export const SsoOutcome = z.enum([
  'good',
  'closedAddress',
  'unreachable',
  'timeout',
  'certificate',
  'plain', // it names addresses without TLS, or is itself without
  'status',
  'notOidc',
  'issuer', // with `said`, how it names itself
  'endpoints',
  'algorithm',
  'keys',
  'client',
  'busy',
])
export const SsoAnswer = z.object({
  outcome: SsoOutcome,
  said: z.string().nullable(),
  milliseconds: z.int(),
  warnings: z.array(z.enum(['plain', 'noPkce', 'noLogout', 'clientUnsure'])),
})
export type SsoAnswer = z.infer<typeof SsoAnswer>

const text = z.string().max(4000)

/** Where the provider tells us who has signed out there; it is registered there as `backchannel_logout_uri`. */
export const ssoLogoutPath = (hospitalId: number): string => `/api/access/sso/logout/${hospitalId}`

export const ssoApi = contract('access', {
  /** What the sign-in page offers; nulls where there is no single sign-on. */
  ssoButton: get('/sso', {
    may: 'anyone',
    input: z.object({ hospitalId: z.coerce.number().int().optional() }),
    reply: z.object({ label: z.string().nullable(), homeUrl: z.string().nullable() }),
  }),
  beginSso: post('/sso/begin', {
    may: 'anyone',
    isQuiet: true,
    /** `inWindow`: in one that was opened for it and closes by itself, over a locked page that keeps what was typed. */
    input: z.object({ hospitalId: z.int().optional(), inWindow: z.boolean().default(false) }),
    reply: z.object({ url: z.string() }),
  }),
  /** With what the provider sent the browser back. */
  finishSso: post('/sso/finish', {
    may: 'anyone',
    input: z.object({ hospitalId: z.int().optional(), state: text, code: text.optional(), iss: text.optional(), error: text.optional() }),
    reply: Me,
  }),
  /** The second factor, where the account has one; asked for by the refusal `ssoCodeNeeded`. */
  confirmSso: post('/sso/code', {
    may: 'anyone',
    input: z.object({ hospitalId: z.int().optional(), code: z.string().trim().min(6).max(20) }),
    reply: Me,
  }),
  /** OpenID Connect Back-Channel Logout 1.0: a form with `logout_token`; the provider’s signature says who sends it. */
  signOutBySso: post('/sso/logout/:hospitalId', {
    may: 'anyone',
    isQuiet: true,
    isExchange: true,
    bodyLimit: 64 * 1024,
    input: z.object({ ...exchange, hospitalId: z.string() }),
    reply: exchangeReply,
  }),
  sso: get('/sso-settings', { may: 'access.rules', reply: z.object({ settings: Shown.nullable() }) }),
  saveSso: put('/sso-settings', {
    may: 'access.rules',
    input: SsoSettings.extend({ clientSecret: clientSecret.nullable().optional() }), // null: none; left out: it stays as it is
    reply: z.object({ settings: Shown }),
  }),
  testSso: post('/sso-settings/test', {
    may: 'access.rules',
    isQuiet: true,
    input: z.object({ ...place, clientSecret: clientSecret.nullable().optional() }),
    reply: SsoAnswer,
  }),
})
