import { contract, defineErrors, get, put } from '@renxin/kernel'
import { z } from 'zod'

/** Why somebody is called before others: `server/risk-rules.ts` ranks them. */
export const priorityReasons = [
  'redFlagOpen',
  'everCritical',
  'againstAdvice',
  'redFlagLast',
  'everSerious',
  'intensiveNursing',
  'openComplaint',
  'livesAlone',
  'veryOld',
  'longStay',
  'byHand',
] as const

/** Which tag or segment says that somebody lives alone: one of those that the hospital keeps. */
export const RiskSettings = z.object({
  groups: z.array(z.object({ id: z.uuid(), kind: z.enum(['tag', 'segment']), name: z.string() })),
  aloneGroupId: z.uuid().nullable(),
})

export const riskApi = contract('followups', {
  riskSettings: get('/risk-settings', { may: 'followups.programmes', reply: RiskSettings }),
  saveRiskSettings: put('/risk-settings', {
    may: 'followups.programmes',
    input: z.object({ aloneGroupId: z.uuid().nullable() }),
    reply: RiskSettings,
  }),
})

export const riskErrors = defineErrors('followups', { groupUnknown: 'invalid' })
