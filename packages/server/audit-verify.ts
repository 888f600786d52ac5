import { hash } from 'node:crypto'
import type pg from 'pg'
import type { Anchor, Anchors } from './audit-anchors.ts'
import { readArchive } from './audit-archive.ts'
import { BLOCK, type Block, fits } from './audit-block.ts'

export type FaultKind =
  | 'changed' // the row says something else than when it was sealed
  | 'missing' // the row was deleted
  | 'inserted' // the row was put in afterwards
  | 'blockChanged' // the block's own hash or list of rows was changed
  | 'blockMissing' // the block was deleted
  | 'chainBroken' // the block does not follow on the one before it
  | 'rewritten' // the chain is whole in itself, and not the one that was anchored
  | 'cutOff' // blocks that were anchored are gone from the end
  | 'anchorChanged' // a line of the anchor file was changed or taken out
  | 'anchorsMissing' // there should be anchors by now
  | 'archiveMissing'
export type Fault = {
  block: number
  rowId: string | null
  kind: FaultKind /** The last block that is known good, of what was rewritten. */
  after?: number
}

export type Verdict = { rows: number; blocks: number; unsealed: number; archived: number; lastAnchor: Anchor | null; faults: Fault[] }

type Row = { id: string; block: number | null; said: string }
type Options = { anchors: Anchors; archives: string; onProgress?: (rows: number) => void }

/** More are not gathered: the first is what is asked for. */
const MOST_FAULTS = 100
const AT_ONCE = 5000
/** The trail is anchored every hour; a day without is no accident of the clock. */
const ANCHOR_HOURS = 25

/** The text of `house.audit_text`, written out: called for each row it would set the zone each time, and take three times as long. */
const SAID = `(jsonb_build_array(hospital_id, id, at, actor_id, actor_name, action, patient_id, object_id, reason, address, request_id, detail)
  || case when refusal is null then '[]'::jsonb else jsonb_build_array(refusal) end)::text`

/**
 * Reads a hospital's whole audit trail once, in the order of the rows' ids, recomputes every block's hash, and holds the chain against its anchors. A block's rows
 * lie close together in that order, so that only a few blocks are open at a time and nothing is sorted: the time grows with the rows and with nothing else.
 */
export async function verifyAudit(pool: pg.Pool, hospitalId: number, options: Options): Promise<Verdict> {
  const client = await pool.connect()
  try {
    await client.query('begin isolation level repeatable read, read only')
    await client.query(`select set_config('house.hospital', '${Number(hospitalId)}', true), set_config('timezone', 'UTC', true)`)
    return await verify(client, options)
  } finally {
    await client.query('rollback').finally(() => client.release())
  }
}

async function verify(client: pg.PoolClient, { anchors, archives, onProgress }: Options): Promise<Verdict> {
  const verdict: Verdict = { rows: 0, blocks: 0, unsealed: 0, archived: 0, lastAnchor: anchors.anchors.at(-1) ?? null, faults: [] }
  const faulty = new Set<number>()
  const note = (fault: Fault) => {
    if (faulty.has(fault.block) || verdict.faults.length >= MOST_FAULTS) return
    faulty.add(fault.block)
    verdict.faults.push(fault)
  }
  const chain = readChain(client, anchors.anchors, note)
  const open = new Map<number, Row[]>()
  const finish = async (block: Block, rows: readonly Row[]) => {
    open.delete(block.number)
    chain.finished(block.number)
    verdict.blocks += 1
    if (rows.length !== block.rows || !fits(block, rows.map((r) => r.said))) note(await nameBadRow(client, block, rows)) // biome-ignore format: one thought
  }

  await client.query(`declare trail no scroll cursor for select id, block, ${SAID} as said from house.audit order by id`)
  for (let next = fetchRows(client); ; ) {
    const rows = await next
    if (rows.length === 0) break
    next = fetchRows(client)
    next.catch(() => {}) // it is waited for in the next round, unless this one fails
    const touched = new Set<number>()
    for (const row of rows) {
      if (row.block === null) verdict.unsealed += 1
      else if (chain.isFinished(row.block)) note({ block: row.block, rowId: row.id, kind: 'inserted' })
      else {
        touched.add(row.block)
        const gathered = open.get(row.block)
        if (gathered) gathered.push(row)
        else open.set(row.block, [row])
      }
    }
    await chain.readUntil(Math.max(0, ...touched))
    for (const number of touched) {
      const [block, gathered] = [chain.pending.get(number), open.get(number)]
      if (block && gathered && gathered.length >= block.rows) await finish(block, gathered)
    }
    verdict.rows += rows.length
    onProgress?.(verdict.rows)
  }
  await chain.readUntil(Number.POSITIVE_INFINITY)
  for (const block of [...chain.pending.values()]) await finish(block, open.get(block.number) ?? [])
  for (const [number, rows] of open) note({ block: number, rowId: rows[0]?.id ?? null, kind: 'blockMissing' })
  for (const number of chain.gaps) note({ block: number, rowId: null, kind: 'blockMissing' })
  for (const [name, blocks] of chain.archived) {
    verdict.blocks += blocks.length
    verdict.archived += await verifyArchive(client, archives, name, blocks, note)
  }
  await holdAgainstAnchors(client, anchors, chain, note)
  verdict.faults.sort((a, b) => a.block - b.block)
  return verdict
}

const fetchRows = async (client: pg.PoolClient): Promise<Row[]> => (await client.query<Row>(`fetch ${AT_ONCE} from trail`)).rows

type Chain = ReturnType<typeof readChain>

/** The blocks in their order, read as far as the rows have come; what does not follow on the block before, or is not what was anchored, is noted. */
function readChain(client: pg.PoolClient, anchors: readonly Anchor[], note: (fault: Fault) => void) {
  const anchored = new Map(anchors.map((a) => [a.block, a.hash]))
  const pending = new Map<number, Block>()
  const archived = new Map<string, Block[]>()
  const done = new Set<number>()
  const gaps: number[] = []
  const chain = {
    last: 0,
    lastHash: Buffer.alloc(0),
    firstAt: null as Date | null,
    lastAt: null as Date | null,
    good: 0,
    rewritten: null as number | null,
  }
  let lowest = 1 // all below are finished
  let isAtEnd = false

  const take = (block: Block) => {
    if (block.number !== chain.last + 1) gaps.push(chain.last + 1)
    else if (!block.previousHash.equals(chain.lastHash)) note({ block: block.number, rowId: null, kind: 'chainBroken' })
    const hashThen = anchored.get(block.number)
    if (hashThen === block.hash.toString('hex') && chain.rewritten === null) chain.good = block.number
    else if (hashThen !== undefined && hashThen !== block.hash.toString('hex')) chain.rewritten ??= block.number
    chain.firstAt ??= block.sealedAt
    Object.assign(chain, { last: block.number, lastHash: block.hash, lastAt: block.sealedAt })
    if (block.archive === null) pending.set(block.number, block)
    else (archived.get(block.archive) ?? setNew(archived, block.archive)).push(block)
  }
  return {
    state: chain,
    gaps,
    pending,
    archived,
    isFinished: (number: number) => number < lowest || done.has(number),
    finished: (number: number) => {
      pending.delete(number)
      done.add(number)
      for (; done.delete(lowest); lowest += 1);
    },
    readUntil: async (number: number) => {
      while (!isAtEnd && chain.last < number) {
        const { rows } = await client.query<Block>(
          `select ${BLOCK} from house.audit_blocks where number > $1 order by number limit ${AT_ONCE}`,
          [chain.last],
        )
        isAtEnd = rows.length < AT_ONCE
        for (const block of rows) take(block)
      }
    },
  }
}

function setNew(map: Map<string, Block[]>, name: string): Block[] {
  const made: Block[] = []
  map.set(name, made)
  return made
}

type Print = { id: string; digest: string }

async function printsOf(client: pg.PoolClient, number: number): Promise<Print[] | null> {
  const { rows } = await client.query<{ digests: Buffer | null }>('select digests from house.audit_blocks where number = $1', [number])
  const digests = rows[0]?.digests
  if (!digests) return null
  return Array.from({ length: Math.floor(digests.length / 32) }, (_, at) => ({
    id: asUuid(digests.subarray(32 * at, 32 * at + 16)),
    digest: digests.subarray(32 * at + 16, 32 * at + 32).toString('hex'),
  }))
}

const asUuid = (bytes: Buffer) => bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')

/** Holds a block that does not fit its hash against the list of its rows: which was changed, is gone, or came in afterwards. */
async function nameBadRow(client: pg.PoolClient, { number }: Block, rows: readonly { id: string; said: string }[]): Promise<Fault> {
  const prints = await printsOf(client, number)
  const there = new Map(rows.map((r) => [r.id, hash('sha256', r.said, 'buffer').subarray(0, 16).toString('hex')]))
  const sealed = new Map(prints?.map((p) => [p.id, p.digest]))
  const first = [...new Set([...sealed.keys(), ...there.keys()])].toSorted().find((id) => sealed.get(id) !== there.get(id))
  if (!prints || first === undefined) return { block: number, rowId: prints ? null : (rows[0]?.id ?? null), kind: 'blockChanged' }
  return { block: number, rowId: first, kind: !there.has(first) ? 'missing' : sealed.has(first) ? 'changed' : 'inserted' }
}

async function verifyArchive(
  client: pg.PoolClient,
  folder: string,
  name: string,
  blocks: Block[],
  note: (f: Fault) => void,
): Promise<number> {
  const byNumber = new Map(blocks.map((b) => [b.number, b]))
  let count = 0
  for (const { number, rows } of await readArchive(folder, name)) {
    const block = byNumber.get(number)
    if (!block) continue
    byNumber.delete(number)
    count += rows.length
    if (!fits(block, rows.map((r) => r.said))) note(await nameBadRow(client, block, rows)) // biome-ignore format: one thought
  }
  const missing = byNumber.keys().next().value
  if (missing !== undefined) note({ block: missing, rowId: null, kind: 'archiveMissing' })
  return count
}

async function holdAgainstAnchors(client: pg.PoolClient, { anchors, badLine }: Anchors, { state }: Chain, note: (f: Fault) => void) {
  const last = anchors.at(-1)
  if (badLine !== null) note({ block: (last?.block ?? 0) + 1, rowId: null, kind: 'anchorChanged' })
  if (state.rewritten !== null) {
    const from = state.good + 1
    note({ block: from, rowId: (await printsOf(client, from))?.[0]?.id ?? null, kind: 'rewritten', after: state.good })
  }
  if (last && last.block > state.last) note({ block: state.last + 1, rowId: null, kind: 'cutOff' })
  const since = last ? new Date(last.at) : state.firstAt
  if (badLine === null && since && state.lastAt && state.lastAt.getTime() - since.getTime() > ANCHOR_HOURS * 3_600_000)
    note({ block: (last?.block ?? 0) + 1, rowId: null, kind: 'anchorsMissing' })
}
