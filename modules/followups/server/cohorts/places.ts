import type { Input } from '@renxin/kernel'
import { type Context, sql } from '@renxin/server'
import {
  type cohortsApi,
  doneStates,
  silentOutcomes,
  type VisitFigures,
  type VisitSide,
  type VisitState,
  visitStates,
} from '../../contract.ts'
import { type FrozenCohort, frozenCohort } from './cohorts.ts'
import { seenVisit, standingOf } from './filter.ts'

type Api = typeof cohortsApi

/** One visit of one member on one side: what became of it. */
export type Place = {
  encounterId: string
  number: number
  position: number
  side: VisitSide
  taskId: string | null
  responseId: string | null
  state: VisitState
  /** Days from the discharge to the day on which it was done. */
  doneDay: number | null
  /** Its window is over: figures of how much was done are of these. */
  isDue: boolean
}

/**
 * Each visit, or one, of each member whom the reader may see, as rows. Windows are those of the protocol, counted from the discharge; days without calls move a task, and no
 * window of the study. Of several things that are true the first counts: what was answered before all; then what nobody was asked, and so on.
 */
export function placesOf(ctx: Context, { id, programmeId, planned }: FrozenCohort, of?: { position: number; side: VisitSide }) {
  const { zone } = ctx.hospital
  const today = ctx.clock.today()
  return sql<Place>`
    select m.encounter_id, m.number, v.position, b.side, t.id as task_id, t.response_id, s.state, case when s.state in ('inWindow', 'outOfWindow') then t.closed_on - a.anchor_on end as done_day,
           w.closes_on < ${today}::date and s.state <> 'notAsked' as is_due,
           c.patient_id, p.name as patient_name, m.discharged_on, ${standingOf} as status, m.left_on, m.note
      from followups.cohort_members m
      join encounters.cards c on c.id = m.encounter_id
      join patients.cards p on p.id = c.patient_id
      join followups.cohort_visits v on v.cohort_id = m.cohort_id
     cross join (values ('centre', 1), ('doctor', 0)) as b (side, less)
      left join followups.enrolments e on e.encounter_id = m.encounter_id and e.programme_id = ${programmeId}::uuid
      left join followups.tasks t on t.encounter_id = m.encounter_id and t.programme_id = ${programmeId}::uuid and t.step = v.position * 2 - b.less
     cross join lateral (select coalesce(e.anchor_on, m.discharged_on) as anchor_on) a
     cross join lateral (select case v.unit when 'months' then (a.anchor_on + make_interval(months => v.after))::date else a.anchor_on + v.after end as on_day) d
     cross join lateral (select d.on_day - v.before_days as opens_on, d.on_day + v.after_days as closes_on, (p.deceased_at at time zone ${zone})::date as died_on) w
     cross join lateral (
       select case
         when t.status = 'done' and t.response_id is not null then case when t.closed_on between w.opens_on and w.closes_on then 'inWindow' else 'outOfWindow' end
         when t.id is null and (m.number <= ${planned} or w.closes_on < ${today}::date) then 'notAsked'
         when t.close_reason = 'studyOver' and t.closed_on <= w.closes_on then 'notAsked'
         when w.died_on <= w.closes_on or t.close_reason = 'died' then 'dead'
         when m.status = 'withdrawn' and m.left_on <= w.closes_on or t.outcome = 'refused' or t.close_reason in ('refused', 'optedOut', 'erased') then 'withdrawn'
         when m.status = 'lost' and m.left_on <= w.closes_on or t.status = 'done' and t.outcome = any(${[...silentOutcomes]}::text[]) then 'lost'
         when t.status in ('done', 'cancelled') or w.closes_on < ${today}::date then 'missing'
         when w.opens_on <= ${today}::date then 'open' else 'upcoming' end as state) s
     where m.cohort_id = ${id}::uuid and v.who in (b.side, 'both') and ${seenVisit(ctx)}
       ${of ? sql`and v.position = ${of.position} and b.side = ${of.side}` : sql``}`
}

/** What became of each visit, on each side: so many members in each state. */
export async function readVisits(ctx: Context, { id }: Input<Api['cohortVisits']>) {
  const cohort = await frozenCohort(ctx, id)
  const { rows } = await sql<{ position: number; side: VisitSide; state: VisitState; n: number; due: number }>`
    select x.position, x.side, x.state, count(*)::int as n, count(*) filter (where x.is_due)::int as due from (${placesOf(ctx, cohort)}) x group by 1, 2, 3`.execute(
    ctx.db,
  )
  const seen = await sql<{ n: number }>`
    select count(*)::int as n from followups.cohort_members m join encounters.cards c on c.id = m.encounter_id where m.cohort_id = ${id}::uuid and ${seenVisit(ctx)}`.execute(
    ctx.db,
  )
  const groups = Map.groupBy(rows, (r) => `${r.position} ${r.side}`)
  const figures = [...groups.values()].flatMap((of): VisitFigures[] => {
    const first = of[0]
    if (!first) return []
    const counts = Object.fromEntries(visitStates.map((s) => [s, of.find((r) => r.state === s)?.n ?? 0])) as VisitFigures['counts'] // each state by its name
    const due = of.reduce((sum, r) => sum + r.due, 0)
    const done = of.reduce((sum, r) => sum + (doneStates.includes(r.state) ? r.due : 0), 0)
    return [{ position: first.position, side: first.side, due, done, counts }]
  })
  return { seen: seen.rows[0]?.n ?? 0, rows: figures.toSorted((a, b) => a.position - b.position || (a.side < b.side ? -1 : 1)) }
}

/** The places of one visit, or of all, in the order of the members' numbers. */
export async function listPlaces(ctx: Context, cohort: FrozenCohort, of?: { position: number; side: VisitSide }): Promise<Place[]> {
  const { rows } = await sql<Place>`
    select x.encounter_id, x.number, x.position, x.side, x.task_id, x.response_id, x.state, x.done_day, x.is_due from (${placesOf(ctx, cohort, of)}) x
     order by x.number, x.position, x.side limit 2000000`.execute(ctx.db)
  return rows
}
