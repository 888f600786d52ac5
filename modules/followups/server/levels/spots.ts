import { addDays, type Input } from '@renxin/kernel'
import { showName } from '@renxin/patients'
import { type Context, paged, sql, visibleTo } from '@renxin/server'
import { type Spot, type supervisionApi, talkOutcomes } from '../../contract.ts'
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

/** Whom the department's supervisor looks into: drawn each week, with what level 1 did for each. The latest discharge first. */
export async function listSpots(ctx: Context, { departmentId, ...cursor }: Input<(typeof supervisionApi)['spots']>) {
  const found = await paged(
    db(ctx)
      .selectFrom('followups.drawFrame as f')
      .innerJoin('followups.draws as d', 'd.id', 'f.drawId')
      .innerJoin('encounters.cards as c', 'c.id', 'f.encounterId')
      .innerJoin('patients.cards as p', 'p.id', 'c.patientId')
      .innerJoin('staff.unitCards as u', 'u.id', 'd.departmentId')
      .where('f.level', '=', 'supervisor')
      .where('f.isDrawn', '=', true)
      .where('d.untilOn', '>=', addDays(ctx.clock.today(), -LISTED_DAYS))
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
    }
  })
  return { rows, next: found.next }
}

const callWord = (on: string | null, dischargedOn: string, tries: number): Spot['call'] =>
  on !== null ? (on <= addDays(dischargedOn, WEEK_DAYS) ? 'inTime' : 'late') : tries > 0 ? 'tried' : 'none'

type Call = { calledAt: Date | null; callerName: string | null; seconds: number | null; tries: number }

async function callsOf(ctx: Context, encounterIds: readonly string[]): Promise<ReadonlyMap<string, Call>> {
  const { rows } = await sql<Call & { id: string }>`
    select c.id, talk.called_at, talk.caller_name, talk.seconds, all_tries.tries
      from unnest(${[...encounterIds]}::uuid[]) as c (id) ${levelOneOf}`.execute(ctx.db)
  return new Map(rows.map((r) => [r.id, r]))
}
