import { moment } from '@renxin/kernel'
import { z } from 'zod'

export const channels = ['phone', 'bedside', 'console', 'sms', 'wechat', 'paper', 'kiosk'] as const
export const respondents = ['patient', 'relative', 'staff'] as const
export type Channel = (typeof channels)[number]
export type Respondent = (typeof respondents)[number]

export const ResponseCard = z.object({
  id: z.uuid(),
  patientId: z.uuid(),
  patientName: z.string(),
  encounterId: z.uuid().nullable(),
  questionnaireId: z.uuid(),
  questionnaireTitle: z.string(),
  versionNumber: z.int(),
  channel: z.enum(channels),
  respondent: z.enum(respondents),
  completedAt: moment,
  wardName: z.string().nullable(),
  departmentName: z.string().nullable(),
  scoreMean: z.number().nullable(),
})
export type ResponseCard = z.infer<typeof ResponseCard>
