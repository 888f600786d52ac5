import type { Context } from '@renxin/server'
import { db } from './tables.ts'

/** Tasks that the one at work has to mend or do again now, the earliest planned first; few at any time. */
export async function returnedTo(ctx: Context): Promise<{ id: string; isOpen: boolean }[]> {
  return await db(ctx)
    .selectFrom('followups.tasks as t')
    .where('t.assigneeId', '=', ctx.actor.id)
    .where('t.review', '=', 'returned')
    .where((w) => w.or([w('t.status', '=', 'done'), w.and([w('t.isOpen', '=', true), w('t.nextAt', '<=', ctx.clock.now())])])) // what is put off waits
    .select(['t.id', 't.isOpen'])
    .orderBy('t.id')
    .limit(200)
    .execute()
}
