import { contract, cursor, defineErrors, get, guarded, localDate, moment, page, post } from '@renxin/kernel'
import { FieldChanges, FieldObject, FieldValue, TimelineEntry } from '@renxin/patients/contract'
import { z } from 'zod'

export const EncounterClass = z.enum(['inpatient', 'outpatient', 'emergency', 'daySurgery', 'checkUp'])
export type EncounterClass = z.infer<typeof EncounterClass>

export const EncounterStatus = z.enum(['planned', 'inProgress', 'discharged', 'cancelled'])
export type EncounterStatus = z.infer<typeof EncounterStatus>

/** The hospital's own words, as they stand in its orders. */
export const NursingLevel = z.enum(['特级', '一级', '二级', '三级'])
export type NursingLevel = z.infer<typeof NursingLevel>
export const Condition = z.enum(['病危', '病重', '一般'])
export type Condition = z.infer<typeof Condition>

/** CV06.00.226: 1 医嘱离院 2 医嘱转院 3 医嘱转社区/乡镇 4 非医嘱离院 5 死亡 9 其他 */
export const Disposition = z.enum(['1', '2', '3', '4', '5', '9'])
export type Disposition = z.infer<typeof Disposition>

export const DiagnosisType = z.enum(['admission', 'working', 'final'])
export type DiagnosisType = z.infer<typeof DiagnosisType>

const Named = z.object({ id: z.uuid(), name: z.string() })

export const EncounterCard = z.object({
  id: z.uuid(),
  number: z.string(),
  patientId: z.uuid(),
  patientName: z.string(), // masked for those who may not see whole names
  sex: z.enum(['male', 'female', 'unknown', 'other']),
  birthOn: localDate.nullable(),
  medicalRecordNumber: z.string().nullable(),
  class: EncounterClass,
  status: EncounterStatus,
  department: Named.nullable(),
  ward: Named.nullable(), // of an ended stay: the ward at discharge
  room: z.string().nullable(),
  bed: z.string().nullable(),
  attending: Named.nullable(),
  nurse: Named.nullable(),
  nursingLevel: NursingLevel.nullable(),
  condition: Condition.nullable(),
  everCritical: z.boolean(),
  everSerious: z.boolean(),
  everSpecialNursing: z.boolean(),
  everLevelOne: z.boolean(),
  admittedAt: moment.nullable(),
  onLeaveSince: moment.nullable(), // out of the house for some hours or days, and expected back
  dischargedAt: moment.nullable(),
  dischargedOn: localDate.nullable(),
  disposition: Disposition.nullable(),
  identityClass: z.string().nullable(),
  payer: z.string().nullable(),
  lengthOfStayDays: z.int().nullable(),
  mainDiagnosisCode: guarded('diagnosis', z.string().nullable()),
  mainDiagnosisName: guarded('diagnosis', z.string().nullable()),
  expectedDischargeAt: moment.nullable(), // of a day alone its noon
  dischargePlannedSince: moment.nullable(),
  transferPlannedSince: moment.nullable(),
  transferExpectedAt: moment.nullable(),
  nextWard: Named.nullable(), // where he is to be moved
  nextRoom: z.string().nullable(),
  nextBed: z.string().nullable(),
  priorDischargeOn: localDate.nullable(), // of the stay before this one: 31 days or fewer is a readmission to ask about
})
export type EncounterCard = z.infer<typeof EncounterCard>

export const WardStay = z.object({
  department: Named.nullable(),
  ward: Named.nullable(),
  room: z.string().nullable(),
  bed: z.string().nullable(),
  fromAt: moment,
  toAt: moment.nullable(),
})
export type WardStay = z.infer<typeof WardStay>

/** From a moment on, a nursing level or a condition; `null` when it was withdrawn. */
export const LevelChange = z.object({ kind: z.enum(['nursingLevel', 'condition']), value: z.string().nullable(), fromAt: moment })
export type LevelChange = z.infer<typeof LevelChange>

export const Diagnosis = z.object({
  code: z.string().nullable(),
  name: z.string(),
  system: z.string().nullable(),
  type: DiagnosisType,
  rank: z.int(),
  isCurrent: z.boolean(), // the most definite kind that was said: final before working before admission
})
export type Diagnosis = z.infer<typeof Diagnosis>

export const EncounterFile = EncounterCard.extend({
  summary: guarded('diagnosis', z.string().nullable()), // tells what was found
  stays: z.array(WardStay),
  levels: z.array(LevelChange),
  diagnoses: guarded('diagnosis', z.array(Diagnosis)),
  /** Who else has a part in it. `role`: a code of HL7 table 0443, else the sender's word. */
  team: z.array(z.object({ role: z.string(), person: Named })),
  admitReason: z.string().nullable(),
  accident: z.object({ at: moment.nullable(), kind: z.string().nullable(), place: z.string().nullable() }).nullable(),
})
export type EncounterFile = z.infer<typeof EncounterFile>

export const encountersApi = contract('encounters', {
  list: get('/stays', {
    may: 'encounters.read',
    about: 'patientId',
    input: z.object({
      class: EncounterClass.default('inpatient'),
      status: EncounterStatus.default('inProgress'),
      leaving: z.enum(['yes']).optional(), // of those in, whose bed becomes free: to go home or to be moved
      departmentId: z.uuid().optional(),
      wardId: z.uuid().optional(),
      from: localDate.optional(), // days of the discharge, or of the admission of those still here; both ends inclusive
      to: localDate.optional(),
      ...cursor,
    }),
    reply: page(EncounterCard),
  }),
  file: get('/stays/:id', {
    may: 'encounters.read',
    about: 'patientId',
    input: z.object({ id: z.uuid() }),
    reply: EncounterFile,
  }),
  fields: get('/stays/:id/fields', {
    may: 'encounters.read',
    about: 'patientId',
    input: z.object({ id: z.uuid() }),
    reply: z.object({ patientId: z.uuid(), object: FieldObject, values: z.array(FieldValue) }),
  }),
  setFields: post('/stays/:id/fields', {
    may: 'patients.edit',
    about: 'patientId',
    input: z.object({ id: z.uuid(), values: FieldChanges }),
    reply: z.object({ patientId: z.uuid() }),
  }),
  ofPatient: get('/patients/:patientId/stays', {
    may: 'encounters.read',
    about: 'patientId',
    input: z.object({ patientId: z.uuid(), ...cursor }),
    reply: page(EncounterCard),
  }),
  beds: get('/wards/:wardId/beds', {
    may: 'encounters.read',
    about: 'patientId',
    input: z.object({ wardId: z.uuid() }),
    reply: z.object({ rows: z.array(EncounterCard) }),
  }),
  timeline: get('/timeline/:patientId', {
    may: 'encounters.read',
    about: 'patientId',
    input: z.object({ patientId: z.uuid(), ...cursor }),
    reply: page(TimelineEntry.extend({ text: guarded('diagnosis', TimelineEntry.shape.text) })),
  }),
})

export const encounterErrors = defineErrors('encounters', { notFound: 'not_found' })
