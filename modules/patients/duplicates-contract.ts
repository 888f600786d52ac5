import { contract, cursor, get, moment, page, post } from '@renxin/kernel'
import { z } from 'zod'
import { likenessKinds } from './person/likeness.ts'
import { PatientLine } from './shapes.ts'

/** What is chosen one by one when two files are merged. */
export const chosenFields = [
  'name',
  'sex',
  'birthOn',
  'identityCard',
  'address',
  'payer',
  'identityClass',
  'ethnic',
  'marital',
  'job',
  'language',
  'birthPlace',
  'nationality',
] as const
export const ChosenField = z.enum(chosenFields)
export type ChosenField = z.infer<typeof ChosenField>

export const Likeness = z.object({ kind: z.enum(likenessKinds), points: z.int() })
export type Likeness = z.infer<typeof Likeness>

const likeness = { score: z.int(), reasons: z.array(Likeness) }

export const Duplicate = z.object({
  id: z.string(),
  patientId: z.uuid(),
  one: PatientLine,
  other: PatientLine,
  ...likeness,
  foundAt: moment,
})
export type Duplicate = z.infer<typeof Duplicate>

/** What comes along with a file. */
const Luggage = z.object({ visits: z.int(), stays: z.int(), numbers: z.int(), contacts: z.int(), tags: z.int() })

const side = z.object({ value: z.string().nullable(), saidAt: moment.nullable() })
export const DuplicatePair = z.object({
  patientId: z.uuid(),
  otherId: z.uuid(),
  one: PatientLine,
  other: PatientLine,
  ...likeness,
  /** Masked as everywhere. `isSame`: nothing to choose. */
  fields: z.array(z.object({ field: ChosenField, one: side, other: side, isSame: z.boolean() })),
  luggage: z.object({ one: Luggage, other: Luggage }),
})
export type DuplicatePair = z.infer<typeof DuplicatePair>

const pair = z.object({ patientId: z.uuid(), otherId: z.uuid() })

export const duplicatesApi = contract('patients', {
  /** Pairs that may be of one person, the likeliest first. */
  duplicates: get('/duplicates', { may: 'patients.edit', about: 'patientId', input: z.object({ ...cursor }), reply: page(Duplicate) }),
  duplicatePair: get('/duplicates/:patientId/:otherId', { may: 'patients.edit', about: 'patientId', input: pair, reply: DuplicatePair }),
  /** Somebody looked: these are two people. Shown again when one of them says something else. */
  dismissDuplicate: post('/duplicates/:patientId/:otherId/dismiss', {
    may: 'patients.edit',
    about: 'patientId',
    input: pair,
    reply: z.object({ patientId: z.uuid() }),
  }),
})
