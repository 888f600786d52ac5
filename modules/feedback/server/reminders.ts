import { type Context, emitMany, tick } from '@renxin/server'
import type { HistoryKind } from '../contract.ts'
import { complaintOverdue } from './events.ts'
import { note } from './history.ts'
import { openStatuses, reminderDue } from './rules.ts'
import { db } from './tables.ts'

const kinds = { halfway: 'remindedHalfway', eve: 'remindedEve', overdue: 'overdue' } as const satisfies Record<string, HistoryKind>

/** Reminds of what has come due since the last look. Several servers may look at once: each claims rows of its own. */
export async function remind(ctx: Context): Promise<void> {
  const today = ctx.clock.today()
  const claimed = await db(ctx)
    .selectFrom('feedback.complaints as k')
    .innerJoin('feedback.opinions as o', 'o.id', 'k.id')
    .where('k.status', 'in', [...openStatuses])
    .where('k.halfwayOn', '<=', today)
    .where('k.reminded', '<>', 'overdue')
    .select(['k.id', 'k.halfwayOn', 'k.eveOn', 'k.answerBy', 'k.reminded', 'o.patientId'])
    .orderBy('k.answerBy')
    .limit(1000)
    .forUpdate('k')
    .skipLocked()
    .execute()
  const due = claimed.flatMap((k) => {
    const reminder = reminderDue(k, today)
    return reminder ? [{ ...k, reminder }] : []
  })
  for (const reminder of ['halfway', 'eve', 'overdue'] as const) {
    const ids = due.filter((d) => d.reminder === reminder).map((d) => d.id)
    if (ids.length > 0) await db(ctx).updateTable('feedback.complaints').set({ reminded: reminder }).where('id', 'in', ids).execute()
  }
  if (due.length > 0) ctx.touched.add('feedback')
  await note(
    ctx,
    due.map((d) => ({ complaintId: d.id, kind: kinds[d.reminder] })),
  )
  const overdue = due.filter((d) => d.reminder === 'overdue')
  await emitMany(
    ctx,
    complaintOverdue,
    overdue.map((d) => ({ complaintId: d.id, patientId: d.patientId })),
  )
}

export const ticks = [tick('feedback.remind', { everySeconds: 60 }, remind)]
