import { createHmac } from 'node:crypto'
import { mkdir, open, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sql } from 'kysely'
import type pg from 'pg'
import type { Context } from './context.ts'
import type { Tick } from './module.ts'
import { digestOf } from './secrets/suites.ts'
import type { HospitalKeys } from './secrets/texts.ts'

/** Where the chain stood at a moment, as noted outside the database: whoever rewrites the chain from a point on cannot rewrite this. `key`: the number of the key, where it is not the first. */
export type Anchor = { at: string; block: number; rows: number; hash: string; isRestore?: boolean; key?: number; retired?: Retired }
/** Blocks whose rows were deleted for good when their time was over, and the hash of the last of them. */
export type Retired = { from: number; to: number; rows: number; hash: string }
type Line = Anchor & { mac: string }
export type Keyed = { keys: HospitalKeys; hospital: { id: number } }

/** Whether a signed line says of this block that its rows were deleted for good. */
export const isRetired = (ranges: readonly Retired[], block: number): boolean => ranges.some((r) => r.from <= block && block <= r.to)

export type Anchors = {
  anchors: Anchor[]
  /** The first line of the file that was changed, or before which one was taken out; null where all are true. */
  badLine: number | null
  /** Anchors that a restored backup made void. */
  setAside: Anchor[]
  /** What was deleted for good, by signed lines; a restored backup does not bring the files back. */
  ranges: Retired[]
}

const fileOf = (folder: string, { hospital }: Keyed) => join(folder, `hospital-${hospital.id}.jsonl`)

/** Each line answers for itself and for all before it; without the hospital's key nobody makes one. */
function macOf(ctx: Keyed, before: string, { at, block, rows, hash, isRestore, key = 1, retired: r }: Anchor): string | undefined {
  const found = ctx.keys.anchors.find((a) => a.number === key)
  if (!found) return undefined
  const said = `audit anchor ${ctx.hospital.id} ${before} ${at} ${block} ${rows} ${hash} ${isRestore ?? false}${key === 1 ? '' : ` ${key}`}${r ? ` retired ${r.from} ${r.to} ${r.rows} ${r.hash}` : ''}`
  return createHmac(digestOf[found.suite], found.key).update(said).digest('hex')
}

/** All anchors of a hospital, the oldest first, with what is wrong with the file. */
export async function readAnchors(ctx: Keyed, folder: string): Promise<Anchors> {
  const lines = await linesOf(ctx, folder)
  const anchors: Anchor[] = []
  const setAside: Anchor[] = []
  const ranges: Retired[] = []
  let before = ''
  for (const [at, line] of lines.entries()) {
    if (!line || macOf(ctx, before, line) !== line.mac) return { anchors, badLine: at + 1, setAside, ranges }
    if (line.isRestore) while ((anchors.at(-1)?.block ?? 0) > line.block) setAside.push(...anchors.splice(-1))
    anchors.push(line)
    if (line.retired) ranges.push(line.retired)
    before = line.mac
  }
  return { anchors, badLine: null, setAside, ranges }
}

async function linesOf(ctx: Keyed, folder: string): Promise<(Line | null)[]> {
  const text = await readFile(fileOf(folder, ctx), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return ''
    throw error
  })
  return text.trimEnd() === '' ? [] : text.trimEnd().split('\n').map(parseLine)
}

function parseLine(text: string): Line | null {
  try {
    const said: unknown = JSON.parse(text)
    return isLine(said) ? said : null
  } catch {
    return null // not a line that we wrote
  }
}

const isLine = (said: unknown): said is Line =>
  typeof said === 'object' &&
  said !== null &&
  'at' in said &&
  'block' in said &&
  'rows' in said &&
  'hash' in said &&
  'mac' in said &&
  typeof said.mac === 'string' &&
  typeof said.block === 'number' &&
  typeof said.rows === 'number' &&
  typeof said.hash === 'string'

type Head = { number: number; hash: Buffer }

/** Whether the block that was anchored is still what it was; of a chain without a block there is none. */
const holds = ({ block, hash }: Anchor, found: Head | undefined) => block === 0 || found?.hash.toString('hex') === hash

/**
 * Notes where the chain stands at the end of the hospital's anchor file, which is only ever appended to. Before that it looks whether the last anchor still holds:
 * where it does not, the trail was rewritten or cut off, and nothing is noted over it.
 */
export async function anchorAudit(ctx: Context, folder: string, { isRestore = false } = {}): Promise<'anchored' | 'unchanged' | 'broken'> {
  const { anchors, badLine } = await readAnchors(ctx, folder)
  const last = anchors.at(-1)
  const blockOf = async (number: number | null): Promise<Head | undefined> =>
    (
      await sql<Head>`select number, hash from house.audit_blocks where ${number}::bigint is null or number = ${number}::bigint
                      order by number desc limit 1`.execute(ctx.db)
    ).rows[0]
  const head = await blockOf(null)
  if (!isRestore) {
    if (badLine !== null || (last && !holds(last, await blockOf(last.block)))) return 'broken'
    if (!head || head.number === last?.block) return 'unchanged'
  }
  const since = isRestore ? 0 : (last?.block ?? 0)
  const { rows } = await sql<{ n: number }>`
    select coalesce(sum(rows), 0)::bigint as n from house.audit_blocks where number > ${since}`.execute(ctx.db)
  const anchor: Anchor = {
    at: ctx.clock.now().toISOString(),
    block: head?.number ?? 0,
    rows: (isRestore ? 0 : (last?.rows ?? 0)) + (rows[0]?.n ?? 0),
    hash: head?.hash.toString('hex') ?? '',
    ...(isRestore && { isRestore }),
    ...keyNumber(ctx),
  }
  await append(ctx, folder, anchor)
  return 'anchored'
}

/** Anchors are signed by the newest key; the first is not named. */
const keyNumber = ({ keys }: Keyed): Pick<Anchor, 'key'> => {
  const key = keys.anchors.at(-1)?.number ?? 1
  return key > 1 ? { key } : {}
}

/** Notes, before anything is deleted, from which block to which it will be. Where the last anchor does not hold, nothing is noted and nothing may be deleted. */
export async function anchorRetired(client: pg.ClientBase, who: Keyed, folder: string, now: Date, retired: Retired): Promise<void> {
  const { anchors, badLine } = await readAnchors(who, folder)
  const last = anchors.at(-1)
  const { rows } = await client.query<Head & { rows: number }>(
    'select number, hash, (select coalesce(sum(rows), 0)::bigint from house.audit_blocks where number > $1) as rows from house.audit_blocks order by number desc limit 1',
    [last?.block ?? 0],
  )
  const { rows: anchored } = await client.query<Head>('select number, hash from house.audit_blocks where number = $1', [last?.block ?? 0])
  const [head] = rows
  if (!head || badLine !== null || (last && !holds(last, anchored[0]))) throw new BrokenAnchors()
  await append(who, folder, {
    at: now.toISOString(),
    block: head.number,
    rows: (last?.rows ?? 0) + head.rows,
    hash: head.hash.toString('hex'),
    ...keyNumber(who),
    retired,
  })
}

export class BrokenAnchors extends Error {
  constructor() {
    super('the audit trail does not fit its anchors')
  }
}

async function append(ctx: Keyed, folder: string, anchor: Anchor): Promise<void> {
  const before = (await linesOf(ctx, folder)).at(-1)?.mac ?? ''
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const file = await open(fileOf(folder, ctx), 'a', 0o600)
  try {
    await file.write(`${JSON.stringify({ ...anchor, mac: macOf(ctx, before, anchor) })}\n`)
    await file.datasync()
  } finally {
    await file.close()
  }
}

/** Anchors every hospital's trail at the start of the server and every hour after it. */
export const anchorTick = (folder: string): Tick => ({
  name: 'house.anchor',
  everySeconds: 3600,
  run: async (ctx) => {
    if ((await anchorAudit(ctx, folder)) === 'broken')
      ctx.log.error({ hospitalId: ctx.hospital.id }, 'the audit trail does not fit its anchors: run npx renxin audit verify')
  },
})
