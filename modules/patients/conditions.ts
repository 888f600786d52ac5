import { z } from 'zod'
import { CareClass, FollowupStatus, PatientState, Sex } from './shapes.ts'

const ids = z.array(z.uuid()).max(100)
const words = z.array(z.string().trim().min(1).max(60)).max(100)
const days = z.int().min(0).max(40_000)
const code = '[A-Z][0-9A-Z.]{0,9}'

/** `I20`, or `I20-I25` with all that begins with I25: code groups are taken by their beginnings. */
export const DiagnosisRange = z
  .string()
  .trim()
  .toUpperCase()
  .regex(new RegExp(`^${code}(-${code})?$`))

export const ContactGap = z.enum(['noPhone', 'onePhone', 'noLandline'])
export type ContactGap = z.infer<typeof ContactGap>

export const FollowupState = z.enum([...FollowupStatus.options, 'never', 'due', 'overdue'])
export type FollowupState = z.infer<typeof FollowupState>

/** Of one of the hospital's own fields: one of these words, or between two numbers or days. */
export const FieldCondition = z.object({
  fieldId: z.uuid(),
  any: words.optional(),
  from: z.union([z.number(), z.string().max(20)]).optional(),
  to: z.union([z.number(), z.string().max(20)]).optional(),
})
export type FieldCondition = z.infer<typeof FieldCondition>

/** Whom a list or a segment is for. What is left out does not matter; everything that is named must hold, and of a list of values any one. */
export const Conditions = z.strictObject({
  states: z.array(PatientState).optional(),
  classes: z.array(CareClass).optional(), // of the present stay, else of the last visit or stay; so are the next three
  departmentIds: ids.optional(),
  wardIds: ids.optional(),
  attendingIds: ids.optional(),
  diagnoses: z.array(DiagnosisRange).max(20).optional(), // of any visit or stay
  ageFrom: z.int().min(0).max(150).optional(),
  ageTo: z.int().min(0).max(150).optional(),
  sex: Sex.optional(),
  payers: words.optional(),
  identityClasses: words.optional(),
  districts: words.optional(),
  tagIds: ids.optional(),
  segmentIds: ids.optional(),
  followups: z.array(FollowupState).optional(),
  dischargedDaysFrom: days.optional(), // days since the last discharge
  dischargedDaysTo: days.optional(),
  seenDaysFrom: days.optional(), // days since the last visit or stay began
  seenDaysTo: days.optional(),
  firstSeenDaysTo: days.optional(), // known here for no longer than these days
  visitsFrom: z.int().min(1).max(10_000).optional(), // visits and stays together
  gaps: z.array(ContactGap).optional(),
  deceased: z.enum(['yes', 'no']).optional(),
  fields: z.array(FieldCondition).max(20).optional(),
})
export type Conditions = z.infer<typeof Conditions>

/** Conditions as they stand in an address. */
export const ConditionsText = z
  .string()
  .max(6000)
  .transform((text, check) => {
    try {
      return JSON.parse(text) as unknown // checked by what it is piped into
    } catch {
      check.addIssue('not JSON')
      return z.NEVER
    }
  })
  .pipe(Conditions)
