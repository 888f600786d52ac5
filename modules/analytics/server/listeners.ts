import { cancelled, corrected, dischargeCancelled, discharged } from '@renxin/encounters'
import { opinionAmended, opinionRecorded, opinionWithdrawn } from '@renxin/feedback'
import { taskCompleted, taskUnreached } from '@renxin/followups'
import { type Context, listenMany } from '@renxin/server'
import { responseRecorded } from '@renxin/surveys'
import { countAnswers } from './count-answers.ts'
import { countContacts } from './count-contacts.ts'
import { countOpinions } from './count-opinions.ts'
import { countStays } from './count-stays.ts'

const ofStays = (ctx: Context, told: readonly { encounterId: string }[]) => countStays(ctx, told.map((t) => t.encounterId)) // biome-ignore format: one thought
const ofOpinions = (ctx: Context, told: readonly { opinionId: string }[]) => countOpinions(ctx, told.map((t) => t.opinionId)) // biome-ignore format: one thought

/** A conversation may be the one by which a discharge counts as covered. */
async function ofTasks(ctx: Context, told: readonly { taskId: string; encounterId: string }[]): Promise<void> {
  await countContacts(ctx, told.map((t) => t.taskId)) // biome-ignore format: one thought
  await ofStays(ctx, told)
}

export const listeners = [
  listenMany(discharged, ofStays, 'countDischarged'),
  listenMany(dischargeCancelled, ofStays, 'countDischargeCancelled'),
  listenMany(cancelled, ofStays, 'countCancelled'),
  listenMany(corrected, ofStays, 'countCorrected'),
  listenMany(taskCompleted, ofTasks, 'countTasks'),
  listenMany(taskUnreached, (ctx, told) => countContacts(ctx, told.map((t) => t.taskId)), 'countUnreached'),
  listenMany(responseRecorded, (ctx, told) => countAnswers(ctx, told.map((t) => t.responseId)), 'countAnswers'),
  listenMany(opinionRecorded, ofOpinions, 'countOpinions'),
  listenMany(opinionAmended, ofOpinions, 'countAmended'),
  listenMany(opinionWithdrawn, ofOpinions, 'countWithdrawn'),
] // biome-ignore format: a list
