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
/**
 * What a file says of a person is another now, whoever said it: name, sex, birth, address or own numbers (`person`), those to turn to (`kin`), who pays. Of files
 * that are one person it is told whenever one of them was told something.
 */
export const fileChanged = defineEvent(
  'patients.fileChanged',
  z.object({ patientId: z.uuid(), what: z.array(z.enum(['person', 'kin', 'payer'])) }),
)
/** Files of persons of whom nothing was known before, of one message or of many rows together. What changes in them later is told by `fileChanged`. */
export const filesOpened = defineEvent('patients.filesOpened', z.object({ patientIds: z.array(z.uuid()) }))
export const allergiesChanged = defineEvent('patients.allergiesChanged', z.object({ patientId: z.uuid() }))
/** One was written, changed, taken up again or ended. */
export const cautionChanged = defineEvent('patients.cautionChanged', z.object({ patientId: z.uuid(), cautionId: z.uuid() }))
/** The hospital’s list of identity classes calls something otherwise now, or knows another word. */
export const identityClassesChanged = defineEvent('patients.identityClassesChanged', z.object({ classId: z.uuid() }))
export const patientTagged = defineEvent('patients.patientTagged', z.object({ patientId: z.uuid(), tagId: z.uuid(), isOn: z.boolean() }))
