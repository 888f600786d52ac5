import { type Context, sql, visibleTo } from '@renxin/server'
import { getResponse } from '@renxin/surveys'
import { type Attempt, type CheckedLevel, checkedLevels, talkOutcomes } from '../../contract.ts'
import { db } from '../tables.ts'

/** A try of level 1 or 2 for a stay. `seconds`: from dialling to the end; null where it was noted without being dialled here, so that it begins as it ends. */
export type Try = {
  id: string
  level: CheckedLevel
  encounterId: string
  at: Date
  byName: string
  channel: Attempt['channel']
  outcome: string
  seconds: number | null
  note: string
  responseId: string | null
}

const talked = sql`array[${sql.join([...talkOutcomes])}]::text[]`

/** What levels 1 and 2 tried for these stays, the earliest first. */
export async function triesOf(ctx: Context, encounterIds: readonly string[]): Promise<Try[]> {
  const { rows } = await sql<Try>`
    select a.id, p.level, t.encounter_id, a.started_at as at, a.by_name, a.channel, a.outcome, a.note,
           case when a.ended_at > a.started_at then floor(extract(epoch from a.ended_at - a.started_at))::int end as seconds,
           case when a.outcome = any(${talked}) then t.response_id end as response_id
      from followups.tasks t
      join followups.programmes p on p.id = t.programme_id and p.level = any(${[...checkedLevels]}::text[])
      join followups.attempts a on a.task_id = t.id and a.outcome is not null and a.outcome <> 'notRecorded'
     where t.encounter_id = any(${[...encounterIds]}::uuid[])
     order by a.started_at, a.id limit 5000`.execute(ctx.db)
  return rows
}

const isTalk = (a: Try) => talkOutcomes.some((o) => o === a.outcome)

/** The longest conversation of a level: one that was long enough makes up for one that was cut off. */
export function talkOf(tries: readonly Try[]): Try | undefined {
  return tries.filter(isTalk).toSorted((a, b) => (b.seconds ?? -1) - (a.seconds ?? -1))[0]
}

export type CentreCall = {
  encounterId: string
  taskId: string
  reachedAt: Date | null
  byName: string | null
  responseId: string | null
  isRunning: boolean
}

/** What became of the centre's own call to whoever was drawn. */
export async function centreCallsOf(ctx: Context, encounterIds: readonly string[]): Promise<ReadonlyMap<string, CentreCall>> {
  const { rows } = await sql<CentreCall>`
    select distinct on (f.encounter_id) f.encounter_id, t.id as task_id, talk.ended_at as reached_at, talk.by_name, t.response_id,
           exists (select from followups.attempts r where r.task_id = t.id and r.outcome is null) as is_running
      from followups.draw_frame f
      join followups.draws d on d.id = f.draw_id
      join followups.tasks t on t.encounter_id = f.encounter_id and t.programme_id = d.programme_id
      left join lateral (select a.ended_at, a.by_name from followups.attempts a where a.task_id = t.id and a.outcome = any(${talked})
                          order by a.started_at limit 1) talk on true
     where f.level = 'centre' and f.encounter_id = any(${[...encounterIds]}::uuid[])
     order by f.encounter_id, talk.ended_at nulls last, is_running desc, t.step`.execute(ctx.db)
  return new Map(rows.map((r) => [r.encounterId, r]))
}

/** What level 2 asked of level 1 about this stay, and until when the round went in which it was drawn for the supervisor's spot check. */
export async function supervisionOf(ctx: Context, encounterId: string) {
  const { rows: urges } = await sql<{ at: Date; byName: string; toName: string | null }>`
    select u.urged_at as at, u.urged_by_name as by_name, u.to_name from followups.urges u join followups.tasks t on t.id = u.task_id
     where t.encounter_id = ${encounterId} order by u.urged_at limit 50`.execute(ctx.db)
  const spot = await db(ctx)
    .selectFrom('followups.drawFrame as f')
    .innerJoin('followups.draws as d', 'd.id', 'f.drawId')
    .where('f.encounterId', '=', encounterId)
    .where('f.level', '=', 'supervisor')
    .where('f.isDrawn', '=', true)
    .select('d.untilOn')
    .executeTakeFirst()
  return { urges, spottedOn: spot?.untilOn ?? null }
}

/** What was answered in a call, if whoever asks may see it. */
export async function answersIn(ctx: Context, responseId: string | null) {
  if (responseId === null) return null
  const seen = await db(ctx)
    .selectFrom('surveys.responseCards as r')
    .where('r.id', '=', responseId)
    .where('r.patientId', 'is not', null)
    .where(visibleTo(ctx.actor, { department: 'r.departmentId', ward: 'r.wardId' }))
    .select('r.id')
    .executeTakeFirst()
  return seen ? getResponse(ctx, { id: seen.id }) : null
}

/** What the centre heard in its call: the answers to its own questionnaire, and to those asked beside it. */
export async function heardByCentre(ctx: Context, call: CentreCall | undefined): Promise<string[]> {
  if (!call) return []
  const { rows } = await sql<{ responseId: string }>`
    select response_id from followups.extra_responses where task_id = ${call.taskId} limit 50`.execute(ctx.db)
  return [...(call.responseId === null ? [] : [call.responseId]), ...rows.map((r) => r.responseId)]
}
