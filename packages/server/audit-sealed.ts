import { sql } from 'kysely'
import type { Context } from './context.ts'

/** What somebody did with a patient, as the trail says it. */
export type SealedLook = { at: Date; actorId: string; actorName: string; action: string; patientId: string; requestId: string }

/** The last block that was sealed before a moment; 0 where there is none. */
export async function blockBefore(ctx: Context, at: Date): Promise<number> {
  const { rows } = await sql<{
    n: number
  }>`select coalesce(max(number), 0)::bigint as n from house.audit_blocks where sealed_at < ${at}`.execute(ctx.db)
  return rows[0]?.n ?? 0
}

/**
 * The looks at patients in the blocks after one, as many blocks as have about so many rows, and the number of the last; null where there is no block. Each row of the trail
 * stands in one block, so that whoever remembers the number meets each once, whenever it was committed. What was refused is no look.
 */
export async function readSealed(ctx: Context, after: number, most: number): Promise<{ last: number | null; looks: SealedLook[] }> {
  const { rows: blocks } = await sql<{ number: number; ids: string[] }>`
    select number, ids from (
      select *, sum(rows) over (order by number) - rows as before from (
        select number, rows, ids from house.audit_blocks where archive is null and number > ${after} order by number limit 2000) b
      ) b where before < ${most} order by number`.execute(ctx.db)
  const { rows: looks } = await sql<SealedLook>`
    select a.at, a.actor_id, a.actor_name, a.action, a.patient_id, a.request_id
      from unnest(${blocks.flatMap((b) => b.ids)}::uuid[]) i join house.audit a on a.id = i
     where a.patient_id is not null and a.actor_id is not null and a.refusal is null`.execute(ctx.db)
  return { last: blocks.at(-1)?.number ?? null, looks }
}
