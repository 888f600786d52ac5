import { addDays, wallTime } from '@renxin/kernel'
import type pg from 'pg'
import { discharge, drained, marks, send, startFeed } from './feed.ts'
import { type Asked, medianOf, pairedReads, type Reads } from './latency.ts'
import { keepOriginals, multiply } from './multiply.ts'
import { median, paired, ROUNDS } from './pairs.ts'
import {
  dropFolder,
  freshFolder,
  masterKeyOf,
  type Peer,
  type Product,
  poolsOf,
  runCommand,
  signIn,
  startPeer,
  startProduct,
  timedGets,
} from './product.ts'
import { growthRow, type Row, readRow, rowOf } from './result.ts'
import { scanRows } from './scan.ts'
import { termsFor } from './terms.ts'

const PASSWORD = 'renxin-demo'
const ORIGINALS = 10_000
const LIMIT_MS = 200

type Log = (line: string) => void
type Desks = { nurse: string; admin: string; president: string }
type House = { product: Product; peer: Peer; app: pg.Pool; db: pg.Client; masterKey: Buffer; desks: Desks; log: Log }
/** Reads by what was asked, at each size. */
type Sizes = Map<string, { size: number; reads: Reads }[]>

/**
 * Every read that somebody waits for, from ten thousand patients to a million (`--full`: ten millions), beside one row by its primary key from the same
 * database: the search while nothing else happens and while messages come in, the lists and the dashboard over as many tasks and responses.
 */
export async function readRows({ log, isFull }: { log: Log; isFull: boolean }): Promise<Row[]> {
  const dataDir = await freshFolder('reads')
  const product = await startProduct(dataDir)
  const sizes = [10_000, 100_000, 1_000_000, ...(isFull ? [10_000_000] : [])]
  try {
    await runCommand(dataDir, ['demo', 'fill', '--patients', String(ORIGINALS)])
    const { app, owner, openSuper, urls } = await poolsOf(dataDir)
    const db = await openSuper()
    const masterKey = await masterKeyOf(dataDir)
    const peer = await startPeer(urls.appUrl)
    const [nurse, admin, president] = await Promise.all(['nurse', 'admin', 'president'].map((name) => signIn(product.url, name, PASSWORD)))
    const house = { product, peer, app, db, masterKey, log, desks: { nurse: nurse ?? '', admin: admin ?? '', president: president ?? '' } }
    await keepOriginals(db)
    const known: Sizes = new Map()
    const rows: Row[] = []
    let copies = 0
    for (const size of sizes) {
      const wanted = size / ORIGINALS - 1
      if (wanted > copies) await timed(log, `${size} patients`, () => multiply(openSuper, masterKey, copies + 1, wanted))
      copies = wanted
      await timed(log, 'vacuum analyze', () => db.query('vacuum analyze'))
      await sayWhatIsThere(house)
      rows.push(...(await measureAt(house, size, copies, known)))
    }
    rows.push(...growthRows(known))
    await Promise.all([peer.stop(), db.end(), app.end(), owner.end()])
    return rows
  } finally {
    await product.stop()
    await dropFolder(dataDir)
  }
}

async function timed(log: Log, what: string, work: () => Promise<unknown>): Promise<void> {
  const began = performance.now()
  await work()
  log(`${what}: ${((performance.now() - began) / 1000).toFixed(0)} s`)
}

async function sayWhatIsThere({ db, log }: House): Promise<void> {
  const tables = [
    'patients.patients',
    'patients.search_keys',
    'encounters.encounters',
    'followups.tasks',
    'surveys.responses',
    'surveys.answers',
  ]
  const counts: string[] = []
  for (const t of tables) counts.push(`${(await db.query(`select count(*)::int as n from ${t}`)).rows[0].n} ${t}`)
  log(`${counts.join(', ')}; vacuumed and analyzed`)
}

async function measureAt(house: House, size: number, copies: number, known: Sizes): Promise<Row[]> {
  const { log } = house
  const beside: Asked = { addresses: await onePatientEach(house) }
  const searches = await searchesOf(house, copies)
  const isLargest = size >= 1_000_000
  const rows: Row[] = []
  const measure = async (name: string, what: string, asked: Asked, count: number, isShown = true) => {
    const reads = await pairedReads(asked, beside, count)
    known.set(name, [...(known.get(name) ?? []), { size, reads }])
    const row = readRow(reads, { name: `${name}-${shortOf(size)}`, what: `${what}, ${shortOf(size)} patients`, limitMs: LIMIT_MS })
    log(`${row.name}: p95 ${row.ours.toFixed(1)} ms beside ${row.besideFigure?.toFixed(1)} ms, load ${row.load.toFixed(1)}`)
    if (isShown) rows.push(row)
  }
  for (const { kind, asked } of searches) await measure(`search-${kind}`, `search by ${kind}, 20 hits, idle`, asked, 200)
  for (const { name, what, asked } of listsOf(house)) await measure(name, what, asked, 100, isLargest)
  if (isLargest) rows.push(await dashboardBesideScan(house, size))

  const perSecond = await halfLoad(house)
  const feed = startFeed(house.product.mllpPort, perSecond)
  for (const { kind, asked } of searches) {
    await measure(`search-${kind}-ingest`, `search by ${kind}, 20 hits, during ingest`, asked, 200)
  }
  log(`meanwhile ${(await feed.stop()).toFixed(0)} messages a second came in (half of what it takes: ${perSecond.toFixed(0)})`)
  await drained(house.app)
  return rows
}

const shortOf = (size: number) => (size >= 1_000_000 ? `${size / 1_000_000}M` : `${size / 1000}k`)

async function onePatientEach({ db, peer }: House): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>(
    'select id from patients.patients where random() < 2000.0 / (select count(*) from patients.patients)',
  )
  return rows.map((r) => `${peer.url}/${r.id}`)
}

async function searchesOf({ db, masterKey, product, desks }: House, copies: number) {
  const terms = await termsFor(db, masterKey, copies)
  return Object.entries(terms).map(([kind, said]) => {
    const addresses = said.map((q) => `${product.url}/api/patients/search?limit=20&q=${encodeURIComponent(q)}`)
    return { kind, asked: { addresses, cookie: desks.nurse } }
  })
}

function listsOf({ product: { url }, desks }: House): { name: string; what: string; asked: Asked }[] {
  const at = (cookie: string, ...paths: string[]): Asked => ({ cookie, addresses: paths.map((path) => `${url}/api/${path}`) })
  const queue = (list: string) => `followups/queue?list=${list}`
  const board = (show: string) => `followups/tasks?show=${show}`
  return [
    { name: 'queue', what: "the nurse's list of today", asked: at(desks.nurse, queue('today')) },
    {
      name: 'queue-others',
      what: 'overdue, call-backs, mine, unclaimed',
      asked: at(desks.nurse, ...['overdue', 'callBacks', 'mine', 'unclaimed'].map(queue)),
    },
    { name: 'counts', what: "the counts over the nurse's lists", asked: at(desks.nurse, 'followups/counts') },
    { name: 'board', what: "the administrators' board: open", asked: at(desks.admin, board('open')) },
    {
      name: 'board-others',
      what: 'overdue, unclaimed, done, cancelled',
      asked: at(desks.admin, ...['overdue', 'unclaimed', 'done', 'cancelled'].map(board)),
    },
    { name: 'dashboard', what: 'the dashboard over six months', asked: at(desks.president, `analytics/dashboard?${sixMonths()}`) },
  ]
}

function sixMonths(): string {
  const today = wallTime(new Date(), 'Asia/Shanghai').slice(0, 10)
  return `from=${addDays(today, -150).slice(0, 7)}&to=${today.slice(0, 7)}`
}

/** The figures are compared first: a quick answer that is wrong is worth nothing. */
async function dashboardBesideScan({ product, desks, app }: House, size: number): Promise<Row> {
  const address = `${product.url}/api/analytics/dashboard?${sixMonths()}`
  const shown = await (await fetch(address, { headers: { cookie: desks.president } })).json()
  const { from, to } = shown.period.days
  const said = [shown.discharged.n, shown.contacts.reached, shown.satisfaction.satisfied, shown.nps.promoters]
  const { discharged, reached, satisfied, promoters } = await scanRows(app, { from, to })
  if (String(said) !== String([discharged, reached, satisfied, promoters]))
    throw new Error(`the dashboard says ${said}, its rows say ${[discharged, reached, satisfied, promoters]}`)
  const pair = await paired(
    async () => median(await timedGets([address], 50, 1, desks.president)),
    async () => {
      const began = performance.now()
      await scanRows(app, { from, to })
      return performance.now() - began
    },
  )
  return rowOf(pair, {
    name: `dashboard-scan-${shortOf(size)}`,
    what: 'the same dashboard, median of one reader',
    unit: 'ms',
    beside: 'its rows read in raw SQL, equal figures',
    goal: '≤ 0.025 (40 times quicker)',
    isMet: (ratio) => ratio <= 1 / 40,
  })
}

/** Half of the messages a second that it takes at most, its outbox drained. */
async function halfLoad({ product, app }: House): Promise<number> {
  const began = performance.now()
  const rounds = Math.min(3, ROUNDS)
  for (let round = 0; round < rounds; round += 1) {
    await send(product.mllpPort, 8, marks(200).map((mark) => discharge(mark))) // biome-ignore format: one thought
    await drained(app)
  }
  return (rounds * 200) / ((performance.now() - began) / 1000) / 2
}

function growthRows(known: Sizes): Row[] {
  return [...known].flatMap(([name, at]) => {
    const [first, last] = [at[0], at.at(-1)]
    if (!first || !last || first.size === last.size) return []
    return growthRow({
      name: `${name}-growth`,
      what: `p95 at ${shortOf(last.size)} to p95 at ${shortOf(first.size)}`,
      from: { size: first.size, ours: medianOf(first.reads.ours).p95, beside: medianOf(first.reads.beside).p95 },
      to: { size: last.size, ours: medianOf(last.reads.ours).p95, beside: medianOf(last.reads.beside).p95 },
    })
  })
}
