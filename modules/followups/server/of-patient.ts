import type { Input } from '@renxin/kernel'
import type { Context } from '@renxin/server'
import { type followupsApi, outcomes } from '../contract.ts'
import { seen, shown, taskRows } from './rows.ts'
import { db } from './tables.ts'

type Api = typeof followupsApi

const MOST_TASKS = 30
const MOST_TRIES = 5

/** What is to be done for one patient, the next first, then what was done; and how the last tries ended. */
export async function followupsOfPatient(ctx: Context, { patientId }: Input<Api['ofPatient']>) {
  const mine = () => taskRows(ctx).where('t.patientId', '=', patientId).limit(MOST_TASKS)
  const due = await mine().where('t.isOpen', '=', true).orderBy('t.nextAt').orderBy('t.id').execute()
  const done = await mine().where('t.isOpen', '=', false).orderBy('t.closedAt', 'desc').orderBy('t.id').execute()
  const tries = await db(ctx)
    .selectFrom('followups.attempts as a')
    .innerJoin('followups.tasks as t', 't.id', 'a.taskId')
    .where('a.patientId', '=', patientId)
    .where('a.outcome', 'in', [...outcomes])
    .where(seen(ctx))
    .orderBy('a.startedAt', 'desc')
    .orderBy('a.id', 'desc')
    .limit(MOST_TRIES)
    .select(['a.id', 'a.taskId', 'a.byName', 'a.channel', 'a.startedAt', 'a.outcome', 'a.note'])
    .execute()
  return { patientId, tasks: [...due, ...done].map((row) => shown(ctx, row)), tries }
}
