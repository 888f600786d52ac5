import { createHash } from 'node:crypto'
import {
  type Ask,
  type Clock,
  type EventOf,
  type HouseEvent,
  makeClock,
  newId,
  type Reply,
  type Route,
  type WorkCalendar,
} from '@renxin/kernel'
import pg from 'pg'
import { afterAll } from 'vitest'
import { answer } from './answer.ts'
import { makeReadAudit } from './audit.ts'
import { type Actor, type Context, type Scope, systemActor } from './context.ts'
import { kyselyEach, openPool } from './database.ts'
import { deliverOnce } from './deliver.ts'
import { type House, inHospital, listHospitals, makeHouse } from './house.ts'
import { makeLive } from './live.ts'
import { silentLog } from './log.ts'
import { findMigrations, migrate } from './migrate.ts'
import type { Authenticator, Module } from './module.ts'
import { withDatabase } from './postgres/urls.ts'
import { keysOf } from './secrets/known-keys.ts'
import { resealTick } from './secrets/reseal.ts'
import type { HospitalKeys } from './secrets/texts.ts'
import { houseTicks, runTick } from './ticks.ts'
import { allowLoopback } from './way-out.ts'

type Options = {
  /** The moment at which the test begins. */
  now?: string
  zone?: string
  /** Connections of the application; 1 proves that no second one is taken inside a transaction. */
  poolSize?: number
  /** Runs the modules' `prepare` (roles, presets) for the hospital. */
  prepare?: boolean
  authenticator?: Authenticator
  calendarOf?: (ctx: Context) => Promise<WorkCalendar>
}

type Grants = Readonly<Record<string, Scope>>
type Units = { departments?: readonly string[]; wards?: readonly string[]; personId?: string; name?: string; id?: string }

export type Visitor = { id: string; call<R extends Route>(route: R, input: Ask<R>): Promise<Reply<R>> }

/** A house of its own for one test file: a fresh database, a clock that stands still, events delivered when asked. */
export async function openHouse(modules: readonly Module[], options: Options = {}) {
  allowLoopback(true) // where the other systems of a test are
  const database = await freshDatabase(modules)
  const owner = openPool(database.ownerUrl, { max: 2, name: 'test owner' })
  const pool = openPool(database.appUrl, { max: options.poolSize ?? 8, name: 'test' })
  let now = new Date(options.now ?? '2026-09-04T09:00+08:00')
  const actors = new Map<string, Actor>()
  const known: Authenticator = { modules: [], ofSession: async (_, token) => actors.get(token), ofKey: async () => undefined }
  const house: House = makeHouse({
    pool,
    modules,
    masterKey: createHash('sha256').update('a key for tests').digest(),
    log: silentLog,
    live: makeLive(),
    authenticator: options.authenticator ?? known,
    now: () => now,
    ...(options.calendarOf ? { calendarOf: options.calendarOf } : {}),
  })
  const readAudit = makeReadAudit(house)
  const routes = new Map(modules.flatMap((m) => m.routes.map((r) => [`${r.route.module}.${r.route.name}`, r])))

  async function addHospital(name: string): Promise<number> {
    const made = await owner.query(
      'insert into house.hospitals (name, short_name, time_zone, is_demo, created_at) values ($1, $1, $2, $3, $4) returning id',
      [name, options.zone ?? 'Asia/Shanghai', name.includes('演示'), now],
    )
    await listHospitals(house)
    return made.rows[0].id
  }
  const hospitalId = await addHospital('仁心示范医院')
  const inside = <T>(work: (ctx: Context) => Promise<T>, id = hospitalId) => inHospital(house, id, work)
  if (options.prepare) for (const m of modules) await inside(async (ctx) => m.prepare?.(ctx))

  /** Somebody with these permissions: over the whole hospital where they are only named, else with the scope that is said. */
  function who(...said: (string | Grants | Units)[]): Visitor {
    const units: Units = Object.assign({}, ...said.filter((s) => typeof s === 'object' && isUnits(s)))
    const grants = said.flatMap((s): [string, Scope][] => {
      if (typeof s === 'string') return [[s, 'hospital']]
      return isUnits(s) ? [] : Object.entries(s)
    })
    return visitor(hospitalId, new Map(grants), units)
  }

  function visitor(at: number, may: ReadonlyMap<string, Scope>, units: Units): Visitor {
    const id = units.id ?? newId()
    const token = `${at}.${newId()}`
    actors.set(token, {
      ...systemActor,
      kind: 'person',
      id,
      name: units.name ?? 'tester',
      personId: units.personId ?? null,
      may,
      departments: units.departments ?? [],
      wards: units.wards ?? [],
      scope: 'own',
    })
    return {
      id,
      call: async (route, input) => {
        const served = routes.get(`${route.module}.${route.name}`)
        if (!served) throw new Error(`no module of this house serves ${route.module}.${route.name}`)
        const reply = await answer(house, readAudit, served, {
          credential: { session: token, key: null },
          input: input ?? {},
          door: {
            address: '127.0.0.1',
            agent: 'test',
            isSecure: false,
            session: token,
            setSession: () => {},
            device: null,
            setDevice: () => {},
            attempt: null,
            setAttempt: () => {},
          },
          requestId: newId(),
        })
        return reply as Reply<typeof route> // parsed by the same schema a moment ago
      },
    }
  }

  const tests = {
    house,
    hospitalId,
    /** The system at work in this hospital; every function called with it is a transaction of its own. */
    ctx: contextOfItsOwn(house, hospitalId, await keysOf(house, hospitalId)),
    inside,
    who,
    /** Somebody of another hospital, with these permissions over the whole of it. */
    stranger: async (...permissions: string[]) =>
      visitor(await addHospital(`另一家医院${newId()}`), new Map(permissions.map((p) => [p, 'hospital'])), {}),
    addHospital,
    now: () => now,
    setNow: (at: string | Date) => {
      now = new Date(at)
    },
    advance: ({ days = 0, hours = 0, minutes = 0, seconds = 0 }: { days?: number; hours?: number; minutes?: number; seconds?: number }) => {
      now = new Date(now.getTime() + (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000)
    },
    /** Delivers events until nothing is left; a listener that fails fails the test. */
    settle: async () => {
      while ((await deliverOnce(house)) > 0);
      const failed = await asApp<{ listener: string; error: string }>('select listener, error from house.deliveries', [])
      if (failed.rows[0]) throw new Error(`the listener ${failed.rows[0].listener} failed: ${failed.rows[0].error}`)
    },
    events: async <E extends HouseEvent>(event: E): Promise<EventOf<E>[]> => {
      const { rows } = await asApp<{ payload: unknown }>('select payload from house.events where name = $1 order by seq', [event.name])
      return rows.map((r) => event.shape.parse(r.payload) as EventOf<E>)
    },
    tick: async (name: string) => {
      const found = [...houseTicks, resealTick(modules, 0), ...modules.flatMap((m) => m.ticks)].find((t) => t.name === name)
      if (!found) throw new Error(`there is no tick ${name}`)
      await runTick(house, found)
    },
    /** Rows as the application's role sees them in this hospital. */
    sql: async <T extends pg.QueryResultRow = pg.QueryResultRow>(text: string, params: unknown[] = []): Promise<T[]> =>
      (await asApp<T>(text, params)).rows,
    ownerSql: async (text: string, params: unknown[] = []) => (await owner.query(text, params)).rows,
    clock: (): Clock => makeClock({ zone: options.zone ?? 'Asia/Shanghai', now: () => now }),
    urls: database,
  }

  async function asApp<T extends pg.QueryResultRow>(text: string, params: unknown[]): Promise<pg.QueryResult<T>> {
    const client = await pool.connect()
    try {
      await client.query(`begin; select set_config('house.hospital', '${hospitalId}', true)`)
      const result = await client.query<T>(text, params)
      await client.query('commit')
      return result
    } catch (error) {
      await client.query('rollback')
      throw error
    } finally {
      client.release()
    }
  }

  afterAll(async () => {
    await pool.end()
    await owner.end()
    await database.drop()
  })
  return tests
}

const isUnits = (s: object): s is Units => ['departments', 'wards', 'personId', 'name', 'id'].some((k) => k in s)

/** A context for arranging a test: the system in this hospital, each statement a transaction of its own. Use `inside` for what must hang together. */
function contextOfItsOwn(house: House, hospitalId: number, keys: HospitalKeys): Context {
  const hospital = house.hospitals.get(hospitalId)
  if (!hospital) throw new Error('the hospital of the test is not there')
  return {
    hospital,
    actor: systemActor,
    db: kyselyEach(house.pool, hospitalId),
    lookUp: kyselyEach(house.pool, hospitalId),
    veil: () => {},
    clock: makeClock({ zone: hospital.zone, now: house.now }),
    log: house.log,
    requestId: newId(),
    keys,
    touched: new Set(),
    holdings: house.holdings,
    sources: house.sources,
    joiners: house.joiners,
    afterCommit: [],
    forgetCalendar: () => void house.calendars.delete(hospitalId),
    inTransaction: true,
  }
}

/** `superUrl` is for a test that needs a role of its own, as an administrator of the database makes one. */
type Fresh = { superUrl: string; ownerUrl: string; appUrl: string; name: string; drop: () => Promise<void> }

/** A copy of a migrated template, made once for each set of migrations. */
async function freshDatabase(modules: readonly Module[]): Promise<Fresh> {
  const [superUrl, ownerUrl, appUrl] = ['RENXIN_TEST_SUPER_URL', 'RENXIN_TEST_OWNER_URL', 'RENXIN_TEST_APP_URL'].map((n) => process.env[n])
  if (!superUrl || !ownerUrl || !appUrl) throw new Error('no test database is running; run the tests with vitest from the root')
  const hash = createHash('sha256')
  for (const m of await findMigrations(modules)) hash.update(m.name).update(m.hash)
  const template = `template_${hash.digest('hex').slice(0, 24)}`
  const name = `test_${newId().replaceAll('-', '')}`
  const admin = new pg.Client({ connectionString: superUrl })
  await admin.connect()
  try {
    await admin.query('select pg_advisory_lock(hashtext($1))', [template])
    const there = await admin.query('select from pg_database where datname = $1', [template])
    if (there.rowCount === 0) {
      const making = `${template}_new`
      await admin.query(`drop database if exists ${making}`)
      await admin.query(`create database ${making} owner renxin_owner`)
      const owner = openPool(withDatabase(ownerUrl, making), { max: 1 })
      try {
        await migrate(owner, modules)
      } finally {
        await owner.end()
      }
      await admin.query(`alter database ${making} rename to ${template}`)
    }
    await admin.query(`create database ${name} template ${template} owner renxin_owner`)
  } finally {
    await admin.end()
  }
  return {
    name,
    superUrl: withDatabase(superUrl, name),
    ownerUrl: withDatabase(ownerUrl, name),
    appUrl: withDatabase(appUrl, name),
    drop: async () => {
      const client = new pg.Client({ connectionString: superUrl })
      await client.connect()
      await client.query(`drop database if exists ${name} with (force)`)
      await client.end()
    },
  }
}

/** A database of another system in the tests' cluster, empty; it goes when the test file ends. */
export async function foreignDatabase(encoding: 'UTF8' | 'SQL_ASCII' = 'UTF8'): Promise<string> {
  const superUrl = process.env.RENXIN_TEST_SUPER_URL
  if (!superUrl) throw new Error('no test database is running; run the tests with vitest from the root')
  const name = `foreign_${newId().replaceAll('-', '')}`
  const admin = new pg.Client({ connectionString: superUrl })
  await admin.connect()
  await admin.query(`create database ${name} template template0 encoding '${encoding}' locale_provider libc locale 'C'`)
  afterAll(async () => {
    await admin.query(`drop database if exists ${name} with (force)`)
    await admin.end()
  })
  return withDatabase(superUrl, name)
}
