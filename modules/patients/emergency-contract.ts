import { contract, cursor, defineErrors, get, moment, page, post } from '@renxin/kernel'
import { z } from 'zod'

const Emergency = z.object({
  id: z.uuid(),
  patientId: z.uuid().nullable(), // null, with the name and the reason, where the reader may not see the patient by their class of privacy
  patientName: z.string().nullable(), // masked unless the reader may see names
  userId: z.uuid(),
  userName: z.string(),
  reason: z.string().nullable(),
  openedAt: moment,
  until: moment,
  reviewedAt: moment.nullable(),
  reviewedBy: z.string().nullable(),
  isProper: z.boolean().nullable(),
  note: z.string().nullable(),
})
export type Emergency = z.infer<typeof Emergency>

/** A file that is closed to somebody, opened in an emergency: one patient, for some hours, with a reason, looked at by the auditor afterwards. */
export const emergencyApi = contract('patients', {
  /** By a whole number alone, so that it lists nobody. `until: null`: the file was open to him anyway. */
  openEmergency: post('/emergency', {
    may: 'patients.emergency',
    about: 'patientId',
    input: z.object({ number: z.string().trim().min(4).max(50), reason: z.string().trim().min(4).max(200) }),
    reply: z.object({ patientId: z.uuid(), until: moment.nullable() }),
  }),
  emergencies: get('/emergencies', {
    may: 'access.audit',
    about: 'patientId',
    input: z.object({ isReviewed: z.stringbool().optional(), ...cursor }),
    reply: page(Emergency),
  }),
  reviewEmergency: post('/emergencies/:id/review', {
    may: 'access.audit',
    about: 'patientId',
    input: z.object({ id: z.uuid(), isProper: z.boolean(), note: z.string().trim().max(500).nullable() }),
    reply: Emergency,
  }),
})

export const emergencyErrors = defineErrors('patients', {
  numberUnknown: 'not_found',
  numberOfSeveral: 'conflict', // a telephone that a family shares
})
