import { forgetOrigin } from '@renxin/patients'
import { type Context, sql, tick } from '@renxin/server'
import { forgetStaffOrigin } from '@renxin/staff'
import { UNDO_DAYS } from './service.ts'
import { db } from './tables.ts'

const DAY_MS = 86_400_000
const AT_ONCE = 20

/**
 * When an import can be taken back no more, its rows are forgotten, and what was kept to take it back; one that nobody finished is let go after the same
 * time. The line in the list stays with its counts.
 */
export const clearImports = tick('integration.clearImports', { everySeconds: 300 }, async (ctx) => {
  const until = new Date(ctx.clock.now().getTime() - UNDO_DAYS * DAY_MS)
  for (const id of await oldOnes(ctx, until)) {
    await forgetOrigin(ctx, id)
    await forgetStaffOrigin(ctx, id)
    await db(ctx).deleteFrom('integration.importRows').where('importId', '=', id).execute()
    await db(ctx).deleteFrom('integration.importFiles').where('importId', '=', id).execute()
    await sql`
      update integration.imports set status = case when status in ('mapping', 'checked') then 'discarded' else status end, peek = ''::bytea
      where id = ${id}::uuid`.execute(ctx.db)
  }
})

async function oldOnes(ctx: Context, until: Date): Promise<string[]> {
  const rows = await db(ctx)
    .selectFrom('integration.imports')
    .where('status', 'not in', ['checking', 'applying', 'undoing'])
    .where(sql<boolean>`peek <> ''::bytea`)
    .where((e) => e.or([e('finishedAt', '<=', until), e.and([e('finishedAt', 'is', null), e('createdAt', '<=', until)])]))
    .orderBy('id')
    .limit(AT_ONCE)
    .select('id')
    .execute()
  return rows.map((r) => r.id)
}
