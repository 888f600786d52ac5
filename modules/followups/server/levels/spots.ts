import { addDays, type Input } from '@renxin/kernel'
import { showName } from '@renxin/patients'
import { type Context, paged, sql, visibleTo } from '@renxin/server'
import { type LevelTwo, type looks, type Spot, type supervisionApi, talkOutcomes } from '../../contract.ts'
import { db } from '../tables.ts'
import { isLevelOne, WEEK_DAYS } from './coverage.ts'

/** The supervisor checks within two weeks of the discharge (domain.md 1). */
export const SPOT_DAYS = 14
/** So long a list goes back: what was drawn from and not checked in time stays to be seen for a while. */
const LISTED_DAYS = 60

/** What level 1 did for encounter `c`: the try that reached somebody, else how many there were. */
export const levelOneOf = sql`
  left join lateral (
    select a.ended_at as called_at, a.by_name as caller_name, greatest(0, extract(epoch from a.ended_at - a.started_at))::int as seconds
      from followups.tasks t join followups.attempts a on a.task_id = t.id and a.outcome = any(${[...talkOutcomes]})
     where t.encounter_id = c.id and ${isLevelOne} order by a.started_at limit 1) talk on true
  cross join lateral (
    select coalesce(sum(t.tries), 0)::int as tries from followups.tasks t where t.encounter_id = c.id and ${isLevelOne}) all_tries`

/** Whether what level 2 did first about it, `looked`, was by the last of the two weeks. */
const isInTime = (ctx: Context) =>
  sql<boolean>`coalesce((looked.at at time zone ${ctx.hospital.zone})::date <= c.discharged_on + ${sql.lit(SPOT_DAYS)}, false)`

/** Discharges `c` whose two weeks ended between two days, and are over. */
function isDue(ctx: Context, { from, to }: { from?: string | undefined; to?: string | undefined }) {
  const yesterday = addDays(ctx.clock.today(), -1)
  const last = to !== undefined && to < yesterday ? to : yesterday
  return sql<boolean>`
    c.discharged_on <= ${addDays(last, -SPOT_DAYS)}::date and ${from === undefined ? sql`true` : sql`c.discharged_on >= ${addDays(from, -SPOT_DAYS)}::date`}`
}

/** Of the discharges that were drawn for a spot check and whose two weeks ended between two days: how many, and how many level 2 looked into in time. */
export async function countSpots(
  ctx: Context,
  { from, to, departmentId }: { from: string; to: string; departmentId?: string | undefined },
) {
  const { rows } = await sql<Pick<LevelTwo, 'departmentId' | 'departmentName' | 'spots' | 'checked'>>`
    with looks as materialized (select encounter_id, at from followups.looks where at >= ${addDays(from, -SPOT_DAYS - 1)}::date)
    select counted.*, u.name as department_name from (
      select d.department_id, count(*)::int as spots, count(*) filter (where ${isInTime(ctx)})::int as checked
        from followups.draw_frame f
        join followups.draws d on d.id = f.draw_id
        join encounters.cards c on c.id = f.encounter_id
        left join looks looked on looked.encounter_id = c.id
       where f.level = 'supervisor' and f.is_drawn and ${isDue(ctx, { from, to })} and ${visibleTo(ctx.actor, { department: 'd.departmentId', ward: 'c.wardId' })}
         and d.level = 'supervisor' and d.until_on >= ${addDays(from, -SPOT_DAYS)}::date ${departmentId ? sql`and d.department_id = ${departmentId}::uuid` : sql``}
       group by 1) counted
      join staff.unit_cards u on u.id = counted.department_id`.execute(ctx.db)
  return rows
}

/** Whom the department's supervisor looks into: drawn each week, with what level 1 did for each. The latest discharge first. */
export async function listSpots(ctx: Context, { departmentId, from, to, part, ...cursor }: Input<(typeof supervisionApi)['spots']>) {
  const found = await paged(
    db(ctx)
      .selectFrom('followups.drawFrame as f')
      .innerJoin('followups.draws as d', 'd.id', 'f.drawId')
      .innerJoin('encounters.cards as c', 'c.id', 'f.encounterId')
      .innerJoin('patients.cards as p', 'p.id', 'c.patientId')
      .innerJoin('staff.unitCards as u', 'u.id', 'd.departmentId')
      .where('f.level', '=', 'supervisor')
      .where('f.isDrawn', '=', true)
      .where('d.untilOn', '>=', addDays(from ?? ctx.clock.today(), from ? -SPOT_DAYS : -LISTED_DAYS))
      .$if(from !== undefined || to !== undefined || part !== 'spots', (q) => q.where(isDue(ctx, { from, to })))
      .$if(part !== 'spots', (q) =>
        q.where(
          sql<boolean>`exists (select from followups.looks looked where looked.encounter_id = c.id and ${isInTime(ctx)}) = ${part === 'checked'}`,
        ),
      )
      .where('c.dischargedOn', 'is not', null)
      .where(visibleTo(ctx.actor, { department: 'd.departmentId', ward: 'c.wardId' }))
      .$if(departmentId !== undefined, (q) => q.where('d.departmentId', '=', departmentId ?? ''))
      .select(['c.id', 'c.patientId', 'p.name as patientName', 'd.departmentId', 'u.name as departmentName'])
      .select(sql<string>`c.discharged_on`.as('dischargedOn')),
    cursor,
    ['c.dischargedOn', 'c.id'],
    'desc',
  )
  const calls = await callsOf(ctx, found.rows.map((r) => r.id)) // biome-ignore format: one thought
  const rows = found.rows.map((row) => {
    const call = calls.get(row.id)
    const on = call?.calledAt ? ctx.clock.dayOf(call.calledAt) : null
    return {
      ...row,
      patientName: showName(ctx, row.patientName),
      checkBy: addDays(row.dischargedOn, SPOT_DAYS),
      call: callWord(on, row.dischargedOn, call?.tries ?? 0),
      calledAt: call?.calledAt ?? null,
      callerName: call?.callerName ?? null,
      seconds: call?.seconds ?? null,
      tries: call?.tries ?? 0,
      checked: call?.look ? { ...call.look, at: new Date(call.look.at).toISOString() } : null,
    }
  })
  return { rows, next: found.next }
}

const callWord = (on: string | null, dischargedOn: string, tries: number): Spot['call'] =>
  on !== null ? (on <= addDays(dischargedOn, WEEK_DAYS) ? 'inTime' : 'late') : tries > 0 ? 'tried' : 'none'

type Look = { at: string; byName: string; how: (typeof looks)[number]; isInTime: boolean }
type Call = { calledAt: Date | null; callerName: string | null; seconds: number | null; tries: number; look: Look | null }

async function callsOf(ctx: Context, encounterIds: readonly string[]): Promise<ReadonlyMap<string, Call>> {
  const { rows } = await sql<Call & { id: string }>`
    select c.id, talk.called_at, talk.caller_name, talk.seconds, all_tries.tries,
           case when looked.at is not null then jsonb_build_object('at', looked.at, 'byName', looked.by_name, 'how', looked.how, 'isInTime', ${isInTime(ctx)}) end as look
      from encounters.cards c ${levelOneOf} left join followups.looks looked on looked.encounter_id = c.id where c.id = any(${[...encounterIds]}::uuid[])`.execute(
    ctx.db,
  )
  return new Map(rows.map((r) => [r.id, r]))
}
