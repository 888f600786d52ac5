import { daysBetween, houseErrors, type Input, newId } from '@renxin/kernel'
import { type Context, sql, unveiled } from '@renxin/server'
import { countCap, type ProgrammeBody, programmeErrors, type programmesApi } from '../contract.ts'
import { beginPlanning, latestPlanning, stopPlanning } from './backlog.ts'
import { readSteps, writeSteps } from './steps.ts'
import { db } from './tables.ts'

type Api = typeof programmesApi

export async function listProgrammeNames(ctx: Context) {
  return { rows: await db(ctx).selectFrom('followups.programmes').select(['id', 'name']).orderBy('name').limit(200).execute() }
}

export async function countActiveProgrammes(ctx: Context): Promise<number> {
  const { rows } = await sql<{ n: number }>`select count(*)::int as n from followups.programmes where status = 'active'`.execute(ctx.db)
  return rows[0]?.n ?? 0
}

export async function listProgrammes(ctx: Context) {
  const rows = await db(ctx)
    .selectFrom('followups.programmes as p')
    .innerJoin('followups.versions as v', (on) => on.onRef('v.programmeId', '=', 'p.id').onRef('v.number', '=', 'p.currentVersion'))
    .where('p.cohortId', 'is', null) // a study's own is kept with the study
    .select(['p.id', 'p.key', 'p.name', 'p.level', 'p.status', 'v.trigger', 'p.currentVersion as version', 'p.activeFrom', 'p.updatedAt'])
    .select(sql<number>`(select count(*)::int from followups.steps s where s.version_id = v.id)`.as('steps'))
    .select(
      sql<number>`(select count(*)::int from (select from followups.tasks t where t.programme_id = p.id and t.is_open limit ${countCap}) x)`.as(
        'openTasks',
      ),
    )
    .orderBy('p.status')
    .orderBy('p.name')
    .limit(200)
    .execute()
  return { rows }
}

export async function getProgramme(ctx: Context, { id }: { id: string }) {
  const found = await db(ctx)
    .selectFrom('followups.programmes as p')
    .innerJoin('followups.versions as v', (on) => on.onRef('v.programmeId', '=', 'p.id').onRef('v.number', '=', 'p.currentVersion'))
    .where('p.id', '=', id)
    .where('p.cohortId', 'is', null)
    .select(['p.id', 'p.key', 'p.name', 'p.level', 'p.status', 'p.currentVersion as version', 'p.activeFrom', 'v.id as versionId'])
    .select([
      'v.trigger',
      'v.rule',
      'v.samplePercent',
      'v.onReturn',
      'v.onTransfer',
      'v.onDeath',
      'v.onRefusal',
      'v.callFrom',
      'v.callUntil',
    ])
    .executeTakeFirst()
  if (!found) throw programmeErrors.programmeNotFound({ id })
  const steps = await readSteps(ctx, found.versionId)
  return {
    ...found,
    callFrom: found.callFrom.slice(0, 5),
    callUntil: found.callUntil.slice(0, 5),
    ...steps,
    planning: await latestPlanning(ctx, id),
  }
}

/** Saving makes a new version: what was enrolled before goes on by the one it was enrolled by. */
export async function saveProgramme(ctx: Context, { id, version, body }: Input<Api['saveProgramme']>) {
  mustBeOwnDepartments(ctx, body)
  await mustKnowQuestionnaires(ctx, body)
  await mustBeFreeName(ctx, id, body.name)
  const now = ctx.clock.now()
  if (version === 0) {
    const made = await db(ctx)
      .insertInto('followups.programmes')
      .values({ id, key: null, name: body.name, level: body.level, currentVersion: 1, activeFrom: null, activatedAt: null, updatedAt: now })
      .onConflict((c) => c.constraint('programmes_pkey').doNothing())
      .executeTakeFirst()
    if (made.numInsertedOrUpdatedRows === 0n) throw programmeErrors.programmeChanged({ id })
  } else {
    await mustBeOwnDepartments(ctx, await getProgramme(ctx, { id }))
    const moved = await db(ctx)
      .updateTable('followups.programmes')
      .set({ name: body.name, level: body.level, currentVersion: version + 1, updatedAt: now })
      .where('id', '=', id)
      .where('currentVersion', '=', version)
      .executeTakeFirst()
    if (moved.numUpdatedRows === 0n) throw programmeErrors.programmeChanged({ id })
  }
  await writeVersion(ctx, id, version + 1, body)
  return getProgramme(ctx, { id })
}

export async function writeVersion(ctx: Context, programmeId: string, number: number, body: ProgrammeBody): Promise<void> {
  await writeSteps(ctx, await insertVersion(ctx, programmeId, number, body), body)
}

/** A version without its steps. */
export async function insertVersion(
  ctx: Context,
  programmeId: string,
  number: number,
  body: Omit<ProgrammeBody, 'steps' | 'variants'>,
): Promise<string> {
  const now = ctx.clock.now()
  const versionId = newId(now.getTime())
  const { trigger, samplePercent, onReturn, onTransfer, onDeath, onRefusal, callFrom, callUntil } = body
  await db(ctx)
    .insertInto('followups.versions')
    .values({
      id: versionId,
      programmeId,
      number,
      trigger,
      samplePercent,
      onReturn,
      onTransfer,
      onDeath,
      onRefusal,
      callFrom,
      callUntil,
      rule: sql`${JSON.stringify(body.rule)}::jsonb`,
      savedAt: now,
      savedBy: ctx.actor.id,
    })
    .execute()
  return versionId
}

const MOST_DAYS_BACK = 60

export async function activateProgramme(ctx: Context, { id, from }: Input<Api['activate']>) {
  await mustBeOwnDepartments(ctx, await getProgramme(ctx, { id }))
  const today = ctx.clock.today()
  if (from && (daysBetween(from, today) > MOST_DAYS_BACK || from > today))
    throw programmeErrors.activeFromTooEarly({ days: MOST_DAYS_BACK })
  const activeFrom = from ? ctx.clock.at(from) : ctx.clock.at(today)
  await db(ctx)
    .updateTable('followups.programmes')
    .set({ status: 'active', activeFrom, activatedAt: ctx.clock.now(), updatedAt: ctx.clock.now() })
    .where('id', '=', id)
    .execute()
  await unveiled(ctx, () => beginPlanning(ctx, id)) // it is for everybody, whoever may see whom
  return getProgramme(ctx, { id })
}

/** Nobody is enrolled any more, of earlier days neither; what was planned goes on. */
export async function disableProgramme(ctx: Context, { id }: Input<Api['disable']>) {
  await mustBeOwnDepartments(ctx, await getProgramme(ctx, { id }))
  await db(ctx).updateTable('followups.programmes').set({ status: 'disabled', updatedAt: ctx.clock.now() }).where('id', '=', id).execute()
  await stopPlanning(ctx, id)
  return getProgramme(ctx, { id })
}

/** Whose permission reaches over a department writes programmes for that department alone. */
function mustBeOwnDepartments(ctx: Context, { rule, variants }: Pick<ProgrammeBody, 'rule' | 'variants'>): void {
  if (ctx.actor.scope === 'hospital') return
  const named = [...rule.departmentIds, ...variants.flatMap((v) => v.departmentIds)]
  const isOwn = rule.departmentIds.length > 0 && named.every((d) => ctx.actor.departments.includes(d))
  if (ctx.actor.scope !== 'department') throw houseErrors.forbidden({ permission: 'followups.programmes' })
  if (!isOwn) throw programmeErrors.notYourDepartment()
}

async function mustKnowQuestionnaires(ctx: Context, { steps, variants }: ProgrammeBody): Promise<void> {
  const ids = [...new Set([...steps, ...variants.flatMap((v) => v.steps)].flatMap((s) => s.questionnaireId ?? []))]
  if (ids.length === 0) return
  const known = await db(ctx)
    .selectFrom('surveys.questionnaireCards')
    .where('id', '=', sql<string>`any(${ids}::uuid[])`)
    .where('currentVersionId', 'is not', null)
    .select('id')
    .execute()
  const unknown = ids.filter((id) => !known.some((k) => k.id === id))
  if (unknown.length > 0) throw programmeErrors.questionnaireUnknown({ ids: unknown })
}

async function mustBeFreeName(ctx: Context, id: string, name: string): Promise<void> {
  const other = await db(ctx)
    .selectFrom('followups.programmes')
    .where('name', '=', name)
    .where('id', '<>', id)
    .select('id')
    .executeTakeFirst()
  if (other) throw programmeErrors.nameTaken({ name })
}
