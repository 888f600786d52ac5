import { createHmac } from 'node:crypto'
import { mkdir, open, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sql } from 'kysely'
import type { Context } from './context.ts'
import type { Tick } from './module.ts'
import type { HospitalKeys } from './secrets.ts'

/** Where the chain stood at a moment, as noted outside the database: whoever rewrites the chain from a point on cannot rewrite this. */
export type Anchor = { at: string; block: number; rows: number; hash: string; isRestore?: boolean }
type Line = Anchor & { mac: string }
type Keyed = { keys: HospitalKeys; hospital: { id: number } }

export type Anchors = {
  anchors: Anchor[]
  /** The first line of the file that was changed, or before which one was taken out; null where all are true. */
  badLine: number | null
  /** Anchors that a restored backup made void. */
  setAside: Anchor[]
}

const fileOf = (folder: string, { hospital }: Keyed) => join(folder, `hospital-${hospital.id}.jsonl`)

/** Each line answers for itself and for all before it; without the hospital's key nobody makes one. */
const macOf = (ctx: Keyed, before: string, { at, block, rows, hash, isRestore }: Anchor) =>
  createHmac('sha256', ctx.keys.index)
    .update(`audit anchor ${ctx.hospital.id} ${before} ${at} ${block} ${rows} ${hash} ${isRestore ?? false}`)
    .digest('hex')

/** All anchors of a hospital, the oldest first, with what is wrong with the file. */
export async function readAnchors(ctx: Keyed, folder: string): Promise<Anchors> {
  const lines = await linesOf(ctx, folder)
  const anchors: Anchor[] = []
  const setAside: Anchor[] = []
  let before = ''
  for (const [at, line] of lines.entries()) {
    if (!line || macOf(ctx, before, line) !== line.mac) return { anchors, badLine: at + 1, setAside }
    if (line.isRestore) while ((anchors.at(-1)?.block ?? 0) > line.block) setAside.push(...anchors.splice(-1))
    anchors.push(line)
    before = line.mac
  }
  return { anchors, badLine: null, setAside }
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
    const anchored = last ? await blockOf(last.block) : undefined
    if (badLine !== null || (last && anchored?.hash.toString('hex') !== last.hash)) return 'broken'
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
  }
  await append(ctx, folder, anchor)
  return 'anchored'
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
