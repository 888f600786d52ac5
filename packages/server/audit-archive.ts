import { mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { promisify } from 'node:util'
import { gunzip, gzip } from 'node:zlib'
import type pg from 'pg'
import { BLOCK, type Block, fits, readWords } from './audit-block.ts'
import { oneTransaction } from './database.ts'
import { locks } from './locks.ts'
import type { Digest } from './secrets/suites.ts'

export type ArchivedBlock = { number: number; rows: { id: string; said: string }[] }
type Header = { block: number; rows: number; sealedAt: string; previousHash: string; algorithm: Digest; hash: string }

/** What leaves together, in one file; a file is read as a whole. */
const BLOCKS_A_FILE = 5000
const ROWS_A_FILE = 100_000

export class BrokenBlock extends Error {
  readonly block: number
  constructor(block: number) {
    super(`block ${block} of the audit trail does not fit its hash`)
    this.block = block
  }
}

/**
 * Moves the rows of all blocks sealed before a moment out of the table into files, the oldest first, and answers how many. A block's line (its hash and the list of its
 * rows) stays in the database, so that the chain is whole and the files are held against it; the file is on disk before a row is deleted. Needs the database's
 * owner: the application may not delete. A block that does not fit its hash is never put away.
 */
export async function archiveAudit(
  owner: pg.Pool,
  hospitalId: number,
  before: Date,
  folder: string,
): Promise<{ rows: number; files: string[] }> {
  const files: string[] = []
  let rows = 0
  for (;;) {
    const part = await inOwnTransaction(owner, hospitalId, (client) => archivePart(client, hospitalId, before, folder))
    if (!part) return { rows, files }
    files.push(part.name)
    rows += part.rows
  }
}

/** A transaction of the database's owner in one hospital, which no other archiving and no sealing meets. */
export const inOwnTransaction = <T>(owner: pg.Pool, hospitalId: number, work: (client: pg.PoolClient) => Promise<T>): Promise<T> =>
  oneTransaction(owner, async (client) => {
    await client.query(
      `select set_config('house.hospital', '${Number(hospitalId)}', true), set_config('timezone', 'UTC', true), pg_advisory_xact_lock(${locks.seal}, ${Number(hospitalId)})`,
    )
    return work(client)
  })

async function archivePart(client: pg.PoolClient, hospitalId: number, before: Date, folder: string) {
  const { rows: blocks } = await client.query<Block>(
    `select ${BLOCK} from house.audit_blocks where archive is null order by number limit ${BLOCKS_A_FILE}`,
  )
  const young = blocks.findIndex((b) => b.sealedAt >= before)
  let count = 0
  const leaving = (young === -1 ? blocks : blocks.slice(0, young)).filter((b, at) => {
    count += b.rows
    return at === 0 || count <= ROWS_A_FILE
  })
  const [first, last] = [leaving[0], leaving.at(-1)]
  if (!first || !last) return null
  const ids = leaving.flatMap((b) => b.ids)
  const saidOf = await readWords(client, ids)
  const lines = leaving.flatMap((block) => {
    const said = block.ids.flatMap((id) => saidOf.get(id) ?? [])
    if (said.length !== block.rows || !fits(block, said)) throw new BrokenBlock(block.number)
    return [JSON.stringify(headerOf(block)), ...said]
  })
  const name = `hospital-${hospitalId}-blocks-${first.number}-${last.number}.jsonl.gz`
  await writeDurably(folder, name, await promisify(gzip)(`${lines.join('\n')}\n`))
  await client.query('update house.audit_blocks set archive = $1 where number between $2 and $3', [name, first.number, last.number])
  await client.query('delete from house.audit where id = any ($1)', [ids])
  return { name, rows: ids.length }
}

const headerOf = ({ number, rows, sealedAt, previousHash, algorithm, hash }: Block): Header => ({
  block: number,
  rows,
  sealedAt: sealedAt.toISOString(),
  previousHash: previousHash.toString('hex'),
  algorithm,
  hash: hash.toString('hex'),
})

async function writeDurably(folder: string, name: string, bytes: Buffer): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const path = join(folder, name)
  await rm(`${path}.part`, { force: true }) // of an attempt that was broken off
  const file = await open(`${path}.part`, 'wx', 0o400)
  try {
    await file.writeFile(bytes)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(`${path}.part`, path)
  const place = await open(folder, 'r')
  await place.sync().finally(() => place.close())
}

/**
 * The blocks of an archive file with their rows, as the bytes that were hashed: a header line, then a line for each row. Of a file that is gone or cannot be
 * read there are none; whoever asks sees what is missing.
 */
export async function readArchive(folder: string, name: string): Promise<ArchivedBlock[]> {
  const text = await readFile(join(folder, basename(name)))
    .then((bytes) => promisify(gunzip)(bytes))
    .then(String, () => '')
  const blocks: ArchivedBlock[] = []
  for (const line of text.split('\n')) {
    if (line.startsWith('[')) blocks.at(-1)?.rows.push({ id: line.slice(0, 60).split('"')[1] ?? '', said: line })
    else blocks.push({ number: Number(/"block":(\d+)/.exec(line)?.[1] ?? 0), rows: [] })
  }
  return blocks.filter((b) => b.number > 0)
}
