import { rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type pg from 'pg'
import { anchorRetired, isRetired, type Keyed, type Retired, readAnchors } from './audit-anchors.ts'
import { BrokenBlock, inOwnTransaction, readArchive } from './audit-archive.ts'
import { BLOCK, type Block, fits } from './audit-block.ts'

/** What stands in the place of a block's file once its rows are deleted for good. */
export const RETIRED = 'retired'

export type Retiring = { rows: number; files: number; range: Retired | null }

/**
 * Deletes archive files of which every block was sealed before a moment, the oldest first. The order is: what is there is verified, a signed line of the anchor file says from
 * which block to which it goes, the files are deleted, and the blocks forget the ids of their rows and keep their hashes, so that the chain goes on through them. Broken
 * off anywhere it is done again. Needs the database's owner: the application may not delete.
 */
export async function retireAudit(owner: pg.Pool, who: Keyed, before: Date, folder: string, now: Date): Promise<Retiring> {
  const { hospital } = who
  const { ranges } = await readAnchors(who, folder)
  const isSigned = (b: Block) => isRetired(ranges, b.number)
  const files = await inOwnTransaction(owner, hospital.id, (client) => oldFiles(client, before))
  const leaving: Block[] = []
  for (const { name, blocks } of files) {
    const said = new Map((await readArchive(folder, name)).map((b) => [b.number, b.rows.map((r) => r.said)]))
    const bad = blocks.find(
      (b) => !(said.size === 0 && isSigned(b)) && !(said.get(b.number)?.length === b.rows && fits(b, said.get(b.number) ?? [])),
    )
    if (bad) throw new BrokenBlock(bad.number)
    leaving.push(...blocks)
  }
  const [first, last] = [leaving[0], leaving.at(-1)]
  if (!first || !last) return { rows: 0, files: 0, range: null }
  const rows = leaving.reduce((sum, b) => sum + b.rows, 0)
  const range = { from: first.number, to: last.number, rows, hash: last.hash.toString('hex') }
  if (!leaving.every(isSigned)) await inOwnTransaction(owner, hospital.id, (client) => anchorRetired(client, who, folder, now, range))
  for (const { name } of files) await rm(join(folder, basename(name)), { force: true })
  await inOwnTransaction(owner, hospital.id, (client) =>
    client.query(`update house.audit_blocks set archive = $1, ids = '{}', digests = null where number between $2 and $3`, [
      RETIRED,
      range.from,
      range.to,
    ]),
  )
  return { rows, files: files.length, range }
}

/** The archive files from the oldest on, as long as all that is in them is old. */
async function oldFiles(client: pg.PoolClient, before: Date): Promise<{ name: string; blocks: Block[] }[]> {
  const { rows } = await client.query<Block>(
    `select ${BLOCK.replace(', ids', `, '{}'::uuid[] as ids`)} from house.audit_blocks where archive is not null and archive <> $1 order by number`,
    [RETIRED],
  )
  const files = [...Map.groupBy(rows, (b) => b.archive ?? '')].map(([name, blocks]) => ({ name, blocks }))
  const young = files.findIndex((f) => f.blocks.some((b) => b.sealedAt >= before))
  return young === -1 ? files : files.slice(0, young)
}
