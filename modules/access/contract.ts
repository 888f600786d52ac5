import { contract, cursor, defineErrors, del, get, localDate, moment, page, post, put } from '@renxin/kernel'
import { z } from 'zod'
import { Hospital, Language, Me } from './me.ts'
import { RoleName } from './shapes.ts'

export * from './accounts-contract.ts'
export * from './audit-contract.ts'
export * from './exports-contract.ts'
export { Language, Me } from './me.ts'
export * from './reach.ts'
export * from './roles-contract.ts'
export * from './shapes.ts'
export * from './sso-contract.ts'

/** The password of every account of the demo hospital, shown on its sign-in page. */
export const demoPassword = 'renxin-demo'

/** Nothing longer is hashed. */
export const passwordLength = { max: 128 }

/** What a hospital asks of whoever signs in. */
export const SignInRules = z.object({
  minLength: z.int().min(8).max(64),
  /** Of capital letters (and letters that have no case), small letters, digits and signs. */
  kinds: z.int().min(1).max(4),
  maxAgeDays: z.int().min(1).max(3650).nullable(),
  remembered: z.int().min(0).max(10),
  tries: z.int().min(3).max(10),
  lockMinutes: z.int().min(1).max(1440),
  idleMinutes: z.int().min(3).max(480),
  secondFactor: z.enum(['optional', 'administrators', 'everybody']),
  /** Nobody audits who administers the system or its security as well. */
  auditApart: z.boolean(),
  /** For how long a file stays open that somebody opened in an emergency. */
  emergencyHours: z.int().min(1).max(24),
})
export type SignInRules = z.infer<typeof SignInRules>

/**
 * `grade3`: GB/T 22239-2019 8.1.4.1 asks for complex passwords that are changed, a lock after wrong ones, idle sign-off and two factors, and names no
 * figure; these are our choice, and a hospital may change each. `modern`: NIST SP 800-63B-4, 3.1.1: length instead of kinds of characters, and no change without cause.
 */
export const signInPresets = {
  grade3: {
    minLength: 8,
    kinds: 3,
    maxAgeDays: 90,
    remembered: 5,
    tries: 5,
    lockMinutes: 10,
    idleMinutes: 60,
    secondFactor: 'everybody',
    auditApart: true,
    emergencyHours: 4,
  },
  modern: {
    minLength: 15,
    kinds: 1,
    maxAgeDays: null,
    remembered: 0,
    tries: 10,
    lockMinutes: 10,
    idleMinutes: 60,
    secondFactor: 'administrators',
    auditApart: false,
    emergencyHours: 4,
  },
} as const satisfies Record<string, SignInRules>

const Persona = z.object({ id: z.uuid(), name: z.string(), displayName: z.string(), roles: z.array(RoleName) })
export type Persona = z.infer<typeof Persona>

const User = z.object({
  id: z.uuid(),
  name: z.string(),
  displayName: z.string(),
  personId: z.uuid().nullable(),
  personName: z.string().nullable(),
  personTitle: z.string().nullable(),
  startedOn: localDate.nullable(),
  language: Language,
  isDisabled: z.boolean(),
  isLocked: z.boolean(),
  mustChangePassword: z.boolean(),
  hasSecondFactor: z.boolean(),
  lastSignedInAt: moment.nullable(),
  roles: z.array(RoleName),
})
export type User = z.infer<typeof User>

/** One device on which somebody is signed in. */
const Session = z.object({
  id: z.uuid(),
  createdAt: moment,
  lastUsedAt: moment,
  address: z.string(),
  agent: z.string(),
  isLocked: z.boolean(),
  isCurrent: z.boolean(),
  isBySso: z.boolean(),
  /** The provider that let him in, as it names itself; null: he signed in here, or before this was kept. */
  ssoIssuer: z.string().nullable(),
})
export type Session = z.infer<typeof Session>
const Sessions = z.object({ rows: z.array(Session) })

const ApiKey = z.object({
  id: z.uuid(),
  name: z.string(),
  scopes: z.array(z.string()),
  createdAt: moment,
  createdBy: z.string(),
  lastUsedAt: moment.nullable(),
  expiresAt: moment.nullable(),
  revokedAt: moment.nullable(),
  isExpired: z.boolean(),
})
export type ApiKey = z.infer<typeof ApiKey>

/** A system that signs for itself with its own private key (SMART backend services). */
const Client = z.object({
  id: z.uuid(),
  /** How it names itself in what it signs. */
  clientId: z.string(),
  name: z.string(),
  keyCount: z.int(),
  scopes: z.array(z.string()),
  createdAt: moment,
  createdBy: z.string(),
  lastUsedAt: moment.nullable(),
  revokedAt: moment.nullable(),
})
export type Client = z.infer<typeof Client>

/** What may be typed to sign in. */
export const loginName = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^[\p{L}\p{N}._@-]{2,50}$/u)
const password = z.string().min(1).max(passwordLength.max) // how strong it must be is the service's to say, with its own sentence
const displayName = z.string().trim().min(1).max(50)
const code = z.string().trim().min(6).max(20)
/** Four digits are guessed in five tries once in two thousand; then the session is gone. */
const pin = z.string().regex(/^\d{4,8}$/)
const done = z.object({})
/** Where the browser goes to sign out at the provider of single sign-on too, if it does. */
const left = z.object({ leaveUrl: z.string().nullable() })

export const accessApi = contract('access', {
  hospitals: get('/hospitals', { may: 'anyone', reply: z.object({ rows: z.array(Hospital) }) }),
  demoAccounts: get('/demo-accounts', {
    may: 'anyone',
    input: z.object({ hospitalId: z.coerce.number().int().optional() }),
    reply: z.object({ rows: z.array(Persona) }),
  }),
  signIn: post('/sign-in', {
    may: 'anyone',
    input: z.object({
      hospitalId: z.int().optional(),
      name: z.string().trim().min(1).max(100),
      password,
      /** Of the authenticator, or a recovery code; asked for by the refusal `codeNeeded`. */
      code: code.optional(),
    }),
    reply: Me,
  }),
  /** Hides everything of this session until its owner unlocks it. */
  lock: post('/me/lock', { may: 'signedIn', isOwnSession: true, reply: done }),
  unlock: post('/unlock', { may: 'anyone', input: z.object({ pin }), reply: Me }),
  signOut: post('/sign-out', { may: 'signedIn', isOwnSession: true, reply: left }),
  signOutEverywhere: post('/sign-out-everywhere', { may: 'signedIn', isOwnSession: true, reply: left }),
  me: get('/me', { may: 'signedIn', reply: Me }),
  /** For half an hour this session sees the house as a role would that stands in these units, and changes nothing. */
  beginViewing: post('/me/viewing', {
    may: 'access.viewAs',
    input: z.object({ roleId: z.uuid(), unitIds: z.array(z.uuid()).max(50).default([]) }),
    reply: Me,
  }),
  endViewing: post('/me/viewing/end', { may: 'signedIn', isOwnSession: true, reply: Me }),
  setLanguage: put('/me/language', { may: 'signedIn', input: z.object({ language: Language }), reply: Me }),
  changePassword: post('/me/password', { may: 'signedIn', input: z.object({ current: password, next: password }), reply: Me }),
  /** A secret for an authenticator; it counts once a code of it was typed. */
  beginSecondFactor: post('/me/second-factor', {
    may: 'signedIn',
    input: z.object({ password }),
    reply: z.object({ secret: z.string(), uri: z.string() }),
  }),
  confirmSecondFactor: post('/me/second-factor/confirm', {
    may: 'signedIn',
    input: z.object({ code }),
    reply: z.object({ recoveryCodes: z.array(z.string()) }), // shown this once; only their hashes are kept
  }),
  removeSecondFactor: post('/me/second-factor/remove', { may: 'signedIn', input: z.object({ password, code }), reply: Me }),
  /** Null: none any more. */
  setPin: post('/me/pin', { may: 'signedIn', input: z.object({ password, pin: pin.nullable() }), reply: Me }),
  mySessions: get('/me/sessions', { may: 'signedIn', reply: Sessions }),
  endMySession: post('/me/sessions/:id/end', { may: 'signedIn', input: z.object({ id: z.uuid() }), reply: Sessions }),
  switchPersona: post('/me/persona', { may: 'signedIn', input: z.object({ userId: z.uuid() }), reply: Me }),

  users: get('/users', {
    may: 'access.read',
    input: z.object({ search: z.string().trim().max(50).default(''), roleKey: z.string().optional(), ...cursor }),
    reply: page(User),
  }),
  user: get('/users/:id', { may: 'access.read', input: z.object({ id: z.uuid() }), reply: User }),
  createUser: post('/users', {
    may: 'access.users',
    input: z.object({
      id: z.uuid(),
      name: loginName,
      displayName,
      personId: z.uuid().nullable().default(null),
      language: Language.default('zh'),
      roleIds: z.array(z.uuid()).max(20), // any at all only by whoever may give roles, `access.assign`
      password, // for the first sign-in, at which it must be changed
    }),
    reply: User,
  }),
  updateUser: put('/users/:id', {
    may: 'access.users',
    input: z.object({ id: z.uuid(), displayName, personId: z.uuid().nullable(), language: Language }),
    reply: User,
  }),
  setRoles: put('/users/:id/roles', {
    may: 'access.assign',
    input: z.object({ id: z.uuid(), roleIds: z.array(z.uuid()).max(20) }),
    reply: User,
  }),
  disableUser: post('/users/:id/disable', { may: 'access.users', input: z.object({ id: z.uuid() }), reply: User }),
  enableUser: post('/users/:id/enable', { may: 'access.users', input: z.object({ id: z.uuid() }), reply: User }),
  resetPassword: post('/users/:id/password', { may: 'access.credentials', input: z.object({ id: z.uuid(), password }), reply: User }),
  sessions: get('/users/:id/sessions', { may: 'access.read', input: z.object({ id: z.uuid() }), reply: Sessions }),
  endSessions: post('/users/:id/sessions/end', { may: 'access.credentials', input: z.object({ id: z.uuid() }), reply: User }),
  resetSecondFactor: post('/users/:id/second-factor/reset', { may: 'access.credentials', input: z.object({ id: z.uuid() }), reply: User }),
  rules: get('/sign-in-rules', { may: 'signedIn', reply: SignInRules }),
  changeRules: put('/sign-in-rules', { may: 'access.rules', input: SignInRules, reply: SignInRules }),

  clients: get('/clients', { may: 'access.keys', reply: z.object({ rows: z.array(Client) }) }),
  createClient: post('/clients', {
    may: 'access.keys',
    input: z.object({
      id: z.uuid(),
      name: z.string().trim().min(1).max(100),
      keys: z.unknown(), // a JSON Web Key Set; which of its keys may sign is the service's to say
      scopes: z.array(z.string()).min(1).max(50),
    }),
    reply: Client,
  }),
  revokeClient: del('/clients/:id', { may: 'access.keys', input: z.object({ id: z.uuid() }), reply: Client }),
  apiKeys: get('/api-keys', { may: 'access.keys', reply: z.object({ rows: z.array(ApiKey) }) }),
  createApiKey: post('/api-keys', {
    may: 'access.keys',
    input: z.object({
      id: z.uuid(),
      name: z.string().trim().min(1).max(100),
      scopes: z
        .array(z.string().regex(/^[a-z]+\.[a-zA-Z]+$/))
        .min(1)
        .max(50),
      expiresOn: localDate.nullable().default(null),
    }),
    reply: ApiKey.extend({ secret: z.string() }), // shown this once; only its hash is kept
  }),
  revokeApiKey: del('/api-keys/:id', { may: 'access.keys', input: z.object({ id: z.uuid() }), reply: ApiKey }),
})

export const accessErrors = defineErrors('access', {
  wrongPassword: 'unauthenticated', // with `triesLeft`
  wrongCurrentPassword: 'invalid', // of whoever is signed in and changes it; with `triesLeft`
  locked: 'forbidden', // with `minutes`
  disabled: 'forbidden', // said only after the right password
  weakPassword: 'invalid', // with `minLength` and `kinds`
  formerPassword: 'conflict',
  codeNeeded: 'unauthenticated', // the password was right; a second factor is asked for
  wrongCode: 'unauthenticated', // at sign-in; with `triesLeft`
  wrongNewCode: 'invalid', // when it is set up or taken away
  factorAsked: 'conflict', // the hospital asks for it, so it cannot be taken away
  factorThere: 'conflict', // set up already
  nothingPending: 'conflict',
  wrongPin: 'invalid', // with `triesLeft`
  simplePin: 'invalid',
  sessionNotFound: 'not_found',
  samePassword: 'invalid',
  userNotFound: 'not_found',
  emergencyNotFound: 'not_found',
  tooManyEmergencies: 'conflict', // with `most`: so many in an hour
  nameTaken: 'conflict',
  personNotFound: 'not_found',
  roleNotFound: 'not_found',
  roleNameTaken: 'conflict',
  roleChanged: 'conflict', // by somebody else since it was read
  roleInUse: 'conflict', // with `holders`
  roleRetired: 'conflict',
  notPreset: 'invalid',
  untilWrong: 'invalid', // with `days`: a role for a time ends in the future, and within so many days
  reachUnknown: 'invalid', // with `permission`: it cannot be given for so little
  ownRole: 'forbidden', // nobody widens a role that he holds himself
  aboveOwn: 'forbidden', // with `permission`: nobody gives, or rules over, more than he has
  notYourself: 'forbidden',
  notApart: 'forbidden', // with `name`: whoever would audit and administer at once
  lastAdministrator: 'conflict',
  onlyDemo: 'forbidden',
  ssoOff: 'conflict', // the hospital has none in use
  ssoUnavailable: 'unavailable', // the provider does not answer, or answers rubbish; the password stays
  ssoDenied: 'unauthenticated', // somebody gave up there, or may not come here
  ssoRefused: 'unauthenticated', // what the provider said does not stand up to the checks
  ssoStale: 'unauthenticated', // gone out too long ago, in another browser, or come back already
  ssoNoAccount: 'forbidden', // none, or one that is disabled: the same words
  ssoCodeNeeded: 'unauthenticated', // the provider knows him; a second factor is asked for
  keyNotFound: 'not_found',
  clientNotFound: 'not_found',
  noPublicKey: 'invalid',
  auditEntryNotFound: 'not_found',
  exportRequestNotFound: 'not_found',
  exportDecided: 'conflict', // by somebody else, a moment ago
  ownExport: 'forbidden', // nobody releases what he takes himself
  deletedTooSoon: 'invalid', // before it left the database
  permissionUnknown: 'invalid', // with `permission`: a key for something that nobody can ever do is a slip of the pen
})
