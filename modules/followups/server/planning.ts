import { addDays } from '@renxin/kernel'
import { type Context, plannedOnce, sql } from '@renxin/server'
import type { ProgrammeBody, ProgrammeCard, Rule } from '../contract.ts'
import { makeTasks } from './make-tasks.ts'
import { anchorNow, disqualified, isReadmitted, mayHaveCourses } from './objections.ts'
import { reconcile } from './reconcile.ts'
import { codesOf } from './rules.ts'
import { db } from './tables.ts'
import { tellPatients } from './tell-patients.ts'
import { tellTasks } from './tell-tasks.ts'
import { cameBack, changedSince, hasLeft, leftAt, vanishedAt } from './vanished.ts'
import { courseEnd, furthestDay, loadMoves, type MoveKind, moveKindOf } from './windows.ts'

type Trigger = ProgrammeCard['trigger']
type Planned = {
  programmeId: string
  versionId: string
  trigger: Trigger
  rule: Rule
  samplePercent: number
  onReturn: ProgrammeBody['onReturn']
  activeFrom: Date
  /** It was in force for what happened from then, or from the programme's first moment, until then, or until today. */
  since: Date | null
  until: Date | null
  longestDays: number
  moves: MoveKind[]
  hasVariants: boolean
  /** Whether one visit of this programme may have to do with another: see `settleCourses`. */
  hasCourses: boolean
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
  const programmes = await activeProgrammes(ctx, triggers)
  return plannedOnce(ctx, () => plan(ctx, programmes, () => which))
}

/** Enrols those of the given encounters whom this programme is for. */
export async function planSome(ctx: Context, programmeId: string, encounterIds: readonly string[]): Promise<number> {
  if (encounterIds.length === 0) return 0
  const programmes = (await activeProgrammes(ctx)).filter((p) => p.programmeId === programmeId)
  return plannedOnce(ctx, () => plan(ctx, programmes, () => sql`c.id = any(${[...encounterIds]}::uuid[])`))
}

/** Enrols everybody who is due since the programme's first moment, all at once. */
export async function planProgramme(ctx: Context, programmeId: string): Promise<number> {
  const programmes = (await activeProgrammes(ctx)).filter((p) => p.programmeId === programmeId)
  return plan(ctx, programmes, ({ activeFrom, trigger }) => sql`c.status_at >= ${changedSince(trigger, activeFrom)}`)
}

/** The same for those who were drawn: of a programme that is drawn for nobody else is enrolled. Whoever went home before `since` is not. */
export async function planDrawn(ctx: Context, programmeId: string, encounterIds: readonly string[], since: Date): Promise<number> {
  if (encounterIds.length === 0) return 0
  const programmes = (await activeProgrammes(ctx, undefined, true)).filter((p) => p.programmeId === programmeId)
  const whole = programmes.map((p) => ({ ...p, samplePercent: 100, activeFrom: since }))
  return plan(ctx, whole, () => sql`c.id = any(${[...encounterIds]}::uuid[])`)
}

/**
 * The versions by which somebody may be enrolled now. A visit is planned by the one that was in force when it happened, however late that is told and whatever
 * was put right since; what lies before the activation, by the one that was activated.
 */
async function activeProgrammes(ctx: Context, triggers?: readonly Trigger[], isDrawn = false): Promise<Planned[]> {
  const next = sql<Date | null>`(select min(n.saved_at) from followups.versions n where n.programme_id = v.programme_id and n.number > v.number)`
  const found = await db(ctx)
    .selectFrom('followups.programmes as p')
    .innerJoin('followups.versions as v', 'v.programmeId', 'p.id')
    .where('p.status', '=', 'active')
    .where(sql<boolean>`coalesce(${next} > p.activated_at, true)`)
    .where('p.isDrawn', '=', isDrawn)
    .where('p.cohortId', 'is', null) // a study's is for its members
    .$if(triggers !== undefined, (q) => q.where('v.trigger', 'in', triggers ?? []))
    .select(['p.id as programmeId', 'v.id as versionId', 'v.trigger', 'v.rule', 'v.samplePercent', 'v.onReturn', 'p.activeFrom'])
    .select(sql<Date | null>`case when v.number > 1 and v.saved_at > p.activated_at then v.saved_at end`.as('since'))
    .select(next.as('until'))
    .select(sql<number>`(select coalesce(max(${furthestDay}), 0) from followups.steps s where s.version_id = v.id)`.as('longestDays'))
    .select(
      sql<MoveKind[]>`(select coalesce(array_agg(distinct m.kind) filter (where m.kind is not null), '{}')
                         from followups.steps s cross join lateral (select ${moveKindOf} as kind) m where s.version_id = v.id)`.as('moves'),
    )
    .select(sql<boolean>`exists (select from followups.variants w where w.version_id = v.id)`.as('hasVariants'))
    .select(sql<boolean>`exists (select from followups.versions w where w.programme_id = p.id and ${mayHaveCourses})`.as('hasCourses'))
    .orderBy('p.id')
    .orderBy('v.number')
    .limit(1000)
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
  const first = new Date(Math.min(...programmes.map((p) => p.activeFrom.getTime())))
  const longest = Math.max(...programmes.map((p) => p.longestDays))
  const kinds = [...new Set(programmes.flatMap((p) => p.moves))]
  const moves = await loadMoves(ctx, ctx.clock.dayOf(first), addDays(ctx.clock.today(), longest + 1), kinds)
  const due = programmes.map(
    (programme) => sql`
      select ${programme.programmeId}::uuid as programme_id, ${programme.versionId}::uuid as version_id, c.id as encounter_id,
             ${variantOf(programme)} as variant, x.anchor_at, (x.anchor_at at time zone ${zone})::date as anchor_on,
             c.patient_id, ${programme.hasCourses}::boolean as has_courses
        from encounters.cards c
        cross join lateral (select ${anchorOf(programme.trigger)} as anchor_at, c.id, c.patient_id) x
        join patients.cards p on p.id = c.patient_id
       where ${which(programme)} and x.anchor_at >= ${programme.activeFrom} and ${isInForce(programme)} and ${isDue(programme, now)} and ${matches(programme, zone)}`,
  )
  const inTurn = sql`case when has_courses then row_number() over (partition by programme_id, patient_id order by anchor_at, encounter_id) else 1 end`
  const statement = sql<{ made: number; waiting: boolean; taskIds: string[]; patientIds: string[] }>`
    with due as materialized (
      select *, ${programmes.some((p) => p.hasCourses) ? inTurn : sql`1`} as turn from (${sql.join(due, sql` union all `)}) candidates
    ), a as (
      insert into followups.enrolments (encounter_id, programme_id, version_id, variant, anchor_at, anchor_on, enrolled_at)
      select due.encounter_id, due.programme_id, due.version_id, due.variant, due.anchor_at, due.anchor_on, ${now} from due where due.turn = 1
      on conflict on constraint enrolments_pkey do nothing
      returning encounter_id, programme_id, version_id, variant, anchor_at, anchor_on
    ), planned as (${makeTasks(ctx, moves)})
    select count(*)::int as made, exists (select from due where due.turn > 1) as waiting,
           coalesce(array_agg(id), '{}') as task_ids, coalesce(array_agg(distinct patient_id), '{}') as patient_ids from planned`
  let made = 0
  for (let isWaiting = true; isWaiting; ) {
    const done = (await statement.execute(ctx.db)).rows[0]
    if (!done) break
    await tellPatients(ctx, done.patientIds)
    await tellTasks(ctx, done.taskIds.map((id) => ({ id }))) // biome-ignore format: one thought
    if (programmes.some((p) => p.hasCourses)) await reconcile(ctx, done.patientIds)
    made += done.made
    isWaiting = done.waiting // once more for the next visit of a patient, which a course that has just begun may take in
  }
  return made
}

const isInForce = ({ since, until }: Planned) =>
  sql`${since ? sql`x.anchor_at >= ${since}` : sql`true`} and ${until ? sql`x.anchor_at < ${until}` : sql`true`}`

const variantOf = ({ hasVariants, versionId }: Planned) =>
  hasVariants
    ? sql`coalesce((select w.variant from followups.variants w where w.version_id = ${versionId}::uuid and w.department_id = c.department_id), 0)`
    : sql`0`

/** That somebody has not come is known when the days have passed. */
const isDue = ({ trigger }: Planned, now: Date) => (trigger === 'vanished' ? sql`x.anchor_at <= ${now}` : sql`true`)

/** The moment from which a trigger's offsets count. */
export const anchorOf = (trigger: Trigger) =>
  trigger === 'discharged' ? sql`c.discharged_at` : trigger === 'vanished' ? vanishedAt : sql`c.admitted_at`

/** The rule over encounter `c` and patient `p`, anchored at `x.anchor_at`. */
export function matches(
  said: Pick<Planned, 'trigger' | 'rule' | 'samplePercent' | 'onReturn'> & { programmeId?: string; hasCourses?: boolean },
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
  if (trigger !== 'admitted' && (said.onReturn === 'anew' || said.onReturn === 'stop'))
    claims.push(sql`not ${isReadmitted(sql`x.anchor_at`)}`)
  if (said.programmeId && said.hasCourses)
    claims.push(sql`not ${isEnrolled(said.programmeId)} and not ${isOfRunningCourse(said.programmeId, zone)}`)
  return sql<boolean>`${sql.join(claims, sql` and `)}`
}

/** Whether encounter `c` is in the state that the trigger asks for. */
export const isInState = (trigger: Trigger) =>
  trigger === 'discharged'
    ? sql`c.status = 'discharged'`
    : trigger === 'admitted'
      ? sql`c.status = 'inProgress'`
      : trigger === 'vanished'
        ? sql`(${hasLeft} and not ${isReadmitted(leftAt)} and not ${cameBack})`
        : sql`c.status in ('inProgress', 'discharged')`

const isEnrolled = (programmeId: string) =>
  sql`exists (select from followups.enrolments here where here.encounter_id = c.id and here.programme_id = ${programmeId}::uuid)`

/** Whether visit `x` falls into a course of this programme that runs on through it. */
const isOfRunningCourse = (programmeId: string, zone: string) => sql`
  exists (select from encounters.cards c
            join followups.enrolments o on o.encounter_id = c.id and o.programme_id = ${programmeId}::uuid
            join followups.versions v on v.id = o.version_id and v.on_return in ('stop', 'pause')
            cross join lateral (select ${anchorNow} as anchor_at) was
           where c.patient_id = x.patient_id and c.id <> x.id and o.continues is null and ${disqualified('c', 'v')} is null
             and (was.anchor_at, o.encounter_id) < (x.anchor_at, x.id)
             and ${courseEnd('o', sql`was.anchor_at`, zone)} >= (x.anchor_at at time zone ${zone})::date)`

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
