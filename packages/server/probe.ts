import { type EventOf, type HouseEvent, newId } from '@renxin/kernel'
import { sql } from 'kysely'
import { type Block, fits } from './audit-block.ts'
import type { Context } from './context.ts'
import { emit } from './events.ts'

/** Writes a fact into the outbox and reads it back, in the transaction in progress; answers whether it is there, and how many others wait. */
export async function probeOutbox<E extends HouseEvent>(ctx: Context, event: E, of: (tryId: string) => EventOf<E>) {
  const tryId = newId()
  await emit(ctx, event, of(tryId))
  const { rows } = await sql<{ mine: number; others: number }>`
    select count(*) filter (where name = ${event.name} and payload @> ${JSON.stringify(of(tryId))}::jsonb)::int as mine,
           count(*) filter (where name <> ${event.name} or not payload @> ${JSON.stringify(of(tryId))}::jsonb)::int as others
    from house.events where pending`.execute(ctx.db)
  return { isThere: rows[0]?.mine === 1, waiting: rows[0]?.others ?? 0 }
}

/** Hashes the rows of the newest blocks again; answers how many, and the first that is not what it was. */
export async function probeAudit(ctx: Context): Promise<{ blocks: number; broken: number | null }> {
  const { rows } = await sql<Pick<Block, 'number' | 'algorithm' | 'previousHash' | 'hash'> & { said: string[] }>`
    select b.number, b.algorithm, b.previous_hash, b.hash,
      array(select house.audit_text(a) from house.audit a where a.id = any (b.ids) order by a.id) as said
    from house.audit_blocks b where b.archive is null order by b.number desc limit 5`.execute(ctx.db)
  return { blocks: rows.length, broken: rows.find((r) => !fits(r, r.said))?.number ?? null }
}
