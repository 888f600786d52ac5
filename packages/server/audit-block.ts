import { hash } from 'node:crypto'
import type pg from 'pg'

/** What the database keeps of a block of audit rows. */
export type Block = {
  number: number
  rows: number
  sealedAt: Date
  previousHash: Buffer
  hash: Buffer
  archive: string | null
  /** Its rows in their order; of the oldest that left for a file, none. */
  ids: string[]
}

/** The columns of a block, for a query. */
export const BLOCK = `number, rows, sealed_at as "sealedAt", previous_hash as "previousHash", hash, archive, ids`

/** Whether a block's hash is that of the block before it and of these rows, in the order of their ids: SHA-256 over both. */
export const fits = (block: Pick<Block, 'previousHash' | 'hash'>, said: readonly string[]): boolean =>
  hash('sha256', Buffer.concat([block.previousHash, Buffer.from(said.join('\n'))]), 'buffer').equals(block.hash)

/** What these rows say, by their ids; whoever asks has set the zone to UTC. Of a row that is gone there is nothing. */
export async function readWords(client: pg.ClientBase, ids: readonly string[]): Promise<Map<string, string>> {
  const { rows } = await client.query<{ id: string; said: string }>(
    'select id, house.audit_words(a) as said from house.audit a where id = any ($1::uuid[])',
    [ids],
  )
  return new Map(rows.map((r) => [r.id, r.said]))
}
