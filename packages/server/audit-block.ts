import { hash } from 'node:crypto'
import type pg from 'pg'
import type { Digest } from './secrets/suites.ts'

/** What the database keeps of a block of audit rows. */
export type Block = {
  number: number
  rows: number
  sealedAt: Date
  previousHash: Buffer
  hash: Buffer
  archive: string | null
  algorithm: Digest
  /** Its rows in their order; of the oldest that left for a file, none. */
  ids: string[]
}

/** The columns of a block, for a query. */
export const BLOCK = `number, rows, sealed_at as "sealedAt", previous_hash as "previousHash", hash, archive, algorithm, ids`

/** The hash of a block: over that of the block before it and what its rows say, in the order of their ids. */
export const hashOf = ({ algorithm, previousHash }: Pick<Block, 'algorithm' | 'previousHash'>, said: readonly string[]): Buffer =>
  hash(algorithm, Buffer.concat([previousHash, Buffer.from(said.join('\n'))]), 'buffer')

/** Whether a block's hash is that of the block before it and of these rows. */
export const fits = (block: Pick<Block, 'algorithm' | 'previousHash' | 'hash'>, said: readonly string[]): boolean =>
  hashOf(block, said).equals(block.hash)

/** Half a hash of one row, by which the row that was changed is told where its block no longer fits. */
export const printOf = ({ algorithm }: Pick<Block, 'algorithm'>, said: string): Buffer => hash(algorithm, said, 'buffer').subarray(0, 16)

/** What these rows say, by their ids; whoever asks has set the zone to UTC. Of a row that is gone there is nothing. */
export async function readWords(client: pg.ClientBase, ids: readonly string[]): Promise<Map<string, string>> {
  const { rows } = await client.query<{ id: string; said: string }>(
    'select id, house.audit_words(a) as said from house.audit a where id = any ($1::uuid[])',
    [ids],
  )
  return new Map(rows.map((r) => [r.id, r.said]))
}
