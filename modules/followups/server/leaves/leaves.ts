import { whoMay } from '@renxin/access'
import { houseErrors, type Input } from '@renxin/kernel'
import { type Context, can, paged, sql } from '@renxin/server'
import { type Leave, leaveErrors, type leavesApi } from '../../contract.ts'
import { db } from '../tables.ts'

type Api = typeof leavesApi

export async function listLeaves(ctx: Context, { show, ...cursor }: Input<Api['leaves']>) {
  const isOver = show === 'over'
  return paged(
    leaves(ctx)
      .where(mayKnow(ctx))
      .where('l.endedAt', isOver ? 'is not' : 'is', null),
    cursor,
    ['l.fromOn', 'l.id'],
    isOver ? 'desc' : 'asc',
  )
}

/** Saved again it is changed; what has begun, only until when and what is said of it. */
export async function saveLeave(ctx: Context, { id, body }: Input<Api['saveLeave']>): Promise<Leave> {
  const before = await db(ctx).selectFrom('followups.leaves').where('id', '=', id).selectAll().executeTakeFirst()
  if (before) await getLeave(ctx, id) // refuses where it is none of one's business
  const names = await workersByName(ctx, [body.userId, ...(body.toId ? [body.toId] : [])])
  const userName = names.get(body.userId)
  if (!userName) throw leaveErrors.receiverUnknown({ id: body.userId })
  await mustConcern(ctx, before ? [before.userId, body.userId] : [body.userId])
  if (body.untilOn < ctx.clock.today()) throw leaveErrors.leavePast({ untilOn: body.untilOn })
  if (before?.endedAt || before?.calledOffAt) throw leaveErrors.leaveNotFound({ id })
  if (before?.begunAt && (before.userId !== body.userId || before.toId !== body.toId || before.fromOn !== body.fromOn))
    throw leaveErrors.leaveBegun({ id })
  const toName = body.toId === null ? null : names.get(body.toId)
  if (toName === undefined || body.toId === body.userId) throw leaveErrors.receiverUnknown({ id: body.toId })
  await mustBeTheOnlyOne(ctx, id, body.userId)
  await mustBeThere(ctx, body)
  await db(ctx)
    .insertInto('followups.leaves')
    .values({ id, ...body, userName, toName, madeAt: ctx.clock.now(), madeBy: ctx.actor.id, madeByName: ctx.actor.name })
    .onConflict((c) => c.constraint('leaves_pkey').doUpdateSet({ ...body, userName, toName }))
    .execute()
  return getLeave(ctx, id)
}

export async function endLeave(ctx: Context, { id }: Input<Api['endLeave']>): Promise<Leave> {
  const leave = await getLeave(ctx, id)
  await mustConcern(ctx, [leave.userId])
  const now = ctx.clock.now()
  await sql`
    update followups.leaves set called_off_at = ${now}, ended_at = case when begun_at is null then ${now}::timestamptz end
     where id = ${id}::uuid and called_off_at is null and ended_at is null`.execute(ctx.db)
  return getLeave(ctx, id)
}

/** Who works on tasks, by name, and until when each is away. */
export async function listColleagues(ctx: Context) {
  const may = await whoMay(ctx, 'followups.work')
  const { rows } = await sql<{ id: string; name: string; awayUntil: string | null }>`
    select u.id, u.display_name as name, ${awayUntil(ctx, 'u.id')} as away_until
      from access.user_cards u where u.id = any(${[...may.keys()]}::uuid[]) and not u.is_disabled order by u.display_name limit 500`.execute(
    ctx.db,
  )
  return { rows }
}

/** The last day of the leave on which an account is today. */
export const awayUntil = (ctx: Context, account: string) => sql<string | null>`
  (select l.until_on from followups.leaves l
    where l.user_id = ${sql.ref(account)} and l.ended_at is null and l.called_off_at is null and ${ctx.clock.today()}::date between l.from_on and l.until_on)`

const leaves = (ctx: Context) =>
  db(ctx)
    .selectFrom('followups.leaves as l')
    .select(['l.id', 'l.userId', 'l.userName', 'l.fromOn', 'l.untilOn', 'l.toId', 'l.toName', 'l.note', 'l.madeByName'])
    .select([
      sql<Leave['state']>`
        case when l.ended_at is not null or l.called_off_at is not null or l.until_on < ${ctx.clock.today()}::date then 'over'
             when l.from_on <= ${ctx.clock.today()}::date then 'away' else 'planned' end`.as('state'),
      sql<number>`(select count(*)::int from followups.handovers h where h.leave_id = l.id)`.as('handed'),
      count(sql`not t.is_open`).as('done'),
      count(sql`h.outcome = 'back'`).as('back'),
      count(sql`t.is_open and h.outcome = 'kept'`).as('kept'),
    ])
const count = (which: ReturnType<typeof sql>) =>
  sql<number>`(select count(*)::int from followups.handovers h join followups.tasks t on t.id = h.task_id where h.leave_id = l.id and ${which})`

async function getLeave(ctx: Context, id: string): Promise<Leave> {
  const leave = await leaves(ctx).where('l.id', '=', id).where(mayKnow(ctx)).executeTakeFirst()
  if (!leave) throw leaveErrors.leaveNotFound({ id })
  return leave
}

/** The units in which the actor gives out tasks; undefined where it is the whole hospital. */
function unitsOf({ actor }: Context): readonly string[] | undefined {
  if (actor.kind === 'system') return undefined
  switch (actor.may.get('followups.assign')) {
    case 'hospital':
      return undefined
    case 'campus':
      return actor.campus?.departments ?? []
    case 'department':
      return actor.departments
    case 'ward':
      return actor.wards
    default:
      return []
  }
}

const belongsTo = (units: readonly string[]) =>
  sql`(m.unit_id = any(${[...units]}::uuid[]) or m.department_id = any(${[...units]}::uuid[]))`

/** Leaves `l` that are one's own, or of people of the units that one sees: who is away is no secret among those who work together. */
function mayKnow({ actor }: Context) {
  if (actor.scope === 'hospital') return sql<boolean>`true`
  const units = actor.scope === 'department' ? actor.departments : actor.scope === 'ward' ? actor.wards : []
  return sql<boolean>`
    (l.user_id = ${actor.id}::uuid or exists (
      select from access.user_cards u join staff.members m on m.person_id = u.person_id where u.id = l.user_id and ${belongsTo(units)}))`
}

/** One enters one's own leave if one works on tasks, and others' if one gives tasks to them. */
async function mustConcern(ctx: Context, userIds: readonly string[]): Promise<void> {
  const others = userIds.filter((id) => id !== ctx.actor.id || !can(ctx, 'followups.work'))
  const units = unitsOf(ctx)
  if (others.length === 0 || !units) return
  const { rows } = await sql<{ id: string }>`
    select distinct u.id from access.user_cards u join staff.members m on m.person_id = u.person_id
     where u.id = any(${others}::uuid[]) and ${belongsTo(units)}`.execute(ctx.db)
  if (others.some((id) => !rows.some((r) => r.id === id))) throw houseErrors.forbidden({ permission: 'followups.assign' })
}

async function mustBeTheOnlyOne(ctx: Context, id: string, userId: string): Promise<void> {
  const other = await db(ctx)
    .selectFrom('followups.leaves')
    .where('userId', '=', userId)
    .where('endedAt', 'is', null)
    .where('id', '<>', id)
    .select('untilOn')
    .executeTakeFirst()
  if (other) throw leaveErrors.leaveThere({ untilOn: other.untilOn })
}

/** Whoever is away in the same days cannot have others' tasks: so no two hand them to each other and back. */
async function mustBeThere(ctx: Context, { toId, fromOn, untilOn }: Input<Api['saveLeave']>['body']): Promise<void> {
  if (toId === null) return
  const away = await db(ctx)
    .selectFrom('followups.leaves')
    .where('userId', '=', toId)
    .where('endedAt', 'is', null)
    .where('calledOffAt', 'is', null)
    .where('fromOn', '<=', untilOn)
    .where('untilOn', '>=', fromOn)
    .select(['userName', 'untilOn'])
    .executeTakeFirst()
  if (away) throw leaveErrors.receiverAway({ name: away.userName, untilOn: away.untilOn })
}

async function workersByName(ctx: Context, ids: readonly string[]): Promise<Map<string, string>> {
  const rows = await db(ctx)
    .selectFrom('access.userCards')
    .where('id', '=', sql<string>`any(${[...ids]}::uuid[])`)
    .where('isDisabled', '=', false)
    .select(['id', 'displayName'])
    .execute()
  return new Map(rows.map((r) => [r.id, r.displayName]))
}
