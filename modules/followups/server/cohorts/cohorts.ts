import type { Input } from '@renxin/kernel'
import { type Context, sql, unveiled } from '@renxin/server'
import { exportSerial } from '@renxin/server/export'
import { type Cohort, CohortFilter, type CohortVisit, cohortErrors, type cohortsApi, programmeErrors } from '../../contract.ts'
import { closeRunning } from '../hands.ts'
import { tellPatients } from '../tell-patients.ts'
import { tellTasks } from '../tell-tasks.ts'
import { mustBeOwnDepartments, mustMayFilter, seenVisit, standingOf } from './filter.ts'
import { db } from './tables.ts'

type Api = typeof cohortsApi

/** Studies that the actor may open: all of the hospital; his own; those of his departments alone. */
function mayOpen(ctx: Context) {
  const { actor } = ctx
  if (actor.scope === 'hospital') return sql<boolean>`true`
  const ofOwn = sql`h.filter -> 'departmentIds' <> '[]' and not exists (
    select from jsonb_array_elements_text(h.filter -> 'departmentIds') d where d::uuid <> all(${[...actor.departments]}::uuid[]))`
  return sql<boolean>`(h.created_by = ${actor.id}::uuid or ${actor.scope === 'department' ? ofOwn : sql`false`})`
}

const statusOf = ({ frozenAt, closedAt }: { frozenAt: Date | null; closedAt: Date | null }): Cohort['status'] =>
  closedAt ? 'closed' : frozenAt ? 'frozen' : 'draft'

export async function listCohorts(ctx: Context) {
  const rows = await db(ctx)
    .selectFrom('followups.cohorts as h')
    .where(mayOpen(ctx))
    .select(['h.id', 'h.name', 'h.leadName', 'h.members', 'h.frozenAt', 'h.closedAt', 'h.updatedAt'])
    .select(sql<number>`(select count(*)::int from followups.cohort_visits v where v.cohort_id = h.id)`.as('visits'))
    .orderBy('h.updatedAt', 'desc')
    .orderBy('h.id')
    .limit(500)
    .execute()
  return { rows: rows.map((r) => ({ ...r, status: statusOf(r) })) }
}

/** A study as it is kept; refuses one that the actor may not open. */
export async function findCohort(ctx: Context, id: string) {
  const found = await db(ctx)
    .selectFrom('followups.cohorts as h')
    .where('h.id', '=', id)
    .where(mayOpen(ctx))
    .selectAll('h')
    .executeTakeFirst()
  if (!found) throw cohortErrors.cohortNotFound({ id })
  return found
}

/** One that is frozen: with the programme whose tasks its visits are. Who is in it tells what it was chosen by, so that from whom this is kept it is closed. */
export async function frozenCohort(ctx: Context, id: string) {
  const cohort = await findCohort(ctx, id)
  mustMayFilter(ctx, cohort.filter)
  const { programmeId, members, frozenAt } = cohort
  if (programmeId === null || members === null || frozenAt === null) throw cohortErrors.cohortNotFrozen({ id })
  return { ...cohort, programmeId, members, frozenAt }
}

export type FrozenCohort = Awaited<ReturnType<typeof frozenCohort>>

export async function visitsOf(ctx: Context, cohortId: string) {
  return db(ctx)
    .selectFrom('followups.cohortVisits as v')
    .leftJoin('surveys.questionnaireCards as q', 'q.id', 'v.questionnaireId')
    .where('v.cohortId', '=', cohortId)
    .select(['v.position', 'v.name', 'v.unit', 'v.after', 'v.beforeDays', 'v.afterDays', 'v.who', 'v.questionnaireId'])
    .select(sql<string>`coalesce(q.title, '')`.as('questionnaireTitle'))
    .orderBy('v.position')
    .limit(100)
    .execute()
}

export type StoredVisit = Awaited<ReturnType<typeof visitsOf>>[number]

export async function getCohort(ctx: Context, { id }: { id: string }) {
  const { createdBy: _, frozenBy: __, createdAt: ___, ...cohort } = await findCohort(ctx, id)
  const exports = await db(ctx)
    .selectFrom('followups.cohortExports')
    .where('cohortId', '=', id)
    .select(['number', 'at', 'byName', 'format', 'layout', 'isIdentified', 'members', 'reason'])
    .orderBy('number', 'desc')
    .limit(50)
    .execute()
  return {
    ...cohort,
    filter: CohortFilter.parse(cohort.filter),
    status: statusOf(cohort),
    visits: await visitsOf(ctx, id),
    ...(await countStandings(ctx, id)),
    exports: exports.map(({ number, ...e }) => ({ ...e, serial: exportSerial(number) })),
  }
}

/** How the members stand whom the reader may see. */
async function countStandings(ctx: Context, id: string): Promise<Pick<Cohort, 'seen' | 'standing'>> {
  const { rows } = await sql<{ status: keyof Cohort['standing']; n: number }>`
    select ${standingOf} as status, count(*)::int as n
      from followups.cohort_members m
      join encounters.cards c on c.id = m.encounter_id
      join patients.cards p on p.id = c.patient_id
     where m.cohort_id = ${id} and ${seenVisit(ctx)} group by 1`.execute(ctx.db)
  const standing = { active: 0, withdrawn: 0, lost: 0, dead: 0 }
  for (const { status, n } of rows) standing[status] = n
  return { seen: rows.reduce((sum, r) => sum + r.n, 0), standing }
}

/** What may be asked at a visit. */
export async function listCohortQuestionnaires(ctx: Context) {
  const rows = await db(ctx)
    .selectFrom('surveys.questionnaireCards')
    .where('status', '=', 'active')
    .where('currentVersionId', 'is not', null)
    .select(['id', 'title'])
    .orderBy('title')
    .limit(500)
    .execute()
  return { rows }
}

/** Writes a draft: what is frozen is refused here, and by the database. */
export async function saveCohort(ctx: Context, { id, revision, body }: Input<Api['saveCohort']>) {
  const { filter, visits, ...about } = body
  mustMayFilter(ctx, filter)
  mustBeOwnDepartments(ctx, filter)
  await mustBeFreeName(ctx, id, about.name)
  await mustKnowQuestionnaires(ctx, visits)
  const now = ctx.clock.now()
  const written = { ...about, filter: sql<CohortFilter>`${JSON.stringify(filter)}::jsonb`, updatedAt: now }
  if (revision === 0) {
    const made = await db(ctx)
      .insertInto('followups.cohorts')
      .values({ ...written, id, revision: 1, createdAt: now, createdBy: ctx.actor.id, createdByName: ctx.actor.name, ...notFrozen })
      .onConflict((c) => c.constraint('cohorts_pkey').doNothing())
      .executeTakeFirst()
    if (made.numInsertedOrUpdatedRows === 0n) throw cohortErrors.cohortChanged({ id })
  } else {
    if ((await findCohort(ctx, id)).frozenAt) throw cohortErrors.cohortFrozen({ id })
    await bump(ctx, id, revision, written)
    await db(ctx).deleteFrom('followups.cohortVisits').where('cohortId', '=', id).execute()
  }
  await writeVisits(ctx, id, visits, 0)
  return getCohort(ctx, { id })
}

const notFrozen = {
  frozenAt: null,
  frozenBy: null,
  frozenByName: null,
  members: null,
  programmeId: null,
  closedAt: null,
  closedByName: null,
}

/** One more revision, of what was read as this one. */
export async function bump(ctx: Context, id: string, revision: number, set: Record<string, unknown>): Promise<void> {
  const moved = await db(ctx)
    .updateTable('followups.cohorts')
    .set({ ...set, revision: revision + 1, updatedAt: ctx.clock.now() })
    .where('id', '=', id)
    .where('revision', '=', revision)
    .executeTakeFirst()
  if (moved.numUpdatedRows === 0n) throw cohortErrors.cohortChanged({ id })
}

export async function writeVisits(ctx: Context, cohortId: string, visits: readonly CohortVisit[], after: number): Promise<void> {
  if (visits.length === 0) return
  const rows = visits.map((v, at) => ({ ...v, cohortId, position: after + at + 1 }))
  await db(ctx).insertInto('followups.cohortVisits').values(rows).execute()
}

export async function discardCohort(ctx: Context, { id }: { id: string }) {
  if ((await findCohort(ctx, id)).frozenAt) throw cohortErrors.cohortFrozen({ id })
  await db(ctx).deleteFrom('followups.cohortVisits').where('cohortId', '=', id).execute()
  await db(ctx).deleteFrom('followups.cohorts').where('id', '=', id).execute()
  return { id }
}

export async function describeCohort(ctx: Context, { id, revision, ...about }: Input<Api['describeCohort']>) {
  await frozenCohort(ctx, id)
  await bump(ctx, id, revision, about)
  return getCohort(ctx, { id })
}

/** The study is over: what is still to be done of it is not done any more, and nobody takes it up again. */
export async function closeCohort(ctx: Context, { id }: { id: string }) {
  const { programmeId, closedAt, revision } = await frozenCohort(ctx, id)
  if (closedAt) return getCohort(ctx, { id })
  await bump(ctx, id, revision, { closedAt: ctx.clock.now(), closedByName: ctx.actor.name })
  await db(ctx)
    .updateTable('followups.programmes')
    .set({ status: 'disabled', updatedAt: ctx.clock.now() })
    .where('id', '=', programmeId)
    .execute()
  await stopAll(ctx, programmeId)
  return getCohort(ctx, { id })
}

const stopAll = (ctx: Context, programmeId: string) =>
  unveiled(ctx, async () => {
    const open = await db(ctx)
      .selectFrom('followups.tasks')
      .where('programmeId', '=', programmeId)
      .where(sql<boolean>`is_open`)
      .select('id')
      .forUpdate()
      .execute()
    await closeRunning(ctx, open.map((t) => t.id)) // biome-ignore format: one thought
    const { rows } = await sql<{ id: string; patientId: string }>`
      update followups.tasks set status = 'cancelled', close_reason = 'studyOver', closed_at = ${ctx.clock.now()}, closed_on = ${ctx.clock.today()},
             closed_by = ${ctx.actor.id}::uuid, call_back_at = null
       where programme_id = ${programmeId}::uuid and is_open returning id, patient_id`.execute(ctx.db)
    await tellTasks(ctx, rows)
    await tellPatients(ctx, [...new Set(rows.map((r) => r.patientId))])
  })

export async function mustKnowQuestionnaires(ctx: Context, visits: readonly CohortVisit[]): Promise<void> {
  const ids = [...new Set(visits.map((v) => v.questionnaireId))]
  const { rows } = await listCohortQuestionnaires(ctx)
  const unknown = ids.filter((id) => !rows.some((q) => q.id === id))
  if (unknown.length > 0) throw programmeErrors.questionnaireUnknown({ ids: unknown })
}

/** A study gives its name to the programme of its tasks. */
export async function mustBeFreeName(ctx: Context, id: string, name: string): Promise<void> {
  const { rows } = await sql`
    select from followups.cohorts where name = ${name} and id <> ${id}::uuid
    union all select from followups.programmes where name = ${name} and cohort_id is distinct from ${id}::uuid`.execute(ctx.db)
  if (rows.length > 0) throw cohortErrors.cohortNameTaken({ name })
}
