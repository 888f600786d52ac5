import { admitted, cancelled, corrected, dischargeCancelled, discharged, registered, restated, visitsMoved } from '@renxin/encounters'
import { opinionAmended, opinionRecorded, opinionWithdrawn } from '@renxin/feedback'
import { taskCompleted, taskCorrected, taskReopened, tasksChanged, taskUnreached } from '@renxin/followups'
import { deathWithdrawn, fileChanged, patientDied } from '@renxin/patients'
import { type Context, listenMany } from '@renxin/server'
import { responseRecorded } from '@renxin/surveys'
import { countAppraisal, countAppraisalOfVisits } from './appraisal/count-appraisal.ts'
import { countAnswers } from './count-answers.ts'
import { countContacts } from './count-contacts.ts'
import { countOpinions } from './count-opinions.ts'
import { countStays } from './count-stays.ts'
import { countRevisits } from './revisits/count-revisits.ts'
import { countVanishedTasks } from './revisits/vanished.ts'

const ofStays = (ctx: Context, told: readonly { encounterId: string }[]) => countStays(ctx, told.map((t) => t.encounterId)) // biome-ignore format: one thought
const ofOpinions = (ctx: Context, told: readonly { opinionId: string }[]) => countOpinions(ctx, told.map((t) => t.opinionId)) // biome-ignore format: one thought

/** A conversation may be the one by which a discharge counts as covered. */
async function ofTasks(ctx: Context, told: readonly { taskId: string; encounterId: string }[]): Promise<void> {
  await countContacts(ctx, told.map((t) => t.taskId)) // biome-ignore format: one thought
  await ofStays(ctx, told)
}

/** A visit changes what the patient's others count for, and one that was another's before what that one's do. */
const ofVisits = (ctx: Context, told: readonly { encounterId: string; patientId: string }[]) =>
  countRevisits(ctx, told.map((t) => t.patientId), told.map((t) => t.encounterId)) // biome-ignore format: one thought
const ofPatients = (ctx: Context, told: readonly { patientId: string }[]) => countRevisits(ctx, told.map((t) => t.patientId)) // biome-ignore format: one thought

export const listeners = [
  listenMany(discharged, ofStays, 'countDischarged'),
  listenMany(dischargeCancelled, ofStays, 'countDischargeCancelled'),
  listenMany(cancelled, ofStays, 'countCancelled'),
  listenMany(corrected, ofStays, 'countCorrected'),
  listenMany(taskCompleted, ofTasks, 'countTasks'),
  listenMany(taskUnreached, (ctx, told) => countContacts(ctx, told.map((t) => t.taskId)), 'countUnreached'),
  listenMany(taskReopened, (ctx, told) => countContacts(ctx, told.map((t) => t.taskId)), 'countReopened'),
  listenMany(responseRecorded, (ctx, told) => countAnswers(ctx, told.map((t) => t.responseId)), 'countAnswers'),
  listenMany(opinionRecorded, ofOpinions, 'countOpinions'),
  listenMany(opinionAmended, ofOpinions, 'countAmended'),
  listenMany(opinionWithdrawn, ofOpinions, 'countWithdrawn'),
  listenMany(admitted, ofVisits, 'countRevisitsAdmitted'),
  listenMany(registered, ofVisits, 'countRevisitsRegistered'),
  listenMany(restated, ofVisits, 'countRevisitsRestated'),
  listenMany(discharged, ofVisits, 'countRevisitsDischarged'),
  listenMany(dischargeCancelled, ofVisits, 'countRevisitsDischargeCancelled'),
  listenMany(cancelled, ofVisits, 'countRevisitsCancelled'),
  listenMany(corrected, ofVisits, 'countRevisitsCorrected'),
  listenMany(visitsMoved, (ctx, files) => countRevisits(ctx, files.flatMap((f) => [f.survivorId, f.retiredId])), 'countRevisitsMoved'),
  listenMany(patientDied, ofPatients, 'countRevisitsDied'),
  listenMany(deathWithdrawn, ofPatients, 'countRevisitsLiving'),
  listenMany(fileChanged, (ctx, told) => ofPatients(ctx, told.filter((t) => t.what.includes('person'))), 'countRevisitsOfFile'),
  listenMany(tasksChanged, (ctx, told) => countVanishedTasks(ctx, told.flatMap((t) => t.taskIds)), 'countVanishedTasks'),
  listenMany(taskCompleted, (ctx, told) => countVanishedTasks(ctx, told.map((t) => t.taskId)), 'countVanishedAsked'),
  listenMany(taskCorrected, (ctx, told) => countVanishedTasks(ctx, told.map((t) => t.taskId)), 'countVanishedCorrected'),
  listenMany(taskUnreached, (ctx, told) => countVanishedTasks(ctx, told.map((t) => t.taskId)), 'countVanishedUnreached'),
  listenMany(tasksChanged, (ctx, told) => countAppraisal(ctx, told.flatMap((t) => t.taskIds)), 'appraiseTasks'),
  listenMany(taskCompleted, (ctx, told) => countAppraisal(ctx, told.map((t) => t.taskId)), 'appraiseCompleted'),
  listenMany(taskUnreached, (ctx, told) => countAppraisal(ctx, told.map((t) => t.taskId)), 'appraiseUnreached'),
  listenMany(taskReopened, (ctx, told) => countAppraisal(ctx, told.map((t) => t.taskId)), 'appraiseReopened'),
  listenMany(discharged, (ctx, told) => countAppraisalOfVisits(ctx, told.map((t) => t.encounterId)), 'appraiseDischarged'),
  listenMany(corrected, (ctx, told) => countAppraisalOfVisits(ctx, told.map((t) => t.encounterId)), 'appraiseCorrected'),
] // biome-ignore format: a list
