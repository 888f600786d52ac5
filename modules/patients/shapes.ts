import { cursor, guarded, localDate, moment } from '@renxin/kernel'
import { z } from 'zod'
import { FieldContent } from './fields-contract.ts'
import { phoneKinds } from './person/phone.ts'

export const Sex = z.enum(['male', 'female', 'unknown', 'other'])
export type Sex = z.infer<typeof Sex>

export const PhoneKind = z.enum(phoneKinds)
export type PhoneKind = z.infer<typeof PhoneKind>

export const Relation = z.enum([
  'self',
  'spouse',
  'son',
  'daughter',
  'child',
  'parent',
  'grandparent',
  'grandchild',
  'sibling',
  'guardian',
  'other',
])
export type Relation = z.infer<typeof Relation>

/** One thing that happened to a patient, as a module tells it to the time line. `kind` finds its word in that module's words. */
export const TimelineEntry = z.object({
  id: z.string(),
  at: moment,
  kind: z.string(),
  title: z.string(),
  text: z.string().nullable().optional(),
  patientId: z.uuid(),
  link: z
    .object({ page: z.string(), params: z.record(z.string(), z.string()) })
    .nullable()
    .optional(),
  tone: z.enum(['plain', 'good', 'bad', 'warning']).optional(),
})
export type TimelineEntry = z.infer<typeof TimelineEntry>

/** What every `timeline` route takes. */
export const timelineInput = z.object({ patientId: z.uuid(), ...cursor })

export const Tag = z.object({ id: z.uuid(), name: z.string(), tone: z.enum(['plain', 'care', 'warning']), isActive: z.boolean() })
export type Tag = z.infer<typeof Tag>

export const Warning = z.enum(['deceased', 'refused', 'openComplaint', 'noPhone', 'possibleDuplicate'])
export type Warning = z.infer<typeof Warning>

/** Why a person is shown to few: one class a person, set by hand or by a rule. */
export const PrivacyClass = z.enum(['vip', 'sensitive', 'noPublicity', 'staff'])
export type PrivacyClass = z.infer<typeof PrivacyClass>

/** Who a person is, on any card. */
export const personShape = {
  id: z.uuid(),
  name: z.string(), // masked unless the reader may see names
  sex: Sex,
  birthOn: localDate.nullable(),
  deceasedAt: moment.nullable(),
  medicalRecordNumber: z.string().nullable(),
  identityClass: z.string().nullable(),
  payer: z.string().nullable(),
  privacy: PrivacyClass.nullable(),
}

export const PatientCard = z.object({
  ...personShape,
  bed: z.string().nullable(),
  tags: z.array(Tag.pick({ id: true, name: true, tone: true })),
  warnings: z.array(Warning),
})
export type PatientCard = z.infer<typeof PatientCard>

/** What lasts of where a patient stands; that somebody is visiting holds for the day. */
export const LastingState = z.enum(['inHospital', 'booked', 'discharged', 'visited'])
export type LastingState = z.infer<typeof LastingState>
export const PatientState = z.enum(['visiting', ...LastingState.options, 'known'])
export type PatientState = z.infer<typeof PatientState>
export const FollowupStatus = z.enum(['reached', 'relative', 'callBack', 'unreached', 'refused', 'ended'])
export type FollowupStatus = z.infer<typeof FollowupStatus>
/** As `encounters` names the kinds of visits and stays. */
export const CareClass = z.enum(['inpatient', 'outpatient', 'emergency', 'daySurgery', 'checkUp'])
export type CareClass = z.infer<typeof CareClass>

/** Where a patient stands, as visits, stays and follow-up have it. */
export const Standing = z.object({
  state: PatientState,
  class: CareClass.nullable(), // of the stay in progress, else of the last visit or stay; so are the next
  department: z.string().nullable(),
  ward: z.string().nullable(),
  attending: z.string().nullable(),
  mainDiagnosis: guarded('diagnosis', z.string().nullable()),
  seenOn: localDate.nullable(),
  dischargedOn: localDate.nullable(),
  bookedAt: moment.nullable(),
  followup: z.object({
    status: FollowupStatus.nullable(),
    on: localDate.nullable(),
    nextAt: moment.nullable(),
    isOverdue: z.boolean(),
  }),
})
export type Standing = z.infer<typeof Standing>

/** A line of the list of patients. */
export const PatientLine = PatientCard.extend({ standing: Standing })
export type PatientLine = z.infer<typeof PatientLine>

/** The same with the hospital's own fields that stand in lists, by their ids. */
export const ListedPatient = PatientLine.extend({ own: z.record(z.uuid(), FieldContent) })
export type ListedPatient = z.infer<typeof ListedPatient>
