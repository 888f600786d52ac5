import { defineEvent } from '@renxin/kernel'
import { z } from 'zod'

export const patientMerged = defineEvent('patients.patientMerged', z.object({ survivorId: z.uuid(), retiredId: z.uuid() }))
/** Two files that were merged are two persons again: the one that was retired stands by itself. */
export const patientParted = defineEvent('patients.patientParted', z.object({ survivorId: z.uuid(), retiredId: z.uuid() }))
export const patientDied = defineEvent('patients.patientDied', z.object({ patientId: z.uuid() }))
/** The word that somebody had died was taken back. */
export const deathWithdrawn = defineEvent('patients.deathWithdrawn', z.object({ patientId: z.uuid() }))
/** A number was added, or found to reach nobody, by a person here and not by the hospital's system. */
export const phoneCorrected = defineEvent(
  'patients.phoneCorrected',
  z.object({ patientId: z.uuid(), contactId: z.uuid(), change: z.enum(['added', 'voided']), byId: z.uuid().nullable() }),
)
export const patientTagged = defineEvent('patients.patientTagged', z.object({ patientId: z.uuid(), tagId: z.uuid(), isOn: z.boolean() }))
