import type { Input } from '@renxin/kernel'
import { type Context, sql } from '@renxin/server'
import { followupErrors, type followupsApi } from '../contract.ts'
import { placesToClaim } from './queue.ts'
import { riskFor } from './risk-rules.ts'
import { getRow, seen } from './rows.ts'
import { queueAt, spread } from './rules.ts'
import { db } from './tables.ts'
import { tellPatients } from './tell-patients.ts'
import { tellTasks } from './tell-tasks.ts'
import { peopleFor } from './workers.ts'

type Api = typeof followupsApi
type Touched = { id: string; patientId: string }

/** Takes tasks that nobody has. "Nobody has it" is part of the update, so of two who reach for one task exactly one gets it. */
export async function claimTasks(ctx: Context, { ids }: Input<Api['claim']>) {
  const rows = await take(ctx, ids)
  const got = new Set(rows.map((r) => r.id))
  const left = ids.filter((id) => !got.has(id))
  if (left.length === 0) return { rows, refused: [] }
  const others = await visible(ctx, left)
    .select(['t.id', 't.patientId', 't.assigneeId', 't.assigneeName', 't.claimedAt', 't.isOpen'])
    .execute()
  const mine = others.filter((o) => o.isOpen && o.assigneeId === ctx.actor.id) // asked for twice
  const refused = others.filter((o) => !mine.includes(o)).map((o) => ({ id: o.id, takenByName: o.assigneeName, takenAt: o.claimedAt }))
  return { rows: [...rows, ...mine.map(({ id, patientId }) => ({ id, patientId }))], refused }
}

async function take(ctx: Context, ids: readonly string[]): Promise<Touched[]> {
  const rows = await db(ctx)
    .updateTable('followups.tasks as t')
    .set({ assigneeId: ctx.actor.id, assigneeName: ctx.actor.name, claimedAt: ctx.clock.now() })
    .where('t.id', '=', sql<string>`any(${ids}::uuid[])`)
    .where('t.assigneeId', 'is', null)
    .where(sql<boolean>`t.is_open`)
    .where(seen(ctx))
    .returning(['t.id', 't.patientId'])
    .execute()
  await tellTasks(ctx, rows)
  return rows
}

/** The first so many of what nobody has and may be worked now. Somebody who claims at the same moment gets others. */
export async function claimNext(ctx: Context, { count }: Input<Api['claimNext']>) {
  const places = await placesToClaim(ctx, count)
  const rows = await take(ctx, places)
  return { rows: rows.toSorted((a, b) => places.indexOf(a.id) - places.indexOf(b.id)) }
}

/** Makes sure that the task is the actor's own: his already, or taken now. Refuses with the name of whoever was quicker. */
export async function holdTask(ctx: Context, id: string) {
  await take(ctx, [id])
  const task = await getRow(ctx, id)
  if (!task.isOpen) throw followupErrors.closed({ id, status: task.status })
  if (task.assigneeId !== ctx.actor.id)
    throw followupErrors.taken({ id, byName: task.assigneeName, at: task.claimedAt?.toISOString() ?? null })
  return task
}

export async function releaseTasks(ctx: Context, { ids }: Input<Api['release']>) {
  await closeRunning(ctx, ids)
  const rows = await db(ctx)
    .updateTable('followups.tasks as t')
    .set({ assigneeId: null, assigneeName: null, claimedAt: null, status: 'todo' })
    .where('t.id', '=', sql<string>`any(${ids}::uuid[])`)
    .where('t.assigneeId', '=', ctx.actor.id)
    .where(sql<boolean>`t.is_open`)
    .returning(['t.id', 't.patientId'])
    .execute()
  await tellTasks(ctx, rows)
  return { rows }
}

/** Gives tasks to somebody, or to several evenly by what each has open already; to nobody who is not as senior as it is asked for. */
export async function assignTasks(ctx: Context, { ids, among, seniority }: Input<Api['assign']>) {
  const people = await peopleFor(ctx, among, seniority)
  const open = await visible(ctx, ids).where(sql<boolean>`t.is_open`).select(['t.id']).orderBy('t.queueAt').orderBy('t.id').execute()
  const shares = spread(open.length, people)
  const names = new Map(people.map((p) => [p.id, p.name]))
  const taskIds = open.map((t) => t.id)
  await closeRunning(ctx, taskIds)
  const done = await sql<{ id: string; patientId: string; assigneeId: string }>`
    update followups.tasks t set assignee_id = g.who, assignee_name = g.name, claimed_at = ${ctx.clock.now()}, status = 'todo'
      from unnest(${taskIds}::uuid[], ${shares}::uuid[], ${shares.map((s) => names.get(s) ?? '')}::text[]) as g (task, who, name)
     where t.id = g.task and t.is_open
    returning t.id, t.patient_id, t.assignee_id`.execute(ctx.db)
  await tellTasks(ctx, done.rows)
  return { rows: done.rows }
}

/** Not now, but then. What is returned is what it takes to undo it. The deadline stays: what is put off past it becomes overdue. */
export async function postponeTasks(ctx: Context, { ids, until }: Input<Api['postpone']>) {
  const at = new Date(until)
  if (at <= ctx.clock.now()) throw followupErrors.postponePast({ until })
  const done = await sql<Touched & { wasNextAt: Date; wasCallBackAt: Date | null }>`
    update followups.tasks t set next_at = ${at}, call_back_at = null
      from (select t.id, t.next_at, t.call_back_at from followups.tasks t
             where t.id = any(${ids}::uuid[]) and t.is_open and ${seen(ctx)} and ${ownOrFree(ctx)} for update) old
     where t.id = old.id
    returning t.id, t.patient_id, old.next_at as was_next_at, old.call_back_at as was_call_back_at`.execute(ctx.db)
  if (done.rows.length === 0) await explain(ctx, ids)
  await tellTasks(ctx, done.rows)
  await tellPatients(ctx, done.rows.map((r) => r.patientId)) // biome-ignore format: one thought
  return { rows: done.rows }
}

export async function undoPostpone(ctx: Context, { until, tasks }: Input<Api['undoPostpone']>) {
  const done = await sql<Touched>`
    update followups.tasks t set next_at = was.next_at, call_back_at = was.call_back_at, rung_at = null
      from unnest(${tasks.map((x) => x.id)}::uuid[], ${tasks.map((x) => x.wasNextAt)}::timestamptz[], ${tasks.map((x) => x.wasCallBackAt)}::timestamptz[])
           as was (id, next_at, call_back_at)
     where t.id = was.id and t.is_open and t.next_at = ${new Date(until)} and ${seen(ctx)} and ${ownOrFree(ctx)}
    returning t.id, t.patient_id`.execute(ctx.db)
  await tellPatients(ctx, done.rows.map((r) => r.patientId)) // biome-ignore format: one thought
  return { rows: done.rows }
}

export async function cancelTasks(ctx: Context, { ids, note }: Input<Api['cancel']>) {
  await closeRunning(ctx, ids, note)
  const rows = await db(ctx)
    .updateTable('followups.tasks as t')
    .set({
      status: 'cancelled',
      closeReason: 'manual',
      closeNote: note,
      closedAt: ctx.clock.now(),
      closedOn: ctx.clock.today(),
      closedBy: ctx.actor.id,
      callBackAt: null,
    })
    .where('t.id', '=', sql<string>`any(${ids}::uuid[])`)
    .where(sql<boolean>`t.is_open`)
    .where(seen(ctx))
    .returning(['t.id', 't.patientId'])
    .execute()
  await tellPatients(ctx, rows.map((r) => r.patientId)) // biome-ignore format: one thought
  return { rows }
}

export async function prioritiseTasks(ctx: Context, { ids, priority }: Input<Api['prioritise']>) {
  const open = await visible(ctx, ids).where(sql<boolean>`t.is_open`).select(['t.id', 't.dueBy', 't.riskReasons']).execute()
  const risks = open.map((t) => riskFor(priority, t.riskReasons.length))
  const places = open.map((t, n) => queueAt(t.dueBy, risks[n] ?? 0))
  const done = await sql<Touched>`
    update followups.tasks t set priority = ${priority}, priority_reason = ${priority < 3 ? 'byHand' : null}, risk = g.risk, queue_at = g.at
      from unnest(${open.map((t) => t.id)}::uuid[], ${risks}::int[], ${places}::timestamptz[]) as g (id, risk, at)
     where t.id = g.id and t.is_open
    returning t.id, t.patient_id`.execute(ctx.db)
  return { rows: done.rows }
}

const visible = (ctx: Context, ids: readonly string[]) =>
  db(ctx).selectFrom('followups.tasks as t').where('t.id', '=', sql<string>`any(${ids}::uuid[])`).where(seen(ctx)).limit(500)

/** One's own, or nobody's; whoever assigns may move everybody's. */
const ownOrFree = (ctx: Context) =>
  ctx.actor.may.has('followups.assign') || ctx.actor.kind === 'system'
    ? sql<boolean>`true`
    : sql<boolean>`(t.assignee_id is null or t.assignee_id = ${ctx.actor.id}::uuid)`

/** A try that was left running does not keep the next nurse away. */
export const closeRunning = (ctx: Context, taskIds: readonly string[], note = '') =>
  db(ctx)
    .updateTable('followups.attempts as a')
    .set({ outcome: 'notRecorded', endedAt: ctx.clock.now(), note })
    .where('a.taskId', '=', sql<string>`any(${taskIds}::uuid[])`)
    .where('a.outcome', 'is', null)
    .where(sql<boolean>`exists (select from followups.tasks t where t.id = a.task_id and t.is_open and ${seen(ctx)})`)
    .execute()

async function explain(ctx: Context, ids: readonly string[]): Promise<never> {
  const [first = ''] = ids
  const task = await getRow(ctx, first)
  if (!task.isOpen) throw followupErrors.closed({ id: task.id, status: task.status })
  throw followupErrors.taken({ id: task.id, byName: task.assigneeName, at: task.claimedAt?.toISOString() ?? null })
}
