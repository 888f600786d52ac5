import { defineEvent } from '@renxin/kernel'
import { z } from 'zod'

const about = { patientId: z.uuid().nullable() }

export const opinionRecorded = defineEvent('feedback.opinionRecorded', z.object({ opinionId: z.uuid(), ...about }))
/** Its category, grade, text, units or people were put right. */
export const opinionAmended = defineEvent('feedback.opinionAmended', z.object({ opinionId: z.uuid(), ...about }))
export const opinionWithdrawn = defineEvent('feedback.opinionWithdrawn', z.object({ opinionId: z.uuid(), ...about }))
export const complaintOpened = defineEvent('feedback.complaintOpened', z.object({ complaintId: z.uuid(), ...about }))
export const complaintClosed = defineEvent('feedback.complaintClosed', z.object({ complaintId: z.uuid(), ...about }))
export const complaintReopened = defineEvent('feedback.complaintReopened', z.object({ complaintId: z.uuid(), ...about }))
export const complaintOverdue = defineEvent('feedback.complaintOverdue', z.object({ complaintId: z.uuid(), ...about }))
