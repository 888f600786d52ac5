import type { Context } from '@renxin/server'
import { findQuestionnaireByKey } from '@renxin/surveys'
import type { z } from 'zod'
import { type Family, ProgrammeBody } from '../contract.ts'

type Said = z.input<typeof ProgrammeBody>
type Asked = 'recovery' | 'inpatient-satisfaction' | 'nps'
type Template = {
  family: Family
  body: Omit<Said, 'steps'> & { steps: (Omit<Said['steps'][number], 'questionnaireId'> & { asks: Asked | null })[] }
}

/**
 * What a new programme of each family begins with. The windows of the first are the three-level scheme's (within a week, within a month); those of the others are
 * no rule's and no study's, only a place to begin from: each is a field of the form.
 */
const templates: readonly Template[] = [
  {
    family: 'discharge',
    body: {
      name: '出院随访',
      level: 'department',
      trigger: 'discharged',
      rule: { classes: ['inpatient'] },
      steps: [
        { name: '一周内电话', unit: 'days', fromOffset: 1, byOffset: 7, channel: 'phone', assignee: 'nurse', asks: 'recovery' },
        {
          name: '一个月满意度', unit: 'days', fromOffset: 15, byOffset: 30, days: 'working', channel: 'phone', assignee: 'centre', asks: 'inpatient-satisfaction',
        },
      ],
    },
  },
  {
    family: 'study',
    body: {
      name: '单病种随访',
      level: 'study',
      trigger: 'discharged',
      rule: { classes: ['inpatient'] },
      onReturn: 'pause', // the schedule of a study is counted from its first discharge
      onRefusal: 'stop',
      steps: [
        {
          name: '定期随访', unit: 'days', fromOffset: 0, byOffset: 14, days: 'working', repeat: { everyMonths: 3, forMonths: 24 },
          channel: 'phone', assignee: 'centre', asks: 'recovery',
        },
      ],
    },
  },
  {
    family: 'checkUp',
    body: {
      name: '体检后随访',
      level: 'centre',
      trigger: 'visited',
      rule: { classes: ['checkUp'], withoutDispositions: [] },
      onReturn: 'goOn',
      steps: [
        { name: '结果解读与复查提醒', unit: 'days', fromOffset: 3, byOffset: 10, days: 'working', channel: 'phone', assignee: 'centre', asks: null },
      ],
    },
  },
  {
    family: 'outpatient',
    body: {
      name: '门诊随访',
      level: 'department',
      trigger: 'visited',
      rule: { classes: ['outpatient'], withoutDispositions: [] },
      onReturn: 'anew', // counted from his latest visit
      steps: [{ name: '就诊后电话', unit: 'days', fromOffset: 3, byOffset: 7, channel: 'phone', assignee: 'department', asks: 'nps' }],
    },
  },
  {
    family: 'daySurgery',
    body: {
      name: '日间手术随访',
      level: 'department',
      trigger: 'discharged',
      rule: { classes: ['daySurgery'] },
      steps: [
        { name: '术后第一天电话', unit: 'hours', fromOffset: 12, byOffset: 24, channel: 'phone', assignee: 'nurse', asks: 'recovery' },
        { name: '一周电话', unit: 'days', fromOffset: 7, byOffset: 9, channel: 'phone', assignee: 'nurse', asks: 'recovery' },
      ],
    },
  },
] // biome-ignore format: a table

/** What a new programme may begin with, with the hospital's questionnaires in their places. */
export async function listTemplates(ctx: Context) {
  const asked = new Map<Asked, string | null>()
  for (const key of new Set(templates.flatMap((t) => t.body.steps.flatMap((s) => s.asks ?? []))))
    asked.set(key, (await findQuestionnaireByKey(ctx, key))?.id ?? null)
  const rows = templates.map(({ family, body: { steps, ...body } }) => ({
    family,
    body: ProgrammeBody.parse({
      ...body,
      steps: steps.map(({ asks, ...step }) => ({ ...step, questionnaireId: asks ? (asked.get(asks) ?? null) : null })),
    }),
  }))
  return { rows }
}
