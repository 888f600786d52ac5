import type { Input } from '@renxin/kernel'
import { audit, type Context, sql } from '@renxin/server'
import { type LevelRule, LevelSettings, levelErrors, type levelsApi, Rule } from '../../contract.ts'
import { db } from '../tables.ts'
import type { Drawable } from './frame.ts'

type Api = typeof levelsApi

export async function getSettings(ctx: Context): Promise<LevelSettings> {
  const row = await db(ctx).selectFrom('followups.levelSettings').select('settings').executeTakeFirst()
  return LevelSettings.parse(row?.settings ?? {})
}

/** The programme that is drawn for, by its present version. */
export async function findDrawable(ctx: Context): Promise<(Drawable & { programmeId: string; name: string }) | undefined> {
  const found = await db(ctx)
    .selectFrom('followups.programmes as p')
    .innerJoin('followups.versions as v', (on) => on.onRef('v.programmeId', '=', 'p.id').onRef('v.number', '=', 'p.currentVersion'))
    .where('p.isDrawn', '=', true)
    .where('p.status', '=', 'active')
    .where('v.trigger', '=', 'discharged')
    .select(['p.id as programmeId', 'p.name', 'v.rule', 'v.onReturn'])
    .executeTakeFirst()
  return found && { ...found, level: 'centre' }
}

/** The supervisor of a department looks into its own stays, and calls nobody for it: no programme. */
export const spotted: Drawable = {
  level: 'supervisor',
  programmeId: null,
  rule: Rule.parse({ classes: ['inpatient', 'daySurgery'] }),
  onReturn: 'goOn',
}

const programmesToDraw = (ctx: Context) =>
  db(ctx)
    .selectFrom('followups.programmes as p')
    .innerJoin('followups.versions as v', (on) => on.onRef('v.programmeId', '=', 'p.id').onRef('v.number', '=', 'p.currentVersion'))
    .where('v.trigger', '=', 'discharged')
    .where('p.level', '=', 'centre')
    .select(['p.id', 'p.name', 'p.isDrawn'])
    .orderBy('p.name')
    .limit(200)
    .execute()

export async function readLevelSettings(ctx: Context) {
  const programmes = await programmesToDraw(ctx)
  const rules = await rulesByDepartment(ctx)
  const departments = await db(ctx)
    .selectFrom('staff.unitCards')
    .where('kind', '=', 'department')
    .where('isActive', '=', true)
    .select(['id', 'name'])
    .orderBy('name')
    .limit(1000)
    .execute()
  return {
    settings: await getSettings(ctx),
    programmeId: programmes.find((p) => p.isDrawn)?.id ?? null,
    programmes: programmes.map(({ id, name }) => ({ id, name })),
    departments: departments.map((d) => ({ ...d, rule: rules.get(d.id) ?? asTheHospital })),
  }
}

const asTheHospital: LevelRule = { samplePercent: null, coverageLow: null, coverageHigh: null, spotPercent: null }

export async function rulesByDepartment(ctx: Context): Promise<ReadonlyMap<string, LevelRule>> {
  const rows = await db(ctx).selectFrom('followups.levelRules').selectAll().limit(1000).execute()
  return new Map(rows.map(({ departmentId, ...rule }) => [departmentId, rule]))
}

type Band = { low: number; high: number } // in per cent

/** The share that level 1 is asked for: of the hospital, and of each department that has its own. */
export async function coverageBands(ctx: Context): Promise<{ hospital: Band; of: (departmentId: string | null) => Band }> {
  const { coverageLow: low, coverageHigh: high } = await getSettings(ctx)
  const rules = await rulesByDepartment(ctx)
  const of = (departmentId: string | null) => {
    const rule = departmentId === null ? undefined : rules.get(departmentId)
    return { low: rule?.coverageLow ?? low, high: rule?.coverageHigh ?? high }
  }
  return { hospital: { low, high }, of }
}

/** A programme that becomes drawn for enrols nobody by itself any more; what it enrolled goes on, and is not drawn again. */
export async function saveLevelSettings(ctx: Context, { settings, programmeId }: Input<Api['saveLevelSettings']>) {
  const before = { settings: await getSettings(ctx), programmeId: (await programmesToDraw(ctx)).find((p) => p.isDrawn)?.id ?? null }
  if (programmeId && !(await programmesToDraw(ctx)).some((p) => p.id === programmeId)) throw levelErrors.nothingDrawnFor()
  await sql`
    insert into followups.level_settings (settings) values (${JSON.stringify(settings)}::jsonb)
    on conflict (hospital_id) do update set settings = excluded.settings`.execute(ctx.db)
  if (programmeId !== before.programmeId) {
    await sql`update followups.programmes set is_drawn = false where is_drawn`.execute(ctx.db)
    await sql`update followups.programmes set is_drawn = true where id = ${programmeId}`.execute(ctx.db)
  }
  await audit(ctx, { action: 'followups.levelSettingsChanged', detail: { before, after: { settings, programmeId } } })
  return { settings, programmeId }
}

export async function saveLevelRule(ctx: Context, { departmentId, rule }: Input<Api['saveLevelRule']>): Promise<LevelRule> {
  const known = await db(ctx)
    .selectFrom('staff.unitCards')
    .where('id', '=', departmentId)
    .where('kind', '=', 'department')
    .select('id')
    .executeTakeFirst()
  if (!known) throw levelErrors.departmentUnknown({ departmentId })
  const before = (await rulesByDepartment(ctx)).get(departmentId) ?? asTheHospital
  await db(ctx)
    .insertInto('followups.levelRules')
    .values({ departmentId, ...rule })
    .onConflict((c) => c.constraint('level_rules_pkey').doUpdateSet(rule))
    .execute()
  await audit(ctx, { action: 'followups.levelRuleChanged', objectId: departmentId, detail: { before, after: rule } })
  return rule
}
