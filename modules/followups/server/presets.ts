import { newId } from '@renxin/kernel'
import type { Context } from '@renxin/server'
import { findQuestionnaireByKey, prepareSurveys } from '@renxin/surveys'
import type { z } from 'zod'
import { ProgrammeBody } from '../contract.ts'
import { writeVersion } from './programmes.ts'
import { db } from './tables.ts'

type Asked = 'recovery' | 'inpatient-satisfaction' | 'nps' | 'revisit-reasons'
type Said = z.input<typeof ProgrammeBody>
type Preset = {
  key: string
  /** Whom it asks is drawn, month by month and department by department (`levels/`). */
  isDrawn?: boolean
  asks: Asked | null
  body: Omit<Said, 'steps'> & { step: Omit<Said['steps'][number], 'questionnaireId'> }
}

const stays: Said['rule'] = { classes: ['inpatient', 'daySurgery'] }

/** What hospitals of the field do. No national rule sets these windows: they are where a hospital begins, and edits. */
const presets: readonly Preset[] = [
  {
    key: 'bedside24h', // Fuzhou: within 24 h of admission
    asks: null,
    body: {
      name: '入院 24 小时床旁访视',
      level: 'bedside',
      trigger: 'admitted',
      rule: { ...stays, classes: ['inpatient'], withoutDispositions: [] },
      step: {
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
      name: '出院 72 小时回访',
      level: 'centre',
      trigger: 'discharged',
      rule: stays,
      step: { name: '72 小时电话', unit: 'hours', fromOffset: 72, byOffset: 120, channel: 'phone', assignee: 'centre' },
    },
  },
  {
    key: 'department7d', // Three-level, level 1: the attending doctor and the responsible nurse within 7 days
    asks: 'recovery',
    body: {
      name: '科室一周随访',
      level: 'department',
      trigger: 'discharged',
      rule: stays,
      step: { name: '一周内电话', unit: 'days', fromOffset: 1, byOffset: 7, channel: 'phone', assignee: 'nurse' },
    },
  },
  {
    key: 'experience3to10d', // Jilin: discharged 3 to 10 days ago, listed daily; here those who went through most, so that nobody is called by all
    asks: 'nps',
    body: {
      name: '出院 3–10 天重点回访',
      level: 'centre',
      trigger: 'discharged',
      rule: { ...stays, ever: ['everCritical', 'everSerious', 'everSpecialNursing'] },
      step: { name: '体验回访', unit: 'days', fromOffset: 3, byOffset: 10, channel: 'phone', assignee: 'centre' },
    },
  },
  {
    key: 'satisfaction30d', // Three-level, level 3: within a month, half of each department's stays
    isDrawn: true,
    asks: 'inpatient-satisfaction',
    body: {
      name: '一个月内满意度调查',
      level: 'centre',
      trigger: 'discharged',
      rule: stays,
      step: {
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
  {
    key: 'vanished30d', // Wuxi: of whom fewer than 80 of a hundred come back within a month, the reason is looked for
    asks: 'revisit-reasons',
    body: {
      name: '一个月未复诊随访',
      level: 'department',
      trigger: 'vanished',
      rule: stays,
      step: { name: '未复诊电话', unit: 'days', fromOffset: 0, byOffset: 7, channel: 'phone', assignee: 'department' },
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

async function make(ctx: Context, { key, isDrawn = false, asks, body: { step, ...body } }: Preset, activeFrom: Date): Promise<void> {
  const id = newId(ctx.clock.now().getTime())
  const questionnaire = asks ? await findQuestionnaireByKey(ctx, asks) : undefined
  const made = await db(ctx)
    .insertInto('followups.programmes')
    .values({
      id,
      key,
      name: body.name,
      level: body.level,
      status: 'active',
      currentVersion: 1,
      activeFrom,
      activatedAt: ctx.clock.now(),
      updatedAt: ctx.clock.now(),
      isDrawn,
    })
    .onConflict((c) => c.doNothing()) // its key, or a name that the hospital uses itself
    .executeTakeFirst()
  if (made.numInsertedOrUpdatedRows === 0n) return
  await writeVersion(ctx, id, 1, ProgrammeBody.parse({ ...body, steps: [{ ...step, questionnaireId: questionnaire?.id ?? null }] }))
}
