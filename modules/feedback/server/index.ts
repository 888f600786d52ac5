import { guardFiles } from '@renxin/files'
import { defineModule } from '@renxin/server'
import { prepareCategories } from './categories.ts'
import { holdings } from './holdings.ts'
import { listeners } from './listeners.ts'
import { guardCase, guardEvidence } from './rectify.ts'
import { ticks } from './reminders.ts'
import { routes } from './routes.ts'

export const feedback = defineModule({
  name: 'feedback',
  migrations: new URL('./migrations/', import.meta.url),
  seals: {
    'feedback.opinions': { speaker_phone: 'bytes' },
  },
  routes,
  holds: holdings,
  listeners,
  ticks,
  prepare: prepareCategories,
})

guardFiles('feedback.complaint', guardCase)
guardFiles('feedback.rectification', guardEvidence)

export { listCategories } from './categories.ts'
export { getComplaint } from './complaints.ts'
export {
  complaintClosed,
  complaintOpened,
  complaintOverdue,
  complaintReopened,
  opinionAmended,
  opinionRecorded,
  opinionWithdrawn,
} from './events.ts'
export { answerComplaint, assignComplaint, closeComplaint, reopenComplaint, verifyComplaint } from './handle.ts'
export { getOpinion } from './opinions.ts'
export { type NewOpinion, recordOpinion, recordOpinions } from './record.ts'
export { addRectification, finishRectification } from './rectify.ts'
export type { FeedbackViews } from './tables.ts'
