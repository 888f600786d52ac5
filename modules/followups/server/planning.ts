import { addDays, newId } from '@renxin/kernel'
import { type Context, sql } from '@renxin/server'
import type { ProgrammeCard, Rule } from '../contract.ts'
import { codesOf } from './rules.ts'
import { db } from './tables.ts'
import { tellPatients } from './tell-patients.ts'
import { tellTasks } from './tell-tasks.ts'
import { accounts, poolOf, priorityOf, priorityReasonOf, restDays, windowOf } from './windows.ts'

type Trigger = ProgrammeCard['trigger']
type Planned = {
  programmeId: string
  versionId: string
  trigger: Trigger
  rule: Rule
  samplePercent: number
  stopsOnReadmission: boolean
  activeFrom: Date
  longestDays: number
}

/**
 * Enrols those of the given encounters that a programme is for, and makes their tasks. What is enrolled already is passed over,
 * so planning again creates nothing. It reads the encounters as they stand now, whatever order their messages came in.
 */
export async function planEncounters(ctx: Context, encounterIds: readonly string[], triggers?: readonly Trigger[]): Promise<number> {
  if (encounterIds.length === 0) return 0
  return planAll(ctx, sql`c.id = any(${[...new Set(encounterIds)]}::uuid[])`, triggers)
}

/** The same for everything that these patients came for: after something was withdrawn that stood in the way. */
export async function planPatients(ctx: Context, patientIds: readonly string[]): Promise<number> {
  if (patientIds.length === 0) return 0
  return planAll(ctx, sql`c.patient_id = any(${[...new Set(patientIds)]}::uuid[])`)
}

/** One statement for all programmes and encounters. */
async function planAll(ctx: Context, which: ReturnType<typeof sql>, triggers?: readonly Trigger[]): Promise<number> {
  return plan(ctx, await activeProgrammes(ctx, triggers), () => which)
}

/** Enrols everybody who is due since the programme's first moment: what its activation does. */
export async function planProgramme(ctx: Context, programmeId: string): Promise<number> {
  const programmes = (await activeProgrammes(ctx)).filter((p) => p.programmeId === programmeId)
  return plan(ctx, programmes, ({ activeFrom }) => sql`c.status_at >= ${activeFrom}`)
}

async function activeProgrammes(ctx: Context, triggers?: readonly Trigger[]): Promise<Planned[]> {
  const found = await db(ctx)
    .selectFrom('followups.programmes as p')
    .innerJoin('followups.versions as v', (on) => on.onRef('v.programmeId', '=', 'p.id').onRef('v.number', '=', 'p.currentVersion'))
    .where('p.status', '=', 'active')
    .$if(triggers !== undefined, (q) => q.where('v.trigger', 'in', triggers ?? []))
    .select(['p.id as programmeId', 'v.id as versionId', 'v.trigger', 'v.rule', 'v.samplePercent', 'v.stopsOnReadmission', 'p.activeFrom'])
    .select(
      sql<number>`(select coalesce(max(case s.unit when 'days' then s.from_offset else s.from_offset / 24 end), 0)
                     from followups.steps s where s.version_id = v.id)`.as('longestDays'),
    )
    .orderBy('p.id')
    .limit(200)
    .execute()
  return found.flatMap((p) => (p.activeFrom ? [{ ...p, activeFrom: p.activeFrom }] : []))
}

/**
 * Whoever is enrolled already is passed over by the unique key and not by a look beforehand: a look is planned by the size that the table
 * had when it was last counted, and on a new table that costs the square of the batch.
 */
async function plan(ctx: Context, programmes: readonly Planned[], which: (programme: Planned) => ReturnType<typeof sql>): Promise<number> {
  if (programmes.length === 0) return 0
  const now = ctx.clock.now()
  const { zone } = ctx.hospital
  const prefix = newId(now.getTime()).slice(0, 15) // the moment and version of ids that this statement makes: RFC 9562, version 7
  const id = sql`(${prefix} || substr(gen_random_uuid()::text, 16))::uuid`
  const first = new Date(Math.min(...programmes.map((p) => p.activeFrom.getTime())))
  const longest = Math.max(...programmes.map((p) => p.longestDays))
  const rest = restDays(ctx, ctx.clock.dayOf(first), addDays(ctx.clock.today(), longest + 1))
  const due = programmes.map(
    (programme) => sql`
      select ${programme.programmeId}::uuid as programme_id, ${programme.versionId}::uuid as version_id, c.id as encounter_id,
             x.anchor_at, (x.anchor_at at time zone ${zone})::date as anchor_on
        from encounters.cards c
        cross join lateral (select ${anchorOf(programme.trigger)} as anchor_at) x
        join patients.cards p on p.id = c.patient_id
       where ${which(programme)} and x.anchor_at >= ${programme.activeFrom} and ${matches(programme, zone)}`,
  )
  const done = await sql<{ made: number; taskIds: string[]; patientIds: string[] }>`
    with a as materialized (${sql.join(due, sql` union all `)}
    ), enrolled as (
      insert into followups.enrolments (encounter_id, programme_id, version_id, anchor_at, anchor_on, enrolled_at)
      select a.encounter_id, a.programme_id, a.version_id, a.anchor_at, a.anchor_on, ${now} from a
      on conflict on constraint enrolments_pkey do nothing
      returning encounter_id, programme_id, version_id, anchor_at, anchor_on
    ), planned as (
      insert into followups.tasks (id, programme_id, version_id, step, patient_id, encounter_id, department_id, ward_id, channel,
                                   priority, priority_reason, due_from, due_by, next_at, queue_at, pool_id, assignee_id, assignee_name, claimed_at)
      select ${id}, a.programme_id, a.version_id, s.position, c.patient_id, a.encounter_id, c.department_id, c.ward_id, s.channel,
             u.priority, ${priorityReasonOf}, w.due_from, w.due_by, w.due_from, w.due_by - (3 - u.priority) * interval '24 hours', ${poolOf},
             who.id, who.display_name, case when who.id is not null then ${now}::timestamptz end
        from enrolled a
        join encounters.cards c on c.id = a.encounter_id
        join patients.cards p on p.id = c.patient_id
        join followups.steps s on s.version_id = a.version_id
        ${windowOf(ctx, rest)}
        cross join lateral (select ${priorityOf} as priority) u
        left join ${accounts} who on who.person_id = case s.assignee when 'attending' then c.attending_id when 'nurse' then c.nurse_id end
      returning id, patient_id
    )
    select count(*)::int as made, coalesce(array_agg(id), '{}') as task_ids, coalesce(array_agg(distinct patient_id), '{}') as patient_ids from planned`.execute(
    ctx.db,
  )
  await tellPatients(ctx, done.rows[0]?.patientIds ?? [])
  await tellTasks(ctx, (done.rows[0]?.taskIds ?? []).map((id) => ({ id }))) // biome-ignore format: one thought
  return done.rows[0]?.made ?? 0
}

/** The moment from which a trigger's offsets count. */
export const anchorOf = (trigger: Trigger) => (trigger === 'discharged' ? sql`c.discharged_at` : sql`c.admitted_at`)

/** The rule over encounter `c` and patient `p`, anchored at `x.anchor_at`. */
export function matches(
  said: Pick<Planned, 'trigger' | 'rule' | 'samplePercent' | 'stopsOnReadmission'> & { programmeId?: string },
  zone: string,
  state = isInState(said.trigger),
) {
  const { rule, trigger } = said
  const claims = [
    sql`c.class = any(${rule.classes})`,
    sql`p.deceased_at is null and p.merged_into is null and coalesce(c.disposition, '') <> '5'`,
    state,
  ]
  if (rule.departmentIds.length > 0) claims.push(sql`c.department_id = any(${rule.departmentIds}::uuid[])`)
  if (rule.wardIds.length > 0) claims.push(sql`c.ward_id = any(${rule.wardIds}::uuid[])`)
  if (rule.diagnoses.length > 0) claims.push(sql`(${sql.join(rule.diagnoses.map(hasDiagnosis), sql` or `)})`)
  const day = sql`(x.anchor_at at time zone ${zone})::date`
  if (rule.ageFrom !== null) claims.push(sql`p.birth_on <= (${day} - ${`${rule.ageFrom} years`}::interval)::date`)
  if (rule.ageTo !== null) claims.push(sql`p.birth_on > (${day} - ${`${rule.ageTo + 1} years`}::interval)::date`)
  if (rule.sex !== null) claims.push(sql`p.sex = ${rule.sex}`)
  if (rule.withoutDispositions.length > 0) claims.push(sql`not coalesce(c.disposition = any(${rule.withoutDispositions}), false)`)
  if (rule.stayFromDays !== null) claims.push(sql`c.length_of_stay_days >= ${rule.stayFromDays}`)
  if (rule.stayToDays !== null) claims.push(sql`c.length_of_stay_days <= ${rule.stayToDays}`)
  if (rule.ever.length > 0)
    claims.push(
      sql`(${sql.join(
        rule.ever.map((e) => burdenColumns[e]),
        sql` or `,
      )})`,
    )
  // Drawn by the ids, so that the same encounter is in or out whenever it is asked.
  if (said.samplePercent < 100) {
    claims.push(sql`('x' || substr(md5(${said.programmeId ?? ''} || c.id::text), 1, 7))::bit(28)::int % 100 < ${said.samplePercent}`)
  }
  if (trigger === 'discharged' && said.stopsOnReadmission) claims.push(sql`not ${isReadmitted}`)
  return sql<boolean>`${sql.join(claims, sql` and `)}`
}

/** Whether encounter `c` is in the state that the trigger asks for. */
export const isInState = (trigger: Trigger) =>
  trigger === 'discharged'
    ? sql`c.status = 'discharged'`
    : trigger === 'admitted'
      ? sql`c.status = 'inProgress'`
      : sql`c.status in ('inProgress', 'discharged')`

/** Whether the patient of the ended encounter `c` was taken in again since. */
export const isReadmitted = sql`
  exists (select from encounters.cards later
           where later.patient_id = c.patient_id and later.id <> c.id and later.class in ('inpatient', 'daySurgery')
             and later.status in ('inProgress', 'discharged') and later.admitted_at >= c.discharged_at)`

const hasDiagnosis = (range: string) => {
  const { from, below } = codesOf(range)
  return sql`(c.main_diagnosis_code collate "C" >= ${from} and c.main_diagnosis_code collate "C" < ${below})`
}

const burdenColumns = {
  everCritical: sql`c.ever_critical`,
  everSerious: sql`c.ever_serious`,
  everSpecialNursing: sql`c.ever_special_nursing`,
  everLevelOne: sql`c.ever_level_one`,
}
