import type { Input } from '@renxin/kernel'
import { showName } from '@renxin/patients'
import { type Context, paged, sql, visibleTo } from '@renxin/server'
import { flaggedResponses } from '@renxin/surveys'
import { type Flag, type FlagList, flagErrors, type flagsApi } from '../../contract.ts'
import { isFlagOverdue } from './rules.ts'
import { db } from './tables.ts'

type Api = typeof flagsApi

/** What the actor may see of the red flags `f`. */
export const seenFlags = (ctx: Context) =>
  visibleTo(ctx.actor, { department: 'f.departmentId', ward: 'f.wardId', own: ['f.doctorId', 'f.passedTo', 'f.raisedBy'] })

/** Open ones by their deadline, so that the overdue come first and what is due at once counts from when it was raised; closed ones the latest first. */
export async function listFlags(ctx: Context, { list, departmentId, ...cursor }: Input<Api['flags']>) {
  const isClosed = list === 'closed'
  const found = await paged(
    placesOf(ctx, list, departmentId),
    cursor,
    [isClosed ? 'f.closedAt' : 'f.rankAt', 'f.id'],
    isClosed ? 'desc' : 'asc',
  )
  return { rows: await inOrder(ctx, found.rows.map((r) => r.id)), next: found.next } // biome-ignore format: one thought
}

/** The places of a page only; what its rows show is looked up for them. */
export function placesOf(ctx: Context, list: FlagList, departmentId?: string) {
  const now = ctx.clock.now()
  return db(ctx)
    .selectFrom('followups.flags as f')
    .select('f.id')
    .where(seenFlags(ctx))
    .where(list === 'closed' ? sql<boolean>`f.status <> 'open'` : sql<boolean>`f.status = 'open'`)
    .$if(list === 'mine', (q) => q.where(isMine(ctx)))
    .$if(list === 'overdue', (q) => q.where('f.dueAt', '<', now).where('f.rankAt', '<', now))
    .$if(list === 'passed', (q) => q.where('f.level', '>', 0))
    .$if(departmentId !== undefined, (q) => q.where('f.departmentId', '=', departmentId ?? ''))
}

const isMine = (ctx: Context) =>
  sql<boolean>`(f.doctor_id = ${ctx.actor.id}::uuid or f.passed_to = ${ctx.actor.id}::uuid
                or f.doctor_id is null and f.department_id = any(${[...ctx.actor.departments]}::uuid[]))`

const rowsOf = (ctx: Context) =>
  db(ctx)
    .selectFrom('followups.flags as f')
    .innerJoin('patients.cards as p', 'p.id', 'f.patientId')
    .leftJoin('staff.unitCards as d', 'd.id', 'f.departmentId')
    .where(seenFlags(ctx))
    .selectAll('f')
    .select(['p.name as patientName', 'p.sex', 'p.birthOn', 'd.name as departmentName'])

type Row = Awaited<ReturnType<ReturnType<typeof rowsOf>['executeTakeFirstOrThrow']>>

const shown = (ctx: Context, row: Row) => ({
  ...row,
  patientName: showName(ctx, row.patientName),
  isOverdue: isFlagOverdue(row, ctx.clock.now()),
  isTold: row.toldAt !== null,
})

async function inOrder(ctx: Context, ids: readonly string[]) {
  if (ids.length === 0) return []
  const rows = await rowsOf(ctx)
    .where('f.id', '=', sql<string>`any(${[...ids]}::uuid[])`)
    .limit(ids.length)
    .execute()
  const byId = new Map(rows.map((r) => [r.id, r]))
  return ids.flatMap((id) => {
    const row = byId.get(id)
    return row ? [shown(ctx, row)] : []
  })
}

export async function findFlag(ctx: Context, id: string): Promise<Row> {
  const row = await rowsOf(ctx).where('f.id', '=', id).executeTakeFirst()
  if (!row) throw flagErrors.flagNotFound({ id })
  return row
}

/** One red flag: what was answered, the words of its rule, and what happened with it. */
export async function getFlag(ctx: Context, { id }: { id: string }) {
  const row = await findFlag(ctx, id)
  const [flagged] = await flaggedResponses(ctx, [row.responseId])
  const rule = flagged?.raised.find((r) => r.ruleId === row.ruleId)
  const steps = await db(ctx).selectFrom('followups.flagSteps').where('flagId', '=', id).selectAll().orderBy('seq').limit(200).execute()
  const nothing: Pick<Flag, 'say' | 'tell' | 'because'> = { say: '', tell: '', because: [] } // of one who asked to be forgotten no answer is left
  const { say, tell, because } = rule ?? nothing
  return { ...shown(ctx, row), say, tell, because, steps, mayClose: row.status === 'open' && isWithin(ctx, row) }
}

/** Whether he may work at it: his own, and what nobody has; another's only for whoever gives them out. */
export const isWithin = (ctx: Context, row: Pick<Row, 'doctorId' | 'passedTo'>): boolean =>
  ctx.actor.may.has('followups.closeFlags') &&
  (row.doctorId === null || row.doctorId === ctx.actor.id || row.passedTo === ctx.actor.id || ctx.actor.may.has('followups.giveFlags'))

export async function countFlags(ctx: Context) {
  const now = ctx.clock.now()
  const { rows } = await sql<{ id: string | null; name: string | null; open: number; overdue: number; passed: number; mine: number }>`
    select f.department_id as id, d.name, count(*)::int as open, count(*) filter (where f.due_at < ${now})::int as overdue,
           count(*) filter (where f.level > 0)::int as passed, count(*) filter (where ${isMine(ctx)})::int as mine
      from (select * from followups.flags f where f.status = 'open' and ${seenFlags(ctx)} order by f.rank_at limit 5000) f
      left join staff.unit_cards d on d.id = f.department_id
     group by f.department_id, d.name order by overdue desc, open desc, d.name`.execute(ctx.db)
  const sum = (of: 'open' | 'overdue' | 'passed' | 'mine') => rows.reduce((all, r) => all + r[of], 0)
  return { mine: sum('mine'), open: sum('open'), overdue: sum('overdue'), passed: sum('passed'), departments: rows }
}
