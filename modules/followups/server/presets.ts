import { newId } from '@renxin/kernel'
import type { Context } from '@renxin/server'
import { findQuestionnaireByKey, prepareSurveys } from '@renxin/surveys'
import { ProgrammeBody } from '../contract.ts'
import { writeVersion } from './programmes.ts'
import { db } from './tables.ts'

type Asked = 'recovery' | 'inpatient-satisfaction' | 'nps'
type Preset = {
  key: string
  asks: Asked | null
  body: Omit<ProgrammeBody, 'steps'> & { step: Omit<ProgrammeBody['steps'][number], 'questionnaireId'> }
}

const patience = { days: 'any', tries: 3, triesPerDay: 2, waitMinutes: 120 } as const
const everybody = {
  departmentIds: [],
  wardIds: [],
  diagnoses: [],
  ageFrom: null,
  ageTo: null,
  sex: null,
  withoutDispositions: ['2', '3', '5'],
  stayFromDays: null,
  stayToDays: null,
  ever: [],
} satisfies Omit<ProgrammeBody['rule'], 'classes'>
const stays = { ...everybody, classes: ['inpatient', 'daySurgery'] } satisfies ProgrammeBody['rule']
const common = { samplePercent: 100, stopsOnReadmission: true, callFrom: '08:30', callUntil: '20:00' } as const

/** What hospitals of the field do. No national rule sets these windows: they are where a hospital begins, and edits. */
const presets: readonly Preset[] = [
  {
    key: 'bedside24h', // Fuzhou: within 24 h of admission
    asks: null,
    body: {
      ...common,
      name: '入院 24 小时床旁访视',
      level: 'bedside',
      trigger: 'admitted',
      rule: { ...stays, classes: ['inpatient'], withoutDispositions: [] },
      step: {
        ...patience,
        name: '床旁访视',
        unit: 'hours',
        fromOffset: 0,
        byOffset: 24,
        channel: 'bedside',
        assignee: 'centre',
        tries: 5,
        triesPerDay: 5,
      },
    },
  },
  {
    key: 'centre72h', // Fuzhou: about 72 h after discharge
    asks: 'inpatient-satisfaction',
    body: {
      ...common,
      name: '出院 72 小时回访',
      level: 'centre',
      trigger: 'discharged',
      rule: stays,
      step: { ...patience, name: '72 小时电话', unit: 'hours', fromOffset: 72, byOffset: 120, channel: 'phone', assignee: 'centre' },
    },
  },
  {
    key: 'department7d', // Three-level, level 1: the attending doctor and the responsible nurse within 7 days
    asks: 'recovery',
    body: {
      ...common,
      name: '科室一周随访',
      level: 'department',
      trigger: 'discharged',
      rule: stays,
      step: { ...patience, name: '一周内电话', unit: 'days', fromOffset: 1, byOffset: 7, channel: 'phone', assignee: 'nurse' },
    },
  },
  {
    key: 'experience3to10d', // Jilin: discharged 3 to 10 days ago, listed daily; here those who went through most, so that nobody is called by all
    asks: 'nps',
    body: {
      ...common,
      name: '出院 3–10 天重点回访',
      level: 'centre',
      trigger: 'discharged',
      rule: { ...stays, ever: ['everCritical', 'everSerious', 'everSpecialNursing'] },
      step: { ...patience, name: '体验回访', unit: 'days', fromOffset: 3, byOffset: 10, channel: 'phone', assignee: 'centre' },
    },
  },
  {
    key: 'satisfaction30d', // Three-level, level 3: within a month, half of each department's stays
    asks: 'inpatient-satisfaction',
    body: {
      ...common,
      name: '一个月内满意度调查',
      level: 'centre',
      trigger: 'discharged',
      samplePercent: 50,
      rule: stays,
      step: {
        ...patience,
        name: '满意度电话',
        unit: 'days',
        fromOffset: 15,
        byOffset: 30,
        days: 'working',
        channel: 'phone',
        assignee: 'centre',
      },
    },
  },
]

export const presetKeys = presets.map((p) => p.key)

/**
 * Makes the programmes of the field that a hospital does not have yet; what it changed or switched off stays so.
 * They are for whoever comes from now on, or from `activeFrom`.
 */
export async function prepareFollowups(ctx: Context, options: { activeFrom?: Date } = {}): Promise<void> {
  if (options.activeFrom) await reachBack(ctx, options.activeFrom)
  const known = await db(ctx).selectFrom('followups.programmes').where('key', 'is not', null).select('key').execute()
  const missing = presets.filter((p) => !known.some((k) => k.key === p.key))
  if (missing.length === 0) return
  await prepareSurveys(ctx) // their questionnaires come first, whoever prepares first
  for (const preset of missing) await make(ctx, preset, options.activeFrom ?? ctx.clock.now())
}

const reachBack = (ctx: Context, activeFrom: Date) =>
  db(ctx)
    .updateTable('followups.programmes')
    .set({ activeFrom })
    .where('key', 'in', presetKeys)
    .where('status', '=', 'active')
    .where('activeFrom', '>', activeFrom)
    .execute()

async function make(ctx: Context, { key, asks, body: { step, ...body } }: Preset, activeFrom: Date): Promise<void> {
  const id = newId(ctx.clock.now().getTime())
  const questionnaire = asks ? await findQuestionnaireByKey(ctx, asks) : undefined
  const made = await db(ctx)
    .insertInto('followups.programmes')
    .values({ id, key, name: body.name, level: body.level, status: 'active', currentVersion: 1, activeFrom, updatedAt: ctx.clock.now() })
    .onConflict((c) => c.doNothing()) // its key, or a name that the hospital uses itself
    .executeTakeFirst()
  if (made.numInsertedOrUpdatedRows === 0n) return
  await writeVersion(ctx, id, 1, ProgrammeBody.parse({ ...body, steps: [{ ...step, questionnaireId: questionnaire?.id ?? null }] }))
}
