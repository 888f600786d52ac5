import type { Input, Page } from '@renxin/kernel'
import { type Context, paged, sql } from '@renxin/server'
import type { AppraisedRow, appraisalApi, EffortRow } from '../../contract.ts'
import { inScope } from '../reports/scope.ts'
import { refuseRatings } from '../revisits/ratings.ts'
import { anyOf, byId, lookUp } from '../rows.ts'
import { db } from '../tables.ts'
import { daysUntil, dueUntilOf, wordsOfClass } from './figures.ts'
import { appraisalPeriodOf } from './rules.ts'

type Api = typeof appraisalApi

/** The follow-ups behind a figure, by the conditions by which they were counted. */
export async function listAppraised(ctx: Context, input: Input<Api['appraised']>): Promise<Page<AppraisedRow>> {
  const { from, to } = await daysOf(ctx, input)
  let query = db(ctx).selectFrom('analytics.appraised as c').where('c.dueOn', '>=', from).where('c.dueOn', '<=', to)
  query = query.where(inScope(ctx, input)).where(await ofGroup(ctx, input))
  const { part, outcome } = input
  query = query.where('c.state', part === 'stopped' ? '=' : '<>', 'stopped')
  if (part === 'done' || part === 'doneInTime') query = query.where('c.state', '=', 'done')
  if (part === 'reached' || part === 'reachedInTime') query = query.where('c.isReached', '=', true)
  if (part === 'notReached') query = query.where('c.isReached', '=', false)
  if (part === 'doneInTime' || part === 'reachedInTime') query = query.where('c.isInTime', '=', true)
  if (outcome !== undefined) query = outcome === 'open' ? query.where('c.state', '=', 'open') : query.where('c.outcome', '=', outcome)
  const { rows, next } = await paged(query.selectAll('c'), input, ['c.dueOn', 'c.taskId'], 'desc')
  const tasks = await byId(rows.map((r) => r.taskId), (ids) =>
    db(ctx).selectFrom('followups.taskRows').where('id', '=', anyOf(ids)).select(['id', 'patientId', 'programmeName', 'tries', 'closedOn']).execute(),
  ) // biome-ignore format: one thought
  const look = await lookUp(ctx, [...tasks.values()].map((t) => t.patientId), rows) // biome-ignore format: one thought
  const nurse = await nursesOf(ctx, rows)
  return {
    next,
    rows: rows.flatMap(({ taskId, dueOn, state, outcome: ended, isInTime, ...row }) => {
      const task = tasks.get(taskId)
      if (!task) return []
      const patientName = look.name(task.patientId)
      return { ...task, ...look.units(row), patientName, nurseName: nurse(row), dueOn, state, outcome: ended || null, isInTime }
    }),
  }
}

/** The tries behind the figures of work. */
export async function listEfforts(ctx: Context, input: Input<Api['efforts']>): Promise<Page<EffortRow>> {
  const { from, to } = await daysOf(ctx, input)
  let query = db(ctx).selectFrom('analytics.efforts as c').where('c.day', '>=', from).where('c.day', '<=', to)
  query = query.where(inScope(ctx, input)).where(await ofGroup(ctx, input))
  if (input.part === 'talks') query = query.where('c.isTalk', '=', true)
  if (input.part === 'measured') query = query.where('c.seconds', 'is not', null)
  const { rows, next } = await paged(query.selectAll('c'), input, ['c.day', 'c.attemptId'], 'desc')
  const tries = await byId(rows.map((r) => r.attemptId), (ids) =>
    db(ctx).selectFrom('followups.attemptRows').where('id', '=', anyOf(ids)).select(['id', 'patientId', 'startedAt', 'outcome']).execute(),
  ) // biome-ignore format: one thought
  const look = await lookUp(ctx, [...tries.values()].map((t) => t.patientId), rows) // biome-ignore format: one thought
  const nurse = await nursesOf(ctx, rows)
  return {
    next,
    rows: rows.flatMap(({ attemptId, taskId, seconds, ...row }) => {
      const tried = tries.get(attemptId)
      if (!tried) return []
      const { id, patientId, startedAt, outcome } = tried
      const said = { id, patientId, patientName: look.name(patientId), ...look.units(row), taskId, nurseName: nurse(row) }
      return { ...said, at: startedAt.toISOString(), outcome: outcome ?? '', seconds }
    }),
  }
}

type Asked = Pick<Input<Api['appraised']>, 'span' | 'month' | 'time' | 'level' | 'nurseId' | 'identityClass'>

async function daysOf(ctx: Context, input: Asked) {
  const dueUntil = await dueUntilOf(ctx)
  const { days, before, yearAgo } = appraisalPeriodOf(input, dueUntil)
  return daysUntil({ now: days, before, yearAgo }[input.time], dueUntil)
}

async function ofGroup(ctx: Context, { level, nurseId, identityClass }: Asked) {
  if (nurseId) refuseRatings(ctx)
  const words = identityClass ? await wordsOfClass(ctx, identityClass) : []
  return sql<boolean>`(
    ${level ? sql`c.level = ${level}` : sql`true`} and ${nurseId ? sql`c.nurse_id = ${nurseId}::uuid` : sql`true`}
    and ${identityClass === undefined ? sql`true` : sql`c.identity_class = any(${identityClass === '' ? [''] : words}::text[])`})`
}

async function nursesOf(ctx: Context, rows: readonly { nurseId: string }[]) {
  const people = await byId(rows.map((r) => r.nurseId), (ids) =>
    db(ctx).selectFrom('access.userCards').where('id', '=', anyOf(ids)).select(['id', 'displayName']).execute(),
  ) // biome-ignore format: one thought
  return ({ nurseId }: { nurseId: string }) => people.get(nurseId)?.displayName ?? null
}
