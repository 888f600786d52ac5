import type { Clock, ExportFormat, GuardedField, LocalDate, StayReason } from '@renxin/kernel'
import type { Generated, Kysely } from 'kysely'
import type { HospitalKeys } from './secrets/texts.ts'

export type { Generated } from 'kysely'
export { sql } from 'kysely'

/** How far a permission reaches: the whole hospital, one's departments, one's wards, or what is one's own. */
export type Scope = 'hospital' | 'department' | 'ward' | 'own'
/** What a role may give besides: one's campuses. To a route it is the departments and wards of these (`withScope`). */
export type GrantScope = Scope | 'campus'
export const scopes = ['own', 'ward', 'department', 'campus', 'hospital'] as const satisfies readonly GrantScope[]

export type Actor = {
  kind: 'person' | 'system' | 'key' | 'nobody'
  /** The row of the user or key; the nil UUID for the system and for nobody. */
  id: string
  name: string
  /** The member of staff behind the account. */
  personId: string | null
  may: ReadonlyMap<string, GrantScope>
  departments: readonly string[]
  wards: readonly string[]
  /** All departments and wards of the campuses on which he works; only of whoever has a permission that reaches so far. */
  campus?: { departments: readonly string[]; wards: readonly string[] }
  /** How far the permission of the route now served reaches. */
  scope: Scope
  /** Patients beyond his scope whose files are open to him for now, to read; a route that changes something has none. */
  admitted?: readonly string[]
  /** Fields of replies that are kept from him (`withoutHidden`). */
  hidden?: ReadonlySet<GuardedField>
  /** Signed in at the hospital's provider of single sign-on: a password here is not his concern. */
  isBySso?: boolean
  /** Set while somebody looks at the house as this role would see it: he changes nothing, and the trail says so with each thing he saw. */
  viewing?: { roleId: string; roleKey: string; until: Date }
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
  /** What the browser carries since somebody signed in there. */
  device: string | null
  setDevice(value: string): void
  /** What the browser carries while somebody is at the provider of single sign-on. */
  attempt: string | null
  setAttempt(value: string | null): void
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
  }
  'house.unsealedAudit': { id: string }
  'house.auditBlocks': {
    number: number
    sealedAt: Date
    rows: number
    previousHash: Buffer
    hash: Buffer
    archive: string | null
    ids: string[]
  }
  'house.exports': {
    number: number
    at: Date
    actorId: string | null
    actorName: string
    route: string
    title: string
    format: ExportFormat | 'page'
    reason: string
    filters: unknown
    rows: number
    address: string | null
    requestId: string
    releaseId: string | null
    isReleased: true | null
  }
  'house.exportLimits': { aloneRows: number; mostRows: number; plainWaits: boolean; takeHours: number }
  'house.exportRequests': {
    id: string
    at: Date
    actorId: string
    actorName: string
    route: string
    path: string
    title: string
    format: ExportFormat
    reason: string
    filters: unknown
    columns: unknown
    rows: number
    isPlain: boolean
    asked: unknown
    digest: string
  }
  'house.exportDecisions': {
    requestId: string
    askedBy: string
    isReleased: boolean
    at: Date
    decidedBy: string
    decidedByName: string
    reason: string
    takeUntil: Date | null
  }
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

/** Hears an event in the transaction that emits it (`joins` of a module). */
export type Joiner = {
  event: string
  take: (ctx: Context, events: { payload: unknown; meta: { id: string; at: Date } }[]) => Promise<void>
}

export type Context = {
  hospital: Hospital
  actor: Actor
  db: Kysely<HouseTables>
  /** For small reads that must be quick, each by itself and planned once for all values (`sharedLines`): no transaction, so nothing that this one wrote. */
  lookUp: Kysely<HouseTables>
  /** Has the veil drawn over whatever is read from now on (`drawVeil`). */
  veil: (viewer: string) => void
  clock: Clock
  log: Log
  requestId: string
  keys: HospitalKeys
  /** What each room holds of persons, from the ground floor up: for the room that answers what they may ask by law. */
  holdings: readonly (readonly [module: string, holdings: Holdings])[]
  /** What each room lets forms be filled with, from the ground floor up. */
  sources: readonly Sources[]
  /** What rooms above do in the very transaction that tells of an event (`joins` of a module). */
  joiners: readonly Joiner[]
  door?: Door
  /** The modules whose rows this transaction changed; browsers are told after the commit. */
  touched: Set<string>
  /** What is reckoned once at the end of the transaction, and of whom (`atEnd`). Without it each statement is a transaction of its own. */
  reckonings?: Map<Reckoning, Set<string>>
  /** What to do once the transaction is committed. */
  afterCommit: (() => void)[]
  /** The hospital's working days were edited: they are read anew by the next transaction. */
  forgetCalendar: () => void
  /** Whether the actor sees only some of the hospital's patients by their class of privacy (`drawVeil`). */
  isVeiled?: boolean
  /** Whether a transaction is open; `emit` refuses where it is not. */
  inTransaction: boolean
}

/** A person by the right of whom something is asked: today's file, and all files that are one with it (that one among them). */
export type Subject = { id: string; files: readonly string[] }

/**
 * What becomes of a table's rows of a person who asks. `copied`: the section of the copy in which they stand, or false where they are reckoned from others
 * that do. `erased`: `whole`, `partly` (the row stays without its words), or `never`; what stays has its reason.
 */
export type Fate = { copied: string | false } & ({ erased: 'whole' } | { erased: 'partly' | 'never'; stays: StayReason })

/** Part of what is handed to a person who asks for a copy: facts by their names, each row with where it came from as far as it is known. */
export type CopySection = { section: string; rows: Readonly<Record<string, string | number | boolean | null>>[] }

/** Something that must stay of a person, how much of it, and until when at least where the law names years. */
export type Stay = { reason: StayReason; what: string; count: number; until: LocalDate | null }

/** `isKnown`: a record that must stay needs to be somebody's, so who the person is stays with it. */
export type Leaving = Subject & { isKnown: boolean }

/** What a module holds of persons, and how it keeps what they have a right to. Every table with rows of a person is named in `tables`; a test holds it. */
export type Holdings = {
  tables: Readonly<Record<string, Fate>>
  copy: (ctx: Context, who: Subject) => Promise<CopySection[]>
  stays: (ctx: Context, who: Subject) => Promise<Stay[]>
  /** Clears what may be cleared, in the transaction in progress; answers how many rows by table. */
  erase: (ctx: Context, who: Leaving) => Promise<Readonly<Record<string, number>>>
}

/** Chinese, and the same in English. */
export type Named = readonly [zh: string, en: string]

/** One thing that a room keeps of a patient or of a visit, and that a form may be filled with. */
export type Source = {
  /**
   * `encounter.dischargedAt`. It stands in questionnaires that were published, so it never changes what it means. Where it must be named more closely the choice
   * follows a colon: `laboratory.latest:HGB`.
   */
  path: string
  /** Under which heading it stands among the others, and what it is called there. */
  group: Named
  title: Named
  kind: 'text' | 'longText' | 'number' | 'date' | 'dateTime'
  /** The permission by which the same is seen on its own page. */
  may: string
  /** What may be kept from a role whatever else it may see. */
  guards?: 'diagnosis'
  takesChoice?: boolean
}

/** Of whom a form is filled in; of no visit only what the patient has is found. */
export type Visit = { patientId: string; encounterId: string | null }

export type Found = {
  path: string
  value: string | number
  /** When it was so, or was said. */
  at: Date | null
  /** Of which record it is, and which system keeps that. */
  of: string | null
  system: string | null
}

/** What one room lets forms be filled with. It is read through the views that the room publishes, whoever asks. */
export type Sources = {
  list: (ctx: Context) => Promise<readonly Source[]>
  /** By what a path may be named more closely: those that answer the search, the likeliest first. */
  choices: (ctx: Context, path: string, search: string) => Promise<readonly { value: string; title: Named }[]>
  /** For each visit, in their order, what stands under these paths; what is not there is left out. A path of another room finds nothing. */
  read: (ctx: Context, visits: readonly Visit[], paths: readonly string[]) => Promise<readonly (readonly Found[])[]>
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

/** The actor as far as this permission reaches; undefined where he does not have it. */
export function withScope(actor: Actor, permission: string): Actor | undefined {
  const scope = actor.may.get(permission)
  if (scope !== 'campus') return scope && { ...actor, scope }
  return { ...actor, scope: 'department', ...(actor.campus ?? { departments: [], wards: [] }) }
}

/** Whether the actor has this permission at all; the system has every one. */
export const can = (ctx: { actor: Actor }, permission: string): boolean => ctx.actor.kind === 'system' || ctx.actor.may.has(permission)
