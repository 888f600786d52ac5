import { contract, cursor, defineErrors, get, moment, page, post, put } from '@renxin/kernel'
import { z } from 'zod'
import { PrivacyClass, personShape } from './shapes.ts'

/** Class → the permission by which its persons are seen; who has none of it meets them as if they were not there. */
export const seenBy: Readonly<Record<PrivacyClass, string>> = {
  vip: 'patients.seeVip',
  sensitive: 'patients.seeSensitive',
  noPublicity: 'patients.seeUnpublished',
  staff: 'patients.seeStaff',
}

export const PrivacyRule = z.enum(['staffNumber', 'department'])
export type PrivacyRule = z.infer<typeof PrivacyRule>

/** What stands of a person: by a hand with its reason, or by a rule. `class` null of a hand: no rule shall put this person into a class. */
export const PrivacyStanding = z.object({
  patientId: z.uuid(),
  class: PrivacyClass.nullable(),
  rule: PrivacyRule.nullable(),
  reason: z.string().nullable(),
  setAt: moment.nullable(),
  setByName: z.string().nullable(),
})
export type PrivacyStanding = z.infer<typeof PrivacyStanding>

export const Classed = z.object({
  ...personShape,
  rule: PrivacyRule.nullable(),
  setAt: moment.nullable(),
  setByName: z.string().nullable(),
})
export type Classed = z.infer<typeof Classed>

export const PrivacyRules = z.object({
  /** Departments and wards whose patients are sensitive. */
  sensitiveUnitIds: z.array(z.uuid()).max(200),
  /** How many identity numbers of the hospital's own people are known. */
  staffNumbers: z.int(),
})
export type PrivacyRules = z.infer<typeof PrivacyRules>

const reason = z.string().trim().min(2).max(200)
const patient = z.object({ patientId: z.uuid() })

export const privacyApi = contract('patients', {
  privacy: get('/patients/:patientId/privacy', {
    may: 'patients.classify',
    about: 'patientId',
    input: patient,
    reply: z.object({ patientId: z.uuid(), rows: z.array(PrivacyStanding) }),
  }),
  /** `class` null: none, whatever a rule says; `byRule`: what was said by hand goes, and the rules hold again. */
  classify: post('/patients/:patientId/privacy', {
    may: 'patients.classify',
    about: 'patientId',
    input: patient.extend({ class: PrivacyClass.nullable(), byRule: z.boolean().default(false), reason }),
    reply: patient,
  }),
  classed: get('/classed', {
    may: 'patients.classify',
    about: 'id',
    input: z.object({ class: PrivacyClass.optional(), ...cursor }),
    reply: page(Classed),
  }),
  privacyRules: get('/privacy-rules', { may: 'patients.manage', input: z.object({}), reply: PrivacyRules }),
  savePrivacyRules: put('/privacy-rules', {
    may: 'patients.manage',
    input: PrivacyRules.pick({ sensitiveUnitIds: true }).extend({ reason }),
    reply: PrivacyRules,
  }),
  /** Identity numbers of the hospital's own people; only their keyed hashes are kept. `replaces`: those that are not named are forgotten. */
  addStaffNumbers: post('/privacy-rules/staff-numbers', {
    may: 'patients.manage',
    input: z.object({ numbers: z.array(z.string().trim().max(40)).max(20_000), replaces: z.boolean(), reason }),
    reply: PrivacyRules.extend({ wrong: z.int() }),
  }),
})

export const privacyErrors = defineErrors('patients', {
  classNotYours: 'forbidden', // who puts somebody into a class must be able to see its persons
  unitNotFound: 'not_found',
})
