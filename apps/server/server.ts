import { readFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { type MllpDoor, operationOutcome, startHooks, startImports, startMllp, startViews, startWriteBack } from '@renxin/integration'
import {
  allowLoopback,
  anchorTick,
  type Context,
  fingerprint,
  type House,
  houseTicks,
  inHospital,
  inTurn,
  type Log,
  listHospitals,
  type Module,
  makeHouse,
  makeLive,
  makeLog,
  openHttp,
  openPool,
  resealTick,
  rotateKeys,
  startDeliverer,
  startLiveLine,
  startProcess,
  startTicks,
  type Ticker,
} from '@renxin/server'
import { StartRefused } from '@renxin/server/postgres'
import { makeSetup } from '@renxin/setup'
import { startBackups } from './backups.ts'
import type { Config } from './config.ts'
import type { Database } from './database.ts'
import { dropDemoHis } from './demo-his.ts'
import { machineOf, watchProcess } from './machine.ts'
import { makeMetrics } from './metrics.ts'
import { authenticator, calendarOf, modules as rooms } from './modules.ts'
import { makeSimulator } from './simulator.ts'

const STALE_SECONDS = 10
const PATIENCE_MS = 2000
const ASK = { text: 'select 1', query_timeout: PATIENCE_MS }

const logOf = (config: Pick<Config, 'logLevel' | 'logFiles'>): Log => makeLog(config.logLevel, config.logFiles ?? undefined)

/** The house on a database: what the server runs and what a command borrows. */
export function houseOn(
  database: Database,
  config: Pick<Config, 'logLevel' | 'logFiles' | 'allowsLoopback'>,
  modules: readonly Module[] = rooms,
  log = logOf(config),
): House {
  allowLoopback(config.allowsLoopback)
  return makeHouse({
    pool: database.app,
    modules,
    masterKey: database.masterKey,
    log,
    live: makeLive(),
    authenticator,
    calendarOf,
  })
}

/** Lets each module bring the hospital's own rows into being: roles, presets. Repeatable. */
export async function prepare(ctx: Context): Promise<void> {
  for (const module of rooms) await module.prepare?.(ctx)
}

/** Two servers that start at one moment prepare one after the other. What a new version counts anew of millions of rows may take its time. */
async function prepareAll(house: House, appUrl: string): Promise<void> {
  const pool = openPool(appUrl, { max: 1, name: 'renxin prepare', longestQueryMs: 0 })
  try {
    for (const { id } of await listHospitals(house))
      await inHospital({ ...house, pool, lines: new Map() }, id, async (ctx) => {
        await inTurn(ctx, 'prepare')
        await prepare(ctx)
      })
  } finally {
    await pool.end()
  }
}

export type Running = {
  url: string | null
  mllpPort: number | null
  mllpTlsPort: number | null
  setupLink: string | null
  house: House
  stop(): Promise<void>
}

type Parts = { config: Config; database: Database; webFolder: Promise<string> | null; version: string }

/** Opens every door that the roles ask for; `stop` closes them in the order in which nothing is lost. A start that fails leaves nothing running. */
export async function startServer(parts: Parts): Promise<Running> {
  const doors = new AsyncDisposableStack() // closed in the opposite order
  try {
    return await openDoors(parts, doors)
  } catch (error) {
    await doors.disposeAsync()
    throw error
  }
}

async function openDoors({ config, database, webFolder, version }: Parts, doors: AsyncDisposableStack): Promise<Running> {
  let mllpPort: number | null = null
  const simulator = makeSimulator({ host: config.host, mllpPort: () => mllpPort, now: () => new Date() })
  const isWorker = config.roles.includes('worker')
  const log = logOf(config)
  const backups = await startBackups({
    config,
    database,
    log: makeLog(config.logLevel, config.logFiles ?? undefined),
    now: () => new Date(),
    isWorker,
  })
  doors.defer(() => backups.stop())
  const machine = machineOf(config, { backups, ownPort: () => mllpPort })
  const { superUrl } = database
  const { setup, token } = makeSetup({
    prepare,
    hospitalsChanged: () => house.hospitals.clear(),
    demoErased: async () => void (superUrl && (await dropDemoHis(superUrl))),
    version,
    simulator,
    backups,
    machine,
    rotateKeys: (ctx, suite) => rotateKeys(house, ctx, { suite }),
  })
  const house = houseOn(database, config, [setup, ...rooms], log)
  await prepareAll(house, database.appUrl)
  const isNew = house.hospitals.size === 0
  const open = <T extends { stop(): Promise<unknown> }>(door: T): T => {
    doors.defer(async () => void (await door.stop()))
    return door
  }

  if (config.database) open(await startLiveLine(house, database.appUrl)) // an embedded database has no other process
  const watched = watchProcess()
  const deliverer = isWorker ? open(startDeliverer(house)) : null
  let ticker: Ticker | null = null
  const facts = () => ({
    ...watched(),
    troubled: ticker?.troubled() ?? [],
    master: fingerprint(database.masterKey),
    delivererSeconds: deliverer ? secondsSince(deliverer.lastRound()) : 0,
  })
  open(await startProcess({ house, roles: config.roles, version, facts }))
  if (isWorker) {
    ticker = open(startTicks(house, [...houseTicks, anchorTick(config.auditPlace), resealTick(rooms), ...rooms.flatMap((m) => m.ticks)]))
    open(startWriteBack(house))
    open(startImports(house, { dropPlace: config.dropPlace }))
    open(startViews(house))
    open(startHooks(house))
  }
  const mllp = config.roles.includes('mllp') ? await openMllp(house, config) : null
  if (mllp) open(mllp)
  mllpPort = mllp?.port || null
  open(simulator)

  let isStopping = false
  const isReady = async () => {
    const checks = {
      database: await isThere(database),
      deliverer: !deliverer || secondsSince(deliverer.lastRound()) < STALE_SECONDS,
      stays: !isStopping,
    }
    return { ready: Object.values(checks).every(Boolean), checks }
  }
  const metrics = makeMetrics({ database, backups, places: machine.places, now: machine.now })
  const app = config.roles.includes('web') && config.port !== null ? await openWeb({ house, config, webFolder, isReady, metrics }) : null
  if (app) doors.defer(() => app.close())
  const address = app?.server.address() as AddressInfo | null | undefined // a TCP listener has a port, never a path
  const url = address ? `http://${config.host === '0.0.0.0' ? '127.0.0.1' : config.host}:${address.port}` : null
  return {
    url,
    mllpPort,
    mllpTlsPort: mllp?.tlsPort || null,
    setupLink: isNew && url ? `${url}/setup?token=${token.renew()}` : null,
    house,
    stop: async () => {
      isStopping = true
      await pause(config.drainSeconds * 1000)
      await doors.disposeAsync()
    },
  }
}

const secondsSince = (at: number) => (performance.now() - at) / 1000

/** Whether the database answers; one that does not within two seconds does not. */
const isThere = ({ app }: Database): Promise<boolean> =>
  Promise.race([
    app.query(ASK).then(
      () => true,
      () => false,
    ),
    pause(PATIENCE_MS, false, { ref: false }),
  ])

async function openMllp(house: House, { host, mllpPort, mllpTls, sharesPorts }: Config): Promise<MllpDoor | null> {
  if (mllpPort === null && mllpTls === null) return null
  const pem = (file: string, setting: string) =>
    readFile(file).catch((error: NodeJS.ErrnoException) => {
      throw new StartRefused(`${setting}: ${file} cannot be read (${error.code}).`)
    })
  const tls = mllpTls && {
    port: mllpTls.port,
    cert: await pem(mllpTls.certFile, 'MLLP_TLS_CERT'),
    key: await pem(mllpTls.keyFile, 'MLLP_TLS_KEY'),
    ...(mllpTls.caFile && { ca: await pem(mllpTls.caFile, 'MLLP_TLS_CA') }),
  }
  return startMllp({ house, host, port: mllpPort, sharesPort: sharesPorts, ...(tls && { tls }) }).catch((error) =>
    explainPort(error.port === mllpTls?.port ? 'MLLP_TLS_PORT' : 'MLLP_PORT')(error),
  )
}

/** A port that another program has is named, with the setting that changes it. */
const explainPort = (setting: string) => (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EADDRINUSE' && error.code !== 'EACCES') throw error
  const why = error.code === 'EADDRINUSE' ? 'is in use by another program' : 'may not be opened by this user'
  throw new StartRefused(`Port ${'port' in error ? error.port : ''} ${why}. Choose another with ${setting}.`)
}

type Http = Awaited<ReturnType<typeof openHttp>>

type Web = {
  house: House
  config: Config
  webFolder: Promise<string> | null
  isReady: () => Promise<{ ready: boolean; checks: Record<string, boolean> }>
  metrics: ReturnType<typeof makeMetrics>
}

async function openWeb({ house, config, webFolder, isReady, metrics }: Web): Promise<Http> {
  const app = await openHttp(house, {
    problems: [{ prefix: '/fhir/', type: 'application/fhir+json; charset=utf-8', body: operationOutcome }],
    ...(webFolder ? { pages: await webFolder } : {}),
    isReady,
    metrics: metrics.text,
    hasOpenMetrics: config.hasOpenMetrics,
    answered: metrics.answered,
  })
  const at = { host: config.host, port: config.port ?? 0, reusePort: config.sharesPorts } // the last is Node's own, which Fastify hands on
  await app.listen(at).catch(explainPort('PORT'))
  return app
}
