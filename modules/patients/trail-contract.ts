import { contract, get } from '@renxin/kernel'
import { z } from 'zod'
import { PatientCard } from './shapes.ts'

/** Whom the auditor asks about: found by a whole number or the beginning of a name, masked like everywhere. */
export const trailApi = contract('patients', {
  ofTrail: get('/trail-patients', {
    may: 'access.audit',
    about: 'id',
    input: z.object({ q: z.string().trim().min(2).max(50) }),
    reply: z.object({ rows: z.array(PatientCard), more: z.boolean() }),
  }),
  oneOfTrail: get('/trail-patients/:id', { may: 'access.audit', about: 'id', input: z.object({ id: z.uuid() }), reply: PatientCard }),
})
