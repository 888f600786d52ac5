import { defineEvent } from '@renxin/kernel'
import { z } from 'zod'

export const patientMerged = defineEvent('patients.patientMerged', z.object({ survivorId: z.uuid(), retiredId: z.uuid() }))
export const patientDied = defineEvent('patients.patientDied', z.object({ patientId: z.uuid() }))
/** The word that somebody had died was taken back. */
export const deathWithdrawn = defineEvent('patients.deathWithdrawn', z.object({ patientId: z.uuid() }))
