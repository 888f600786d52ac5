import { contract, cursor, get, localDate, moment, page, post } from '@renxin/kernel'
import { z } from 'zod'
import { Segment } from './segments-contract.ts'
import { PatientLine } from './shapes.ts'

/** What somebody must know before speaking to a patient, most urgent first. */
export const alertKinds = [
  'deceased',
  'criticalValue',
  'allergy',
  'incompatibility',
  'openComplaint',
  'refused',
  'noPhone',
  'possibleDuplicate',
  'payer',
  'other',
] as const
export const AlertKind = z.enum(alertKinds)
export type AlertKind = z.infer<typeof AlertKind>

/** What a person writes down beside a patient for the next to see. */
export const CautionKind = z.enum(['incompatibility', 'payer', 'other'])
export type CautionKind = z.infer<typeof CautionKind>

export const Alert = z.object({
  kind: AlertKind,
  text: z.string().nullable(),
  at: moment.nullable(),
  /** Of a caution: by this it is ended. */
  cautionId: z.uuid().nullable(),
})
export type Alert = z.infer<typeof Alert>

/** What the product really knows that makes a patient one to take more care of; no score is made of it. */
export const RiskKind = z.enum(['criticalNow', 'everCritical', 'intensiveNursing', 'everLevelOne', 'readmission', 'age', 'ownField'])
export type RiskKind = z.infer<typeof RiskKind>
export const Risk = z.object({ kind: RiskKind, text: z.string().nullable(), days: z.int().nullable() })
export type Risk = z.infer<typeof Risk>

export const PatientHead = PatientLine.extend({
  nursingLevel: z.string().nullable(),
  condition: z.string().nullable(),
  visits: z.int(),
  stays: z.int(),
  firstSeenOn: localDate.nullable(),
  segments: z.array(Segment.pick({ id: true, name: true, kind: true })), // key patients first
  alerts: z.array(Alert),
  risks: z.array(Risk),
  lastContacts: z.array(z.object({ at: moment, purpose: z.string().nullable() })),
  emergencyUntil: moment.nullable(), // until then it is open to this reader, who opened it in an emergency
})
export type PatientHead = z.infer<typeof PatientHead>

/** Somebody who saw or changed a file. */
export const Viewing = z.object({
  id: z.uuid(),
  patientId: z.uuid(),
  at: moment,
  actorName: z.string(),
  action: z.string(),
  reason: z.string().nullable(),
})
export type Viewing = z.infer<typeof Viewing>

const patient = z.object({ patientId: z.uuid() })

export const overviewApi = contract('patients', {
  head: get('/heads/:id', { may: 'patients.read', about: 'id', input: z.object({ id: z.uuid() }), reply: PatientHead }),
  addCaution: post('/patients/:patientId/cautions', {
    may: 'patients.edit',
    about: 'patientId',
    input: patient.extend({ id: z.uuid(), kind: CautionKind, text: z.string().trim().min(1).max(200) }),
    reply: patient,
  }),
  endCaution: post('/cautions/:cautionId/end', {
    may: 'patients.edit',
    about: 'patientId',
    input: z.object({ cautionId: z.uuid() }),
    reply: patient,
  }),
  viewers: get('/patients/:patientId/viewers', {
    may: 'patients.viewers',
    about: 'patientId',
    input: patient.extend(cursor),
    reply: page(Viewing),
  }),
})
