import { contract, cursor, get, localDate, page, post, put } from '@renxin/kernel'
import { z } from 'zod'
import { Conditions } from './conditions.ts'
import { PatientLine } from './shapes.ts'

export const SegmentKind = z.enum(['key', 'loyalty', 'own'])
export type SegmentKind = z.infer<typeof SegmentKind>

/** Patients by a rule, by hand, or both. */
export const Segment = z.object({
  id: z.uuid(),
  kind: SegmentKind,
  name: z.string().trim().min(1).max(40),
  conditions: Conditions.nullable(), // null: by hand alone
  position: z.int().min(0).max(999),
  isActive: z.boolean(),
})
export type Segment = z.infer<typeof Segment>

/** With what it comes to now, and who came and left since the month began. */
export const CountedSegment = Segment.extend({ size: z.int(), come: z.int(), left: z.int(), countedOn: localDate.nullable() })
export type CountedSegment = z.infer<typeof CountedSegment>

export const segmentsApi = contract('patients', {
  segments: get('/segments', { may: 'patients.read', reply: z.object({ rows: z.array(CountedSegment), since: localDate }) }),
  saveSegment: put('/segments/:id', { may: 'patients.manage', input: Segment, reply: Segment }),
  members: get('/segments/:segmentId/members', {
    may: 'patients.read',
    about: 'id',
    input: z.object({ segmentId: z.uuid(), change: z.enum(['all', 'come', 'left']).default('all'), ...cursor }),
    reply: page(PatientLine),
  }),
  mark: post('/patients/:patientId/segments', {
    may: 'patients.edit',
    about: 'patientId',
    input: z.object({
      patientId: z.uuid(),
      segmentId: z.uuid(),
      isIn: z.boolean().nullable(), // null takes the word back: the rule alone decides again
      reason: z.string().trim().min(2).max(200),
    }),
    reply: z.object({ patientId: z.uuid() }),
  }),
})
