import { hash } from 'node:crypto'

/** What the database keeps of a block of audit rows. */
export type Block = { number: number; rows: number; sealedAt: Date; previousHash: Buffer; hash: Buffer; archive: string | null }

/** The columns of a block, for a query. */
export const BLOCK = `number, rows, sealed_at as "sealedAt", previous_hash as "previousHash", hash, archive`

/** Whether a block's hash is that of the block before it and of these rows, in the order of their ids: SHA-256 over both. */
export const fits = (block: Pick<Block, 'previousHash' | 'hash'>, said: readonly string[]): boolean =>
  hash('sha256', Buffer.concat([block.previousHash, Buffer.from(said.join('\n'))]), 'buffer').equals(block.hash)
