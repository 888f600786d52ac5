import { addDays, wallTime } from '@renxin/kernel'
import { discharges, drained, marks, send, startFeed, visit } from './feed.ts'
import { besideTwin, rateBesideTwin, shortOf } from './growth.ts'
import { type Hospital, openFolders, openHospital } from './hospital.ts'
import { type Asked, medianOf, pageTimes, pairedRates, pairedReads, type Reads, type Spread } from './latency.ts'
import type { Log } from './multiply.ts'
import { ORIGINALS } from './multiply.ts'
import { median, paired, percentile, ROUNDS } from './pairs.ts'
import { type Peer, startPeer, timedGets } from './product.ts'
import { growthRow, plainRow, type Row, readRow, rowOf } from './result.ts'
import { scanRows } from './scan.ts'
import { termsFor } from './terms.ts'

const LIMIT_MS = 200
const WARM_UP = 1000

type House = Hospital & { peer: Peer; most: number; log: Log }
/** Reads by what was asked, at each size. */
type Sizes = Map<string, { size: number; reads: Reads }[]>
export type ReadOptions = { log: Log; sizes: readonly number[]; isKept: boolean }

/**
 * Every read that somebody waits for, from ten thousand patients to a million (`--full`: ten millions; `--size`: one size alone), beside one row by its primary
 * key from the same database: the search while nothing else happens and while messages come in, the lists and the dashboard over as many tasks and responses.
 * How it holds as the hospital grows is measured beside a twin of ten thousand patients that runs on the same machine in the same rounds.
 */
export async function readRows({ log, sizes, isKept }: ReadOptions): Promise<Row[]> {
  const folders = await openFolders({ isKept, log })
  const known: Sizes = new Map()
  const rows: Row[] = []
  try {
    for (const size of sizes) {
      const isSmall = size === ORIGINALS
      const copies = isSmall ? 0 : await folders.growTo(size)
      if (copies + 1 !== size / ORIGINALS) {
        log(`the kept hospital has ${(copies + 1) * ORIGINALS} patients: ${size} are passed over`)
        continue
      }
      const opened: { stop(): Promise<void> }[] = []
      try {
        const hospital = await openHospital(isSmall ? folders.twin : folders.growing, copies)
        opened.unshift(hospital)
        const peer = await startPeer(hospital.databaseUrl)
        opened.unshift(peer)
        const house = { ...hospital, peer, log, most: Math.max(...sizes) }
        await sayWhatIsThere(house)
        rows.push(...(await measureAt(house, known)))
        if (!isSmall) {
          const twin = await openHospital(folders.twin, 0)
          opened.unshift(twin)
          rows.push(...(await growthBesideTwin(house, twin)))
        }
      } finally {
        for (const one of opened) await one.stop()
      }
    }
    return [...rows, ...growthRows(known)]
  } finally {
    await folders.drop()
  }
}

async function growthBesideTwin(house: House, twin: Hospital): Promise<Row[]> {
  const [large, small] = [await searchesOf(house), await searchesOf(twin)]
  const rows: Row[] = []
  for (const { kind, asked } of large) {
    const same = small.find((s) => s.kind === kind)
    if (same) rows.push(await besideTwin({ kind, size: house.size, large: asked, small: same.asked, log: house.log }))
  }
  return [...rows, await rateBesideTwin(house, twin, house.log)]
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
  const { rows } = await db.query<{ said: string }>(
    `select string_agg(reltuples::bigint || ' ' || oid::regclass, ', ') as said from pg_class where oid = any($1::regclass[])`,
    [tables],
  )
  log(`${rows[0]?.said}; vacuumed and analyzed`)
}

async function measureAt(house: House, known: Sizes): Promise<Row[]> {
  const { log, size } = house
  const beside: Asked = { addresses: await onePatientEach(house) }
  const searches = await searchesOf(house)
  const isLargest = size >= Math.min(house.most, 1_000_000)
  const rows: Row[] = []
  const measure = async (name: string, what: string, asked: Asked, count: number, isShown = true) => {
    const reads = await pairedReads(asked, beside, count)
    known.set(name, [...(known.get(name) ?? []), { size, reads }])
    const row = readRow(reads, { name: `${name}-${shortOf(size)}`, what: `${what}, ${shortOf(size)} patients`, limitMs: LIMIT_MS })
    log(`${row.name}: p95 ${row.ours.toFixed(1)} ms beside ${row.besideFigure?.toFixed(1)} ms, load ${row.load.toFixed(1)}`)
    if (isShown) rows.push(row)
    if (isLargest && name.startsWith('search-') && !name.endsWith('-ingest')) rows.push(p99Row(name, what, reads))
  }
  for (const { asked } of searches) await timedGets(asked.addresses, WARM_UP, 4, asked.cookie) // a server that runs since the morning
  for (const { kind, asked } of searches) await measure(`search-${kind}`, `search by ${kind}, 20 hits, idle`, asked, 200)
  for (const { name, what, asked } of listsOf(house)) await measure(name, what, asked, 100, isLargest)
  if (isLargest) rows.push(await dashboardBesideScan(house, size))

  rows.push(...(await lookUps(house, size, searches, beside)))
  rows.push(await wholeFile(house))

  const perSecond = await halfLoad(house)
  const feed = startFeed(house.product.mllpPort, perSecond)
  for (const { kind, asked } of searches) {
    await measure(`search-${kind}-ingest`, `search by ${kind}, 20 hits, during ingest`, asked, 200)
  }
  log(`meanwhile ${(await feed.stop()).toFixed(0)} messages a second came in (half of what it takes: ${perSecond.toFixed(0)})`)
  await drained(house.app)
  const phone = searches.find((s) => s.kind === 'phone')
  if (phone) for (const rate of [BURST, perSecond]) rows.push(await lookUpDuringIngest(house, phone.asked, rate))
  return rows
}

const p99Row = (name: string, what: string, reads: Reads): Row =>
  plainRow(
    reads.ours.map((s) => s.p99),
    { name: `${name}-p99`, what, unit: 'ms p99', goal: '≤ 15 ms', isMet: (ms) => ms <= 15 },
  )

async function onePatientEach({ db, peer }: House): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>(
    `select id from patients.patients tablesample system ((select least(100, 400000.0 / reltuples) from pg_class where oid = 'patients.patients'::regclass))
      order by md5(id::text) limit 2000`,
  )
  return rows.map((r) => `${peer.url}/${r.id}`)
}

async function searchesOf({ db, masterKey, product, desks, copies }: Hospital) {
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

/**
 * A whole number typed or rung, by as many as ask at once: what a call centre's desks do. From 32 desks, where both are at their limit; and from 8, where each
 * wakes the database for itself.
 */
async function lookUps(house: House, size: number, searches: Awaited<ReturnType<typeof searchesOf>>, beside: Asked): Promise<Row[]> {
  const phone = searches.find((s) => s.kind === 'phone')
  if (!phone) return []
  const from = async (clients: number, goal: number | undefined) => {
    const { spreads, ...pair } = await pairedRates(phone.asked, beside, { clients, count: 4000 })
    const [name, what] = [
      `lookup-${clients}`,
      `look-up by phone with sign-in, masking and audit, ${clients} desks, ${shortOf(size)} patients`,
    ]
    house.log(`${name}: ${pair.ours.map(Math.round)} a second beside ${pair.beside.map(Math.round)}`)
    const rate = rowOf(pair, {
      name: `${name}-${shortOf(size)}`,
      what,
      unit: 'req/s',
      beside: 'Fastify + pg, one row by primary key',
      goal: goal === undefined ? '—' : `≥ ${goal}`,
      isMet: (ratio) => (goal === undefined ? null : ratio >= goal),
    })
    const p99 = spreads.map((s) => s.p99)
    return [rate, plainRow(p99, { name: `${name}-p99-${shortOf(size)}`, what, unit: 'ms p99', goal: '≤ 20 ms', isMet: (ms) => ms <= 20 })]
  }
  return [...(await from(32, 0.4)), ...(await from(8, undefined))]
}

/** Messages a second of a hospital of 3,000 beds in its busiest minute; beside it half of what the machine takes at most. */
const BURST = 5

/** How much later the middle one of the look-ups comes while messages come in than while none do, in turn. */
async function lookUpDuringIngest({ product, app, size, log }: House, { addresses, cookie }: Asked, perSecond: number): Promise<Row> {
  const idle = async () => percentile(await timedGets(addresses, 2000, 4, cookie), 0.5)
  const ingest = async () => {
    const feed = startFeed(product.mllpPort, perSecond)
    const p50 = await idle()
    await feed.stop()
    await drained(app)
    return p50
  }
  const pair = await paired(ingest, idle)
  const rounded = (times: readonly number[]) => times.map((ms) => ms.toFixed(1))
  const name = `lookup-ingest-${perSecond === BURST ? 'burst' : 'half'}-${shortOf(size)}`
  log(`${name}: p50 ${rounded(pair.ours)} ms beside ${rounded(pair.beside)} ms idle`)
  return rowOf(pair, {
    name,
    what: `look-up by phone, p50, while ${perSecond.toFixed(0)} messages a second come in, ${shortOf(size)} patients`,
    unit: 'ms',
    beside: 'the same while nothing comes in',
    goal: '≤ 1.5',
    isMet: (times) => times <= 1.5,
  })
}

const EVENTS_OF_ONE = 500

/** Everything the page of a patient asks for when it is opened, of somebody to whom much has happened. */
async function wholeFile({ product, app, desks, log, size }: House): Promise<Row> {
  const [record = ''] = marks(1)
  await send(
    product.mllpPort,
    1,
    Array.from({ length: EVENTS_OF_ONE }, (_, i) => visit(`B${record}`, marks(1)[0] ?? '', i + 1)),
  )
  await drained(app)
  const found = await fetch(`${product.url}/api/patients/search?limit=1&q=B${record}`, { headers: { cookie: desks.nurse } })
  const id: string = (await found.json()).rows[0].id
  const paths = [`patients/heads/${id}`, `patients/patients/${id}`, `followups/patients/${id}/followups`]
  const timelines = ['patients', 'encounters', 'followups', 'feedback', 'surveys'].map((m) => `${m}/timeline/${id}?limit=20`)
  const addresses = [...paths, ...timelines].map((path) => `${product.url}/api/${path}`)
  await pageTimes(addresses, 20, desks.nurse)
  const spreads: Spread[] = []
  for (let round = 0; round < ROUNDS; round += 1) spreads.push(await pageTimes(addresses, 50, desks.nurse))
  const p95 = spreads.map((s) => s.p95)
  log(`file: p95 ${p95.map((ms) => ms.toFixed(1))} ms`)
  return plainRow(p95, {
    name: `file-${shortOf(size)}`,
    what: `all that the page of a patient with ${EVENTS_OF_ONE} events asks for at once, ${shortOf(size)} patients`,
    unit: 'ms p95',
    goal: '< 150 ms',
    isMet: (ms) => ms < 150,
  })
}

/** Half of the messages a second that it takes at most with eight senders, its outbox drained. */
async function halfLoad({ product, app }: House): Promise<number> {
  const began = performance.now()
  const rounds = Math.min(3, ROUNDS)
  for (let round = 0; round < rounds; round += 1) {
    await send(product.mllpPort, 8, discharges(200))
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
