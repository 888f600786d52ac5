import { contract, defineErrors, get, moment, post, put } from '@renxin/kernel'
import { z } from 'zod'

/** Whose record a field belongs to. What is asked of in-patients belongs to the stay, of out-patients to the visit. */
export const FieldObject = z.enum(['patient', 'inpatient', 'outpatient'])
export type FieldObject = z.infer<typeof FieldObject>
export const FieldKind = z.enum(['text', 'number', 'date', 'choice', 'multiple'])
export type FieldKind = z.infer<typeof FieldKind>

/** A field that a hospital defines for itself. */
export const FieldDefinition = z.object({
  id: z.uuid(),
  object: FieldObject,
  /** By this systems and files name it. */
  key: z
    .string()
    .trim()
    .regex(/^[A-Za-z][A-Za-z0-9_]{0,39}$/),
  label: z.string().trim().min(1).max(40),
  kind: FieldKind,
  options: z.array(z.string().trim().min(1).max(60)).max(100),
  isRequired: z.boolean(),
  /** Of a text: the form it must have. */
  pattern: z.string().max(100).nullable(),
  /** Of a number its range, of a day the first and the last. */
  least: z.string().max(20).nullable(),
  most: z.string().max(20).nullable(),
  position: z.int().min(0).max(999),
  isActive: z.boolean(),
  isSearchable: z.boolean(),
  isInList: z.boolean(),
  /** Sealed at rest and shown for a reason only; a text. */
  isSensitive: z.boolean(),
  /** The option that makes a patient one to take more care of. */
  riskOption: z.string().max(60).nullable(),
})
export type FieldDefinition = z.infer<typeof FieldDefinition>

export const FieldContent = z.union([z.string().max(500), z.number(), z.array(z.string().max(60)).max(100)]).nullable()
export type FieldContent = z.infer<typeof FieldContent>

/** What stands in a field of one record. Of a sensitive one it is not told, only whether there is something. */
export const FieldValue = z.object({
  fieldId: z.uuid(),
  value: FieldContent,
  isHidden: z.boolean(),
  saidAt: moment,
  source: z.enum(['his', 'manual']),
})
export type FieldValue = z.infer<typeof FieldValue>

const patient = z.object({ patientId: z.uuid() })
/** New contents by the id of their field; what is left out stays. */
export const FieldChanges = z.record(z.uuid(), FieldContent)

export const fieldsApi = contract('patients', {
  fields: get('/fields', { may: 'patients.read', reply: z.object({ rows: z.array(FieldDefinition) }) }),
  saveField: put('/fields/:id', { may: 'patients.manage', input: FieldDefinition, reply: FieldDefinition }),
  fieldValues: get('/patients/:patientId/fields', {
    may: 'patients.read',
    about: 'patientId',
    input: patient,
    reply: patient.extend({ values: z.array(FieldValue) }),
  }),
  setFields: post('/patients/:patientId/fields', {
    may: 'patients.edit',
    about: 'patientId',
    input: patient.extend({ values: FieldChanges }),
    reply: patient,
  }),
  revealField: post('/patients/:patientId/fields/:fieldId/reveal', {
    may: 'patients.unmask',
    about: 'patientId',
    input: patient.extend({ fieldId: z.uuid(), reason: z.string().trim().min(2).max(200) }),
    reply: patient.extend({ value: z.string().nullable() }),
  }),
})

export const fieldErrors = defineErrors('patients', {
  fieldNotFound: 'not_found',
  sameFieldKey: 'conflict',
  fieldKindFixed: 'conflict', // it has contents already
  fieldNeedsOptions: 'invalid',
  fieldPatternBad: 'invalid',
  fieldRangeBad: 'invalid',
  fieldSensitiveText: 'invalid',
  // What is wrong with a content; each with `field`, the label.
  fieldIsRequired: 'invalid',
  fieldNotNumber: 'invalid',
  fieldNotDay: 'invalid',
  fieldNotOption: 'invalid',
  fieldOutOfRange: 'invalid', // with `least` and `most`
  fieldNotInForm: 'invalid',
  fieldTooLong: 'invalid',
})
