import type { Input } from '@renxin/kernel'
import { type Context, sql } from '@renxin/server'
import { type BulkAssignment, type bulkApi, bulkErrors, bulkLimit, bulkUndoHours } from '../../contract.ts'
import { boardQuery } from '../queue.ts'
import { peopleFor } from '../workers.ts'
import { stepBulk } from './step.ts'
import { db } from './tables.ts'

type Api = typeof bulkApi
const FIRST_STEP = 200
const HOUR = 3_600_000

/** How many tasks the filter shows, up to one more than can be given out at once. */
export async function countBulk(ctx: Context, filter: Input<Api['bulkCount']>): Promise<{ n: number }> {
  const { rows } = await sql<{ n: number }>`select count(*)::int as n from (${boardQuery(ctx, filter).limit(bulkLimit + 1)}) x`.execute(
    ctx.db,
  )
  return { n: rows[0]?.n ?? 0 }
}

/** Settles which tasks they are, gives out the first of them, and leaves the rest to the clock. Sent twice it begins once. */
export async function beginBulk(
  ctx: Context,
  { id, filter, among, seniority }: Input<Api['beginBulk']>,
  firstStep = FIRST_STEP,
): Promise<BulkAssignment> {
  if (await db(ctx).selectFrom('followups.bulks').where('id', '=', id).select('id').executeTakeFirst()) return getBulk(ctx, id)
  const people = await peopleFor(ctx, among, seniority)
  await db(ctx)
    .insertInto('followups.bulks')
    .values({
      id,
      among: people.map((p) => p.id),
      amongNames: people.map((p) => p.name),
      total: 0,
      startedBy: ctx.actor.id,
      startedByName: ctx.actor.name,
      startedAt: ctx.clock.now(),
      finishedAt: null,
    })
    .execute()
  const { numAffectedRows: n } = await sql`
    insert into followups.bulk_tasks (bulk_id, place, task_id)
    select ${id}::uuid, row_number() over (order by x.due_by, x.id), x.id
      from (${boardQuery(ctx, filter).select('t.dueBy').orderBy('t.dueBy').orderBy('t.id').limit(bulkLimit)}) x`.execute(ctx.db)
  if (!n) throw bulkErrors.bulkNothing()
  await db(ctx)
    .updateTable('followups.bulks')
    .set({ total: Number(n) })
    .where('id', '=', id)
    .execute()
  await stepBulk(ctx, firstStep, id)
  return getBulk(ctx, id)
}

/** Begins to take back what nobody has begun since. It goes on by the clock. */
export async function undoBulk(ctx: Context, { id }: { id: string }): Promise<BulkAssignment> {
  const bulk = await getBulk(ctx, id)
  if (bulk.status === 'undoing' || bulk.status === 'undone') throw bulkErrors.bulkUndone({ id })
  if (bulk.undoUntil === null) throw bulkErrors.bulkTooLate({ id })
  const begun = await db(ctx)
    .updateTable('followups.bulks')
    .set({ status: 'undoing', finishedAt: null })
    .where('id', '=', id)
    .where('status', 'in', ['running', 'done'])
    .executeTakeFirst()
  if (begun.numUpdatedRows === 0n) throw bulkErrors.bulkUndone({ id })
  const left = await db(ctx)
    .updateTable('followups.bulkTasks')
    .set({ state: 'passed' })
    .where('bulkId', '=', id)
    .where('state', '=', 'waiting')
    .executeTakeFirst()
  await sql`update followups.bulks set passed = passed + ${Number(left.numUpdatedRows)} where id = ${id}::uuid`.execute(ctx.db)
  await stepBulk(ctx, FIRST_STEP, id)
  return getBulk(ctx, id)
}

const bulks = (ctx: Context) =>
  db(ctx)
    .selectFrom('followups.bulks')
    .where('startedBy', '=', ctx.actor.id)
    .select([
      'id',
      'status',
      'amongNames as among',
      'total',
      'given',
      'passed',
      'undone',
      'kept',
      'startedAt',
      'startedByName',
      'finishedAt',
    ])

type Row = Awaited<ReturnType<ReturnType<typeof bulks>['executeTakeFirstOrThrow']>>

function shown(ctx: Context, { startedAt, finishedAt, ...row }: Row): BulkAssignment {
  const until = new Date(startedAt.getTime() + bulkUndoHours * HOUR)
  const mayUndo = (row.status === 'running' || row.status === 'done') && until > ctx.clock.now()
  return {
    ...row,
    startedAt: startedAt.toISOString(),
    finishedAt: finishedAt?.toISOString() ?? null,
    undoUntil: mayUndo ? until.toISOString() : null,
  }
}

async function getBulk(ctx: Context, id: string): Promise<BulkAssignment> {
  const row = await bulks(ctx).where('id', '=', id).executeTakeFirst()
  if (!row) throw bulkErrors.bulkNotFound({ id })
  return shown(ctx, row)
}

export async function listBulks(ctx: Context): Promise<{ rows: BulkAssignment[] }> {
  const since = new Date(ctx.clock.now().getTime() - bulkUndoHours * HOUR)
  const rows = await bulks(ctx).where('startedAt', '>', since).orderBy('startedAt', 'desc').limit(20).execute()
  return { rows: rows.map((r) => shown(ctx, r)) }
}
