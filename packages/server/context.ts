import type { Clock } from '@renxin/kernel'
import type { Generated, Kysely } from 'kysely'
import type { Holdings } from './module.ts'
import type { HospitalKeys } from './secrets.ts'

export type { Generated } from 'kysely'
export { sql } from 'kysely'

/** How far a permission reaches: the whole hospital, one's departments, one's wards, or what is one's own. */
export type Scope = 'hospital' | 'department' | 'ward' | 'own'
export const scopes = ['own', 'ward', 'department', 'hospital'] as const satisfies readonly Scope[]

export type Actor = {
  kind: 'person' | 'system' | 'key' | 'nobody'
  /** The row of the user or key; the nil UUID for the system and for nobody. */
  id: string
  name: string
  /** The member of staff behind the account. */
  personId: string | null
  may: ReadonlyMap<string, Scope>
  departments: readonly string[]
  wards: readonly string[]
  /** How far the permission of the route now served reaches. */
  scope: Scope
}

export type Hospital = { id: number; name: string; shortName: string; zone: string; isDemo: boolean }

export type Log = {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
  debug(fields: object, message: string): void
}

/** The door a request came through: what sign-in needs to know, and the session that it may set. */
export type Door = {
  address: string
  agent: string
  isSecure: boolean
  /** The value of the session cookie as it came. */
  session: string | null
  setSession(value: string | null): void
}

export type HouseTables = {
  'house.audit': {
    id: string
    at: Date
    actorId: string | null
    actorName: string
    action: string
    patientId: string | null
    objectId: string | null
    reason: string | null
    address: string | null
    requestId: string
    refusal: string | null
    detail: unknown
    block: number | null
  }
  'house.auditBlocks': { number: number; sealedAt: Date; rows: number; previousHash: Buffer; hash: Buffer; archive: string | null }
  'house.events': { id: string; seq: Generated<number>; name: string; payload: unknown; at: Date; pending: Generated<boolean> }
  'house.deliveries': {
    eventId: string
    listener: string
    attempts: number
    error: string
    nextAt: Date
    isGivenUp: Generated<boolean>
  }
}

/** Reckons anew, of whatever these ids name, what follows from what the transaction changed. */
export type Reckoning = (ctx: Context, ids: string[]) => Promise<void>

export type Context = {
  hospital: Hospital
  actor: Actor
  db: Kysely<HouseTables>
  clock: Clock
  log: Log
  requestId: string
  keys: HospitalKeys
  /** What each room holds of persons, from the ground floor up: for the room that answers what they may ask by law. */
  holdings: readonly (readonly [module: string, holdings: Holdings])[]
  door?: Door
  /** The modules whose rows this transaction changed; browsers are told after the commit. */
  touched: Set<string>
  /** What is reckoned once at the end of the transaction, and of whom (`atEnd`). Without it each statement is a transaction of its own. */
  reckonings?: Map<Reckoning, Set<string>>
  /** What to do once the transaction is committed. */
  afterCommit: (() => void)[]
  /** The hospital's working days were edited: they are read anew by the next transaction. */
  forgetCalendar: () => void
  /** Whether a transaction is open; `emit` refuses where it is not. */
  inTransaction: boolean
}

export const nilId = '00000000-0000-0000-0000-000000000000'

export const systemActor: Actor = {
  kind: 'system',
  id: nilId,
  name: 'system',
  personId: null,
  may: new Map(),
  departments: [],
  wards: [],
  scope: 'hospital',
}

export const nobody: Actor = { ...systemActor, kind: 'nobody', name: 'nobody', scope: 'own' }

/** Whether the actor has this permission at all; the system has every one. */
export const can = (ctx: { actor: Actor }, permission: string): boolean => ctx.actor.kind === 'system' || ctx.actor.may.has(permission)
