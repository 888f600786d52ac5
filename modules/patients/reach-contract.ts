import { contract, cursor, get, guarded, localDate, page } from '@renxin/kernel'
import { z } from 'zod'
import { PatientCard, PatientLine, Relation } from './shapes.ts'

/** What is missing of the ways to reach somebody. The landline is a wish; the others are gaps. */
export const gapKinds = ['noPhone', 'allVoid', 'onePhone', 'noRelative', 'noLandline'] as const
export const GapKind = z.enum(gapKinds)
export type GapKind = z.infer<typeof GapKind>

const count = z.int()
export const WardGaps = z.object({
  /** `null`: no ward is known. */
  wardId: z.uuid().nullable(),
  ward: z.string().nullable(),
  patients: count,
  noPhone: count,
  allVoid: count,
  onePhone: count,
  noRelative: count,
  noLandline: count,
})
export type WardGaps = z.infer<typeof WardGaps>

const period = { from: localDate, until: localDate }

/** How two persons are tied by a telephone. */
export const Tie = z.enum(['answersForThis', 'thisAnswersFor', 'sharesPhone', 'sharesContact'])
export type Tie = z.infer<typeof Tie>

export const Relative = z.object({
  id: z.string(),
  person: PatientCard,
  tie: Tie,
  /** Of the one who answers, to the one for whom. */
  relation: Relation.nullable(),
  masked: guarded('phone', z.string()),
})
export type Relative = z.infer<typeof Relative>

export const reachApi = contract('patients', {
  /** Of those who went home in these days: what is missing, ward by ward. */
  contactGaps: get('/contact-gaps', { may: 'patients.read', input: z.object(period), reply: z.object({ rows: z.array(WardGaps) }) }),
  gapPatients: get('/contact-gaps/patients', {
    may: 'patients.read',
    about: 'id',
    input: z.object({ ...period, gap: GapKind, wardId: z.uuid().optional(), ...cursor }),
    reply: page(PatientLine),
  }),
  /** Who else is reached by these telephones, and who answers for whom. */
  household: get('/patients/:patientId/household', {
    may: 'patients.read',
    about: 'patientId',
    input: z.object({ patientId: z.uuid() }),
    reply: z.object({ patientId: z.uuid(), rows: z.array(Relative), more: z.boolean() }),
  }),
})
