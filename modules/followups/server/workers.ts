import { whoMay } from '@renxin/access'
import { addDays } from '@renxin/kernel'
import { type Context, sql } from '@renxin/server'
import { countCap, followupErrors, isSenior, type Seniority, type Worker } from '../contract.ts'
import { awayUntil } from './leaves/index.ts'
import { db } from './tables.ts'

/** The people among whom tasks are to be shared out, with the load of each. Refuses where one is not there, or not as senior as it is asked for. */
export async function peopleFor(ctx: Context, among: readonly string[], seniority?: Seniority) {
  const people = await loadsOf(ctx, among)
  if (people.length < new Set(among).size) throw followupErrors.workerUnknown({ ids: among.filter((a) => !people.some((p) => p.id === a)) })
  const juniors = seniority ? people.filter((p) => !isSenior(p, seniority, ctx.clock.today())) : []
  if (juniors.length > 0) throw followupErrors.notSenior({ names: juniors.map((p) => p.name).join('、') })
  return people
}

/** Of these, those who still work here, with what each has open. */
export const loadsOf = (ctx: Context, among: readonly string[]) =>
  db(ctx)
    .selectFrom('access.userCards as u')
    .leftJoin('staff.personCards as p', 'p.id', 'u.personId')
    .where('u.id', '=', sql<string>`any(${[...among]}::uuid[])`)
    .where('u.isDisabled', '=', false)
    .select(['u.id', 'u.displayName as name', 'p.title', 'p.startedOn'])
    .select(sql<number>`(select count(*)::int from followups.tasks x where x.holder_id = u.id and x.is_open)`.as('openTasks'))
    .orderBy('u.id')
    .execute()

/** Who may be given tasks, with what each has in hand now. */
export async function listWorkers(ctx: Context): Promise<{ rows: Worker[] }> {
  const may = await whoMay(ctx, 'followups.work')
  const midnight = ctx.clock.at(addDays(ctx.clock.today(), 1))
  const { rows } = await sql<Omit<Worker, 'reach'>>`
    select u.id, u.display_name as name, p.title, p.started_on, load.*, ${awayUntil(ctx, 'u.id')} as away_until,
           array(select distinct coalesce(m.department_id, m.unit_id) from staff.members m
                  where m.person_id = u.person_id and m.kind in ('department', 'ward')) as department_ids
      from access.user_cards u
      left join staff.person_cards p on p.id = u.person_id
      cross join lateral (
        select count(*)::int as open_tasks, count(*) filter (where x.next_at < ${midnight})::int as due_today,
               count(*) filter (where x.due_by < ${ctx.clock.now()})::int as overdue
          from (select t.next_at, t.due_by from followups.tasks t where t.holder_id = u.id and t.is_open limit ${sql.lit(countCap)}) x) load
     where not u.is_disabled order by u.display_name limit 500`.execute(ctx.db)
  return { rows: rows.map((row) => ({ ...row, reach: reachOf(may.get(row.id)) })) }
}

const reachOf = (scope: string | undefined): Worker['reach'] => (scope === 'hospital' ? 'hospital' : scope ? 'units' : 'none')
