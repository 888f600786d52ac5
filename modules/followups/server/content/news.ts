import { houseErrors, type Input } from '@renxin/kernel'
import { type Context, sql } from '@renxin/server'
import { type contentApi, contentErrors } from '../../contract.ts'
import { db } from './tables.ts'

type Api = typeof contentApi

/** The news of one's departments and of the whole hospital, the latest first, with in how many calls each was told. */
export async function listNews(ctx: Context) {
  const rows = await db(ctx)
    .selectFrom('followups.news as n')
    .leftJoin('staff.unitCards as d', 'd.id', 'n.departmentId')
    .where(
      ctx.actor.scope === 'hospital' ? sql<boolean>`true` : sql<boolean>`(n.department_id is null or ${isOwn(ctx, sql`n.department_id`)})`,
    )
    .select([
      'n.id',
      'n.departmentId',
      'n.title',
      'n.text',
      'n.fromOn',
      'n.untilOn',
      'n.writtenByName',
      'n.writtenAt',
      'd.name as departmentName',
    ])
    .select(sql<number>`(select count(*)::int from followups.news_told t where t.news_id = n.id)`.as('told'))
    .orderBy('n.untilOn', 'desc')
    .orderBy('n.id', 'desc')
    .limit(200)
    .execute()
  return { rows }
}

/** Saved again it is changed; to end it, its last day is set. Whose permission reaches over a department writes for that one alone. */
export async function saveNews(ctx: Context, { id, body }: Input<Api['saveNews']>) {
  if (ctx.actor.scope !== 'hospital') {
    const isOwnDepartment = body.departmentId !== null && ctx.actor.departments.includes(body.departmentId)
    if (!isOwnDepartment) throw houseErrors.forbidden({ permission: 'followups.programmes' })
    const before = await db(ctx)
      .selectFrom('followups.news as n')
      .where('n.id', '=', id)
      .select(isOwn(ctx, sql`n.department_id`).as('isOwn'))
      .executeTakeFirst()
    if (before && !before.isOwn) throw contentErrors.newsNotFound({ id })
  }
  const said = { ...body, writtenAt: ctx.clock.now(), writtenBy: ctx.actor.id, writtenByName: ctx.actor.name }
  await db(ctx)
    .insertInto('followups.news')
    .values({ id, ...said })
    .onConflict((c) => c.constraint('news_pkey').doUpdateSet(said))
    .execute()
  return { id }
}

const isOwn = (ctx: Context, department: ReturnType<typeof sql>) =>
  sql<boolean>`coalesce(${department} = any(${[...ctx.actor.departments]}::uuid[]), false)`

type Task = { id: string; departmentId: string | null; isOpen: boolean }

/** What is told in this call: of an open one the news of its department and of the hospital, of a closed one what was told in it. */
export async function newsOf(ctx: Context, task: Task) {
  const today = ctx.clock.today()
  const isNew = sql<boolean>`n.from_on <= ${today} and n.until_on >= ${today} and (n.department_id is null or n.department_id = ${task.departmentId}::uuid)`
  return db(ctx)
    .selectFrom('followups.news as n')
    .leftJoin('followups.newsTold as t', (on) => on.onRef('t.newsId', '=', 'n.id').on('t.taskId', '=', task.id))
    .where(task.isOpen ? isNew : sql<boolean>`t.told_at is not null`)
    .select(['n.id', 'n.title', 'n.text', sql<boolean>`t.told_at is not null`.as('isTold')])
    .orderBy('n.untilOn')
    .orderBy('n.id')
    .limit(20)
    .execute()
}

/** Notes what was told; what is no news of this call is passed over. */
export async function noteNews(ctx: Context, task: Task, told: readonly string[]): Promise<void> {
  if (told.length === 0) return
  const known = (await newsOf(ctx, { ...task, isOpen: true })).filter((n) => told.includes(n.id))
  if (known.length === 0) return
  await db(ctx)
    .insertInto('followups.newsTold')
    .values(known.map((n) => ({ newsId: n.id, taskId: task.id, toldAt: ctx.clock.now(), toldBy: ctx.actor.id })))
    .onConflict((c) => c.constraint('news_told_pkey').doNothing())
    .execute()
}
