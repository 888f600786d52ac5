import { type Input, newId } from '@renxin/kernel'
import { type Context, sql } from '@renxin/server'
import { CohortFilter, type CohortVisit, cohortErrors, type cohortsApi, MOST_MEMBERS, MOST_VISITS, ProgrammeBody } from '../../contract.ts'
import { insertVersion } from '../programmes.ts'
import { bump, findCohort, frozenCohort, getCohort, mustBeFreeName, mustKnowQuestionnaires, visitsOf, writeVisits } from './cohorts.ts'
import { chosenFrom, mustBeOwnDepartments, mustMayFilter } from './filter.ts'
import { planMembers } from './plan.ts'
import { stepsOfVisit } from './steps-of-visit.ts'
import { db } from './tables.ts'

type Api = typeof cohortsApi

/** So many members have their tasks with the freezing itself; the others by the clock. */
const AT_ONCE = 200

/**
 * Fixes the members: of those whom the actor may see, whom the filter takes now. They are exactly as many as he was shown, or nothing is done. With them a programme
 * is made that is for nobody else, and its tasks.
 */
export async function freezeCohort(ctx: Context, { id, revision, members }: Input<Api['freezeCohort']>) {
  await sql`select from followups.cohorts where id = ${id}::uuid for update`.execute(ctx.db)
  const cohort = await findCohort(ctx, id)
  if (cohort.frozenAt) throw cohortErrors.cohortFrozen({ id })
  if (cohort.revision !== revision) throw cohortErrors.cohortChanged({ id })
  const filter = CohortFilter.parse(cohort.filter)
  mustMayFilter(ctx, filter)
  mustBeOwnDepartments(ctx, filter)
  if (filter.to > ctx.clock.today()) throw cohortErrors.cohortPeriodOpen({ to: filter.to })
  await mustBeFreeName(ctx, id, cohort.name)
  const visits = await visitsOf(ctx, id)
  await mustKnowQuestionnaires(ctx, visits)
  const taken = await addMembers(ctx, id, filter)
  if (taken === 0) throw cohortErrors.cohortEmpty()
  if (taken > MOST_MEMBERS) throw cohortErrors.cohortTooLarge({ most: MOST_MEMBERS, is: taken })
  if (taken !== members) throw cohortErrors.cohortCountMoved({ was: members, is: taken })
  const programmeId = await makeProgramme(ctx, cohort.name, id, filter)
  const { id: frozenBy, name: frozenByName } = ctx.actor
  await bump(ctx, id, revision, { frozenAt: ctx.clock.now(), frozenBy, frozenByName, members: taken, programmeId })
  await addSteps(ctx, programmeId, visits)
  await planMembers(ctx, await frozenCohort(ctx, id), AT_ONCE)
  return getCohort(ctx, { id })
}

/** Numbers are drawn by lot: none tells who came before whom. */
async function addMembers(ctx: Context, id: string, filter: CohortFilter): Promise<number> {
  const { numAffectedRows } = await sql`
    insert into followups.cohort_members (cohort_id, encounter_id, number, discharged_on, age, sex, department_id, stay_days,
                                          diagnosis_code, diagnosis_name, operation_code, operation_name)
    select ${id}::uuid, c.id, row_number() over (order by gen_random_uuid()), c.discharged_on, extract(year from age(c.discharged_on, first.birth_on)), first.sex,
           c.department_id, c.length_of_stay_days, dx.code, dx.name, op.code, op.name
      from ${chosenFrom(ctx, filter)} limit ${sql.lit(MOST_MEMBERS + 1)}`.execute(ctx.db)
  return Number(numAffectedRows ?? 0)
}

/** It is for whoever is a member: readmission and transfer change nothing, death and refusal stop it. */
async function makeProgramme(ctx: Context, name: string, cohortId: string, { classes, from }: CohortFilter): Promise<string> {
  const now = ctx.clock.now()
  const id = newId(now.getTime())
  await db(ctx)
    .insertInto('followups.programmes')
    .values({
      id,
      cohortId,
      key: null,
      name,
      level: 'study',
      status: 'active',
      currentVersion: 1,
      activeFrom: ctx.clock.at(from),
      activatedAt: now,
      updatedAt: now,
    })
    .execute()
  const { steps: _, ...body } = ProgrammeBody.parse({
    name,
    level: 'study',
    trigger: 'discharged',
    rule: { classes, withoutDispositions: [] },
    onReturn: 'goOn',
    onTransfer: 'goOn',
    onRefusal: 'stop',
    steps: [{ name: '-', unit: 'days', fromOffset: 1, byOffset: 1, channel: 'phone', assignee: 'centre', questionnaireId: null }],
  })
  await insertVersion(ctx, id, 1, body)
  return id
}

async function addSteps(ctx: Context, programmeId: string, visits: readonly (CohortVisit & { position: number })[]): Promise<void> {
  if (visits.length === 0) return
  const version = await db(ctx)
    .selectFrom('followups.versions')
    .where('programmeId', '=', programmeId)
    .select('id')
    .executeTakeFirstOrThrow()
  const rows = visits.flatMap((v) => stepsOfVisit(v).map((step) => ({ ...step, versionId: version.id })))
  await db(ctx).insertInto('followups.steps').values(rows).execute()
}

/** Adds visits to a frozen study: those that are planned stay as they are. */
export async function addVisits(ctx: Context, { id, revision, visits }: Input<Api['addVisits']>) {
  const { programmeId, closedAt } = await frozenCohort(ctx, id)
  if (closedAt) throw cohortErrors.cohortClosed({ id })
  await mustKnowQuestionnaires(ctx, visits)
  await bump(ctx, id, revision, { planned: 0 })
  const before = (await visitsOf(ctx, id)).length
  if (before + visits.length > MOST_VISITS) throw cohortErrors.cohortTooLarge({ most: MOST_VISITS, is: before + visits.length })
  await writeVisits(ctx, id, visits, before)
  await addSteps(ctx, programmeId, visits.map((v, at) => ({ ...v, position: before + at + 1 }))) // biome-ignore format: one thought
  await planMembers(ctx, await frozenCohort(ctx, id), AT_ONCE)
  return getCohort(ctx, { id })
}
