import { sql } from 'kysely'
import { type Block, hashOf, printOf } from './audit-block.ts'
import type { Context } from './context.ts'
import { digestOf } from './secrets/suites.ts'
import { currentKey } from './secrets/texts.ts'

/** What is in no block yet, in the order in which it goes into one. */
type Next = Pick<Block, 'number' | 'previousHash' | 'ids'> & { said: string[] }

/**
 * Puts the audit rows that were committed and are in no block yet into the next one, under the hash of the suite by which the hospital seals: SHA-256 is reckoned in
 * the database, SM3 here, since PostgreSQL has none. One sealer a hospital at a time.
 */
export async function sealAudit(ctx: Context): Promise<void> {
  const algorithm = digestOf[currentKey(ctx.keys).suite]
  if (algorithm === 'sha256') {
    await sql`select house.seal_audit(${ctx.clock.now()})`.execute(ctx.db)
    return
  }
  const { rows } = await sql<Next>`select * from house.next_audit_block()`.execute(ctx.db)
  const [next] = rows
  if (!next) return
  const hash = hashOf({ ...next, algorithm }, next.said)
  const prints = Buffer.concat(next.said.map((said) => printOf({ algorithm }, said)))
  await sql`select house.seal_audit_sm3(${ctx.clock.now()}, ${next.number}, ${next.ids}, ${hash}, ${prints})`.execute(ctx.db)
}
