import type pg from 'pg'
import { type Anchor, type Anchors, isRetired } from './audit-anchors.ts'
import { readArchive } from './audit-archive.ts'
import { BLOCK, type Block, fits, printOf, readWords } from './audit-block.ts'
import { RETIRED } from './audit-retire.ts'
import { digestOf } from './secrets/suites.ts'

export type FaultKind =
  | 'changed' // the row says something else than when it was sealed
  | 'missing' // the row was deleted
  | 'inserted' // the row was put in afterwards
  | 'blockChanged' // the block's own hash, what it is hashed with, or its list of rows was changed
  | 'blockMissing' // the block was deleted
  | 'chainBroken' // the block does not follow on the one before it
  | 'rewritten' // the chain is whole in itself, and not the one that was anchored
  | 'cutOff' // blocks that were anchored are gone from the end
  | 'anchorChanged' // a line of the anchor file was changed or taken out
  | 'anchorsMissing' // there should be anchors by now
  | 'archiveMissing'
  | 'retiredUnsigned' // its rows are gone as if their time were over, and no signed anchor says so
export type Fault = {
  /** Null where a row is in no block: it was put in, or was deleted before it was sealed. */
  block: number | null
  rowId: string | null
  kind: FaultKind
  /** The last block that is known good, of what was rewritten. */
  after?: number
}

export type Verdict = {
  rows: number
  blocks: number
  unsealed: number
  archived: number
  retired: number
  lastAnchor: Anchor | null
  faults: Fault[]
}

type Options = { anchors: Anchors; archives: string; onProgress?: (rows: number) => void }
type Note = (fault: Fault) => void

/** More are not gathered: the first is what is asked for. */
const MOST_FAULTS = 100
const MOST_BLOCKS = 5000
const ROWS_AT_ONCE = 10_000
/** The trail is anchored every hour; a day without is no accident of the clock. */
const ANCHOR_HOURS = 25

/**
 * Reads a hospital's whole audit trail once, block by block, recomputes every block's hash, holds the chain against its anchors, and counts whether there is a row
 * that no block and no list of unsealed rows names. The time grows with the rows and with nothing else.
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
  const verdict: Verdict = {
    rows: 0,
    blocks: 0,
    unsealed: 0,
    archived: 0,
    retired: 0,
    lastAnchor: anchors.anchors.at(-1) ?? null,
    faults: [],
  }
  const faulty = new Set<number | null>()
  const note: Note = (fault) => {
    if (faulty.has(fault.block) || verdict.faults.length >= MOST_FAULTS) return
    faulty.add(fault.block)
    verdict.faults.push(fault)
  }
  const chain = newChain(anchors, note)
  for (let next = readBlocks(client, 0); ; ) {
    const blocks = await next
    const last = blocks.at(-1)
    if (!last) break
    const here = blocks.filter((b) => b.archive === null)
    const words = readWords(client, here.flatMap((b) => b.ids)) // biome-ignore format: one thought
    next = readBlocks(client, last.number)
    next.catch(() => {}) // it is waited for in the next round, unless this one fails
    for (const block of blocks) chain.take(block)
    const saidOf = await words
    for (const block of here) {
      const said = block.ids.flatMap((id) => saidOf.get(id) ?? [])
      if (said.length !== block.rows || !fits(block, said)) note(await nameBadRow(client, block, saidOf))
    }
    verdict.blocks += blocks.length
    verdict.rows += saidOf.size
    onProgress?.(verdict.rows)
  }
  for (const number of chain.gaps) note({ block: number, rowId: null, kind: 'blockMissing' })
  for (const [name, blocks] of chain.archived) {
    const { kept, gone } = await verifyArchive(client, { archives, name, blocks, ranges: anchors.ranges }, note)
    verdict.archived += kept
    verdict.retired += gone
  }
  verdict.retired += chain.retired
  await countTheRest(client, verdict, note)
  await holdAgainstAnchors(client, anchors, chain, note)
  verdict.faults.sort((a, b) => (a.block ?? Number.POSITIVE_INFINITY) - (b.block ?? Number.POSITIVE_INFINITY))
  return verdict
}

/** The next blocks, as many as have so many rows together, and one at least. */
async function readBlocks(client: pg.PoolClient, after: number): Promise<Block[]> {
  const { rows } = await client.query<Block>(
    `select ${BLOCK} from (
       select *, sum(rows) over (order by number) - rows as before from (select * from house.audit_blocks where number > $1 order by number limit ${MOST_BLOCKS}) b
     ) b where before < ${ROWS_AT_ONCE} order by number`,
    [after],
  )
  return rows
}

type Chain = ReturnType<typeof newChain>

/** The blocks in their order; what does not follow on the block before, or is not what was anchored, is noted. */
function newChain({ anchors, ranges }: Anchors, note: Note) {
  const anchored = new Map([...ranges.map((r) => [r.to, r.hash] as const), ...anchors.map((a) => [a.block, a.hash] as const)])
  const chain = {
    last: 0,
    lastHash: Buffer.alloc(0),
    firstAt: null as Date | null,
    lastAt: null as Date | null,
    good: 0,
    rewritten: null as number | null,
    gaps: [] as number[],
    archived: new Map<string, Block[]>(),
    retired: 0,
    take: (block: Block) => {
      if (block.number !== chain.last + 1) chain.gaps.push(chain.last + 1)
      else if (!block.previousHash.equals(chain.lastHash)) note({ block: block.number, rowId: null, kind: 'chainBroken' })
      const hashThen = anchored.get(block.number)
      if (hashThen === block.hash.toString('hex') && chain.rewritten === null) chain.good = block.number
      else if (hashThen !== undefined && hashThen !== block.hash.toString('hex')) chain.rewritten ??= block.number
      chain.firstAt ??= block.sealedAt
      Object.assign(chain, { last: block.number, lastHash: block.hash, lastAt: block.sealedAt })
      if (block.archive === null) return
      if (block.archive === RETIRED) {
        if (!isRetired(ranges, block.number)) note({ block: block.number, rowId: null, kind: 'retiredUnsigned' })
        chain.retired += block.rows
        return
      }
      const together = chain.archived.get(block.archive)
      if (together) together.push({ ...block, ids: [] })
      else chain.archived.set(block.archive, [{ ...block, ids: [] }]) // there may be millions, and their lists are long
    },
  }
  return chain
}

/** Rows that no block names: those that the sealer has not come to, and no others; and whether those are all there. */
async function countTheRest(client: pg.PoolClient, verdict: Verdict, note: Note): Promise<void> {
  const { rows: listed } = await client.query<{ id: string; isThere: boolean }>(
    `select q.id, exists (select from house.audit a where a.id = q.id) as "isThere" from house.unsealed_audit q order by q.id`,
  )
  const gone = listed.find((q) => !q.isThere)
  if (gone) note({ block: null, rowId: gone.id, kind: 'missing' })
  verdict.unsealed = listed.filter((q) => q.isThere).length
  const { rows: counted } = await client.query<{ n: number }>('select count(*) as n from house.audit')
  const sealed = verdict.rows
  verdict.rows = counted[0]?.n ?? 0
  if (verdict.rows === sealed + verdict.unsealed) return
  const { rows: strange } = await client.query<{ id: string }>(
    `select id from house.audit except select id from house.unsealed_audit
     except select unnest(ids) from house.audit_blocks where archive is null order by id limit 1`,
  )
  if (strange[0]) note({ block: null, rowId: strange[0].id, kind: 'inserted' })
}

/** Holds a block that does not fit its hash against the list of its rows: which was changed, or is gone. */
async function nameBadRow(client: pg.PoolClient, block: Block, saidOf: ReadonlyMap<string, string>): Promise<Fault> {
  const { number, ids } = block
  const all = ids.flatMap((id) => saidOf.get(id) ?? [])
  if (Object.values(digestOf).some((algorithm) => fits({ ...block, algorithm }, all)))
    return { block: number, rowId: null, kind: 'blockChanged' }
  const { rows } = await client.query<{ digests: Buffer | null }>('select digests from house.audit_blocks where number = $1', [number])
  const digests = rows[0]?.digests
  for (const [at, id] of ids.entries()) {
    const said = saidOf.get(id)
    if (said === undefined) return { block: number, rowId: id, kind: 'missing' }
    if (digests && !printOf(block, said).equals(digests.subarray(16 * at, 16 * at + 16)))
      return { block: number, rowId: id, kind: 'changed' }
  }
  return { block: number, rowId: digests ? null : (ids[0] ?? null), kind: 'blockChanged' }
}

type Archive = { archives: string; name: string; blocks: Block[]; ranges: Anchors['ranges'] }

/** How many rows of a file are there, and how many were deleted by a signed line; a restored database still names their file. */
async function verifyArchive(
  client: pg.PoolClient,
  { archives, name, blocks, ranges }: Archive,
  note: Note,
): Promise<{ kept: number; gone: number }> {
  const byNumber = new Map(blocks.map((b) => [b.number, b]))
  let kept = 0
  for (const { number, rows } of await readArchive(archives, name)) {
    const block = byNumber.get(number)
    if (!block) continue
    byNumber.delete(number)
    kept += rows.length
    const said = rows.map((r) => r.said)
    if (!fits(block, said))
      note(await nameBadRow(client, { ...block, ids: await idsOf(client, number) }, new Map(rows.map((r) => [r.id, r.said]))))
  }
  const missing = [...byNumber.values()]
  const first = missing.find((b) => !isRetired(ranges, b.number))
  if (first) note({ block: first.number, rowId: null, kind: 'archiveMissing' })
  return { kept, gone: missing.reduce((sum, b) => sum + (isRetired(ranges, b.number) ? b.rows : 0), 0) }
}

async function holdAgainstAnchors(client: pg.PoolClient, { anchors, badLine }: Anchors, state: Chain, note: Note) {
  const last = anchors.at(-1)
  if (badLine !== null) note({ block: (last?.block ?? 0) + 1, rowId: null, kind: 'anchorChanged' })
  if (state.rewritten !== null) {
    const from = state.good + 1
    note({ block: from, rowId: (await idsOf(client, from))[0] ?? null, kind: 'rewritten', after: state.good })
  }
  if (last && last.block > state.last) note({ block: state.last + 1, rowId: null, kind: 'cutOff' })
  const since = last ? new Date(last.at) : state.firstAt
  if (badLine === null && since && state.lastAt && state.lastAt.getTime() - since.getTime() > ANCHOR_HOURS * 3_600_000)
    note({ block: (last?.block ?? 0) + 1, rowId: null, kind: 'anchorsMissing' })
}

async function idsOf(client: pg.PoolClient, number: number): Promise<string[]> {
  const { rows } = await client.query<{ ids: string[] }>('select ids from house.audit_blocks where number = $1', [number])
  return rows[0]?.ids ?? []
}
