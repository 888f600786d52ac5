import { defineEvent } from '@renxin/kernel'
import { z } from 'zod'

/** A task was closed by a conversation: with what was answered, where the step asks something. */
export const taskCompleted = defineEvent(
  'followups.taskCompleted',
  z.object({ taskId: z.uuid(), patientId: z.uuid(), encounterId: z.uuid(), responseId: z.uuid().nullable() }),
)

/** A task was closed without one: every number and try was in vain, or he refused. */
export const taskUnreached = defineEvent(
  'followups.taskUnreached',
  z.object({ taskId: z.uuid(), patientId: z.uuid(), encounterId: z.uuid() }),
)

/** Answers of a completed call were put right: `responseId` is what stands now for what its step asks. */
export const taskCorrected = defineEvent(
  'followups.taskCorrected',
  z.object({ taskId: z.uuid(), patientId: z.uuid(), encounterId: z.uuid(), responseId: z.uuid().nullable() }),
)

/** A task that had been closed without a conversation is to be done after all. */
export const taskReopened = defineEvent(
  'followups.taskReopened',
  z.object({ taskId: z.uuid(), patientId: z.uuid(), encounterId: z.uuid() }),
)

/** Tasks were planned, taken, given to somebody else, tried in vain, put off, stopped or taken up again; closed ones have events of their own. */
export const tasksChanged = defineEvent('followups.tasksChanged', z.object({ taskIds: z.array(z.uuid()) }))
