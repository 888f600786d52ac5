import { setTimeout as pause } from 'node:timers/promises'
import { makeClock, newId, plainWeek, type WorkCalendar } from '@renxin/kernel'
import { CompiledQuery } from 'kysely'
import pg from 'pg'
import type { Actor, Context, Door, Hospital, Log } from './context.ts'
import { systemActor } from './context.ts'
import { leavePlace, type Place, sharedLines, takePlace } from './database.ts'
import type { Live } from './live.ts'
import { type Authenticator, holdingsOf, joinersOf, type Module, seesOf, sourcesOf } from './module.ts'
import { type Known, keysOf, readAnew } from './secrets/known-keys.ts'
import { type HospitalKeys, UnknownKey } from './secrets/texts.ts'
import { reckonAtEnd } from './transaction.ts'
import type { Sees } from './veil.ts'

/** The running house: its rooms, its database and what is known of its hospitals. */
export type House = {
  pool: pg.Pool
  modules: readonly Module[]
  holdings: Context['holdings']
  sources: Context['sources']
  joiners: Context['joiners']
  sees: Sees
  masterKey: Buffer
  log: Log
  now: () => Date
  live: Live
  authenticator: Authenticator
  /** Reads the working days of a hospital; the module `staff` gives one. */
  calendarOf: (ctx: Context) => Promise<WorkCalendar>
  /** Called after a commit that left events in the outbox. */
  wake: () => void
  /** Whether this process does what only one of several workers may do; with one process it always does. */
  isLeader: () => boolean
  hospitals: Map<number, Hospital>
  calendars: Map<number, { calendar: WorkCalendar; readAt: number }>
  keys: Map<number, Known>
  lines: Map<number, Lines>
  /** Who was found behind a cookie a moment ago (`identify`). */
  actors: Map<string, { actor: Actor; readAt: number }>
}

export type HouseOptions = Pick<House, 'pool' | 'modules' | 'masterKey' | 'log' | 'live' | 'authenticator'> &
  Partial<Pick<House, 'now' | 'calendarOf'>>

export function makeHouse(options: HouseOptions): House {
  return {
    now: () => new Date(),
    calendarOf: async () => plainWeek,
    wake: () => {},
    isLeader: () => true,
    hospitals: new Map(),
    calendars: new Map(),
    keys: new Map(),
    lines: new Map(),
    actors: new Map(),
    holdings: holdingsOf(options.modules),
    sources: sourcesOf(options.modules),
    joiners: joinersOf(options.modules),
    sees: seesOf(options.modules),
    ...options,
  }
}

/** No hospital: the place of a request before an installation has one. Row-level security shows it nothing. */
export const nowhere: Hospital = { id: 0, name: '', shortName: '', zone: 'Asia/Shanghai', isDemo: false }

export async function listHospitals(house: Pick<House, 'pool' | 'hospitals'>): Promise<Hospital[]> {
  const { rows } = await house.pool.query('select id, name, short_name, time_zone, is_demo from house.hospital_list()')
  const found: Hospital[] = rows.map((r) => ({ id: r.id, name: r.name, shortName: r.short_name, zone: r.time_zone, isDemo: r.is_demo }))
  house.hospitals.clear()
  for (const h of found) house.hospitals.set(h.id, h)
  return found
}

export async function hospitalOf(house: House, id: number): Promise<Hospital | undefined> {
  const known = house.hospitals.get(id)
  if (known) return known
  await listHospitals(house)
  return house.hospitals.get(id)
}

const CALENDAR_SECONDS = 60

type Visit = {
  actor?: Actor
  requestId?: string
  door?: Door
  /** What is done here is done again if a power failure takes it back, so that the commit need not wait for the disk. */
  isRepeated?: boolean
  /** What need not wait for the commit, nor the commit for it; both have happened when the visit ends. */
  meanwhile?: () => Promise<unknown>
}

/** Thrown to commit what was done and refuse all the same: a wrong password is counted and refused. */
export class Kept extends Error {
  readonly refusal: Error
  constructor(refusal: Error) {
    super(refusal.message)
    this.refusal = refusal
  }
}
export const keep = (refusal: Error): Kept => new Kept(refusal)

/**
 * Runs `work` in one transaction of one hospital. A deadlock or a serialization failure, or a key that is not known here yet, is tried again after a moment, six times in all,
 * since nothing of the failed try is left.
 */
export async function inHospital<T>(house: House, hospitalId: number, work: (ctx: Context) => Promise<T>, visit: Visit = {}): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await oneTry(house, hospitalId, work, visit)
    } catch (error) {
      if (attempt >= MOST_TRIES || !isPassing(error)) throw error
      if (error instanceof UnknownKey) await readAnew(house, hospitalId) // another process has made one
      await pause(attempt * 40 + (performance.now() % 40)) // so that those who met do not meet again
    }
  }
}

const MOST_TRIES = 6

const isPassing = (error: unknown) =>
  error instanceof UnknownKey || (error instanceof Error && 'code' in error && (error.code === '40P01' || error.code === '40001'))

async function oneTry<T>(house: House, hospitalId: number, work: (ctx: Context) => Promise<T>, visit: Visit): Promise<T> {
  const hospital = (await hospitalOf(house, hospitalId)) ?? nowhere
  const keys = await keysOf(house, hospital.id)
  const place = takePlace((viewer) => beginOn(house, hospital, visit, viewer))
  let broken: Error | undefined
  let meanwhile: Promise<unknown> | undefined
  let result: T | undefined
  try {
    const ctx = contextOn(house, { place, hospital, visit, keys })
    let kept: Kept | undefined
    try {
      ctx.clock = makeClock({ zone: hospital.zone, now: house.now, calendar: await calendarFor(house, ctx) })
      result = await work(ctx)
    } catch (error) {
      if (!(error instanceof Kept)) throw error
      kept = error
    }
    await reckonAtEnd(ctx)
    meanwhile = kept ? undefined : visit.meanwhile?.() // it has connections of its own
    meanwhile?.catch(() => {}) // it is waited for below
    const ended = await (await place.client)?.query('commit')
    if (ended && ended.command !== 'COMMIT') throw new Error('the transaction was rolled back: a statement in it had failed')
    for (const after of ctx.afterCommit) after()
    if (house.authenticator.modules.some((m) => ctx.touched.has(m))) house.actors.clear()
    if (ctx.touched.size > 0) house.live.announce(hospital.id, [...ctx.touched])
    if (kept) throw kept.refusal
  } catch (error) {
    const client = await place.client?.catch(() => undefined) // it was never had
    await client?.query('rollback').catch((e: Error) => {
      broken = e
    })
    throw error
  } finally {
    const client = await place.client?.catch(() => undefined)
    client?.release(broken)
    leavePlace(place)
  }
  await meanwhile
  return result as T // set whenever nothing was kept back
}

/** A begin waits for nothing but the database itself: where it has no answer for so long the connection leads nowhere, and is given up. */
const quickly = (text: string): { text: string; query_timeout: number } => ({ text, query_timeout: 15_000 }) // the driver's own; its types do not know it

/** A connection on which a transaction of this hospital has begun; what is sent on it next need not wait for that. */
async function beginOn(house: House, hospital: Hospital, visit: Visit, viewer: string): Promise<pg.PoolClient> {
  const client = await house.pool.connect()
  const begin = visit.isRepeated ? 'begin; set local synchronous_commit = off' : 'begin'
  const veil = viewer === '' ? '' : `; set local house.veil = 'on'; set local house.viewer = ${pg.escapeLiteral(viewer)}`
  client.query(quickly(`${begin}; set local house.hospital = '${hospital.id === 0 ? '' : Number(hospital.id)}'${veil}`)).catch(() => {}) // planned by nobody, unlike a select of set_config; where it fails, whatever follows it does too, and that is what is told
  return client
}

type Parts = { place: Place; hospital: Hospital; visit: Visit; keys: HospitalKeys }

function contextOn(house: House, { place, hospital, visit, keys }: Parts): Context {
  const ctx: Context = {
    hospital,
    actor: visit.actor ?? systemActor,
    db: place.db,
    lookUp: linesOf(house, hospital.id).lookUpFor(''),
    veil: (viewer) => {
      ctx.lookUp = linesOf(house, hospital.id).lookUpFor(viewer)
      if (place.client)
        ctx.db.executeQuery(CompiledQuery.raw(VEIL, [viewer])).catch(() => {}) // where it fails, the statement after it does too
      else place.viewer = viewer
    },
    clock: makeClock({ zone: hospital.zone, now: house.now }),
    log: house.log,
    requestId: visit.requestId ?? newId(),
    keys,
    door: visit.door,
    touched: new Set(),
    reckonings: new Map(),
    holdings: house.holdings,
    sources: house.sources,
    joiners: house.joiners,
    afterCommit: [],
    forgetCalendar: () => void house.calendars.delete(hospital.id),
    inTransaction: true,
  }
  return ctx
}

const VEIL = `select set_config('house.veil', 'on', true), set_config('house.viewer', $1, true)`

/** So many batches of audit rows may be on their way to the disk at once: who comes while one is written need not wait for it to end. */
export const PENS = 2

/** What is asked and noted a thousand times a second, on connections of the hospital's own. */
type Lines = { lookUpFor: (viewer: string) => Context['db']; pen: Context['db'] }

function linesOf(house: House, hospitalId: number): Lines {
  const known = house.lines.get(hospitalId)
  if (known) return known
  const opened = {
    lookUpFor: sharedLines(house.pool, hospitalId, { count: 2, isReadOnly: true }),
    pen: sharedLines(house.pool, hospitalId, { count: PENS, isReadOnly: false })(''),
  }
  house.lines.set(hospitalId, opened)
  return opened
}

/** Writes in one statement that is a transaction of its own. */
export const penOf = (house: House, hospitalId: number): Context['db'] => linesOf(house, hospitalId).pen

async function calendarFor(house: House, ctx: Context): Promise<WorkCalendar> {
  const known = house.calendars.get(ctx.hospital.id)
  const at = performance.now()
  if (known && at - known.readAt < CALENDAR_SECONDS * 1000) return known.calendar
  const calendar = ctx.hospital.id === 0 ? plainWeek : await house.calendarOf(ctx)
  house.calendars.set(ctx.hospital.id, { calendar, readAt: at })
  return calendar
}
