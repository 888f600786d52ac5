import { contract, cursor, defineErrors, get, guarded, localDate, moment, page, post, put } from '@renxin/kernel'
import { z } from 'zod'
import { ConditionsText } from './conditions.ts'
import { ChosenField } from './duplicates-contract.ts'
import { ListedPatient, PatientCard, PhoneKind, personShape, Relation, Sex, Standing, Tag, TimelineEntry, timelineInput } from './shapes.ts'

export * from './conditions.ts'
export * from './duplicates-contract.ts'
export * from './emergency-contract.ts'
export * from './fields-contract.ts'
export * from './identity-contract.ts'
export * from './lists-contract.ts'
export * from './overview-contract.ts'
export * from './people-contract.ts'
export * from './privacy-contract.ts'
export * from './reach-contract.ts'
export * from './rights-contract.ts'
export * from './segments-contract.ts'
export * from './shapes.ts'
export * from './trail-contract.ts'
export * from './unusual-contract.ts'

export const MatchKind = z.enum([
  'name',
  'pinyin',
  'initials',
  'alias',
  'number',
  'bed',
  'phone',
  'phoneLastFour',
  'identityCard',
  'identityCardLastFour',
  'ownField',
])
export type MatchKind = z.infer<typeof MatchKind>

export const SearchHit = z.object({
  ...personShape,
  /** Why this person is shown; `text` is the number or bed that was met, never a phone or identity number. */
  matches: z.array(z.object({ kind: MatchKind, text: z.string().nullable(), relation: Relation.nullable() })),
})
export type SearchHit = z.infer<typeof SearchHit>

export const Contact = z.object({
  id: z.uuid(),
  relation: Relation,
  name: z.string().nullable(),
  masked: guarded('phone', z.string()),
  kind: PhoneKind,
  source: z.enum(['his', 'manual']),
  isPreferred: z.boolean(),
  isVoid: z.boolean(),
  isFormer: z.boolean(), // the hospital's system does not name it any more
})
export type Contact = z.infer<typeof Contact>

/** What may be refused: a channel, or a purpose through any channel. */
export const Refused = z.object({ kind: z.enum(['channel', 'purpose']), value: z.string().min(1).max(40) })
export type Refused = z.infer<typeof Refused>

export const PatientFile = PatientCard.extend({
  standing: Standing,
  namePinyin: z.string(),
  identityCard: guarded('identityCard', z.string().nullable()), // masked
  identityCardIsValid: z.boolean().nullable(),
  address: z.string().nullable(), // to the district
  ethnic: z.string().nullable(),
  marital: z.string().nullable(),
  job: z.string().nullable(),
  language: z.string().nullable(), // to speak with this person
  birthPlace: z.string().nullable(),
  nationality: z.string().nullable(),
  hasReligion: z.boolean(), // known, and shown for a reason only
  identifiers: z.array(z.object({ system: z.string(), type: z.string(), value: z.string() })),
  contacts: z.array(Contact),
  refusals: z.array(Refused.extend({ at: moment })),
  holds: z.array(z.object({ cause: z.string(), objectId: z.uuid(), setAt: moment })),
  conflicts: z.array(z.object({ id: z.uuid(), otherId: z.uuid(), otherName: z.string(), seenAt: moment })),
  mergedFrom: z.array(
    z.object({
      mergeId: z.uuid(),
      id: z.uuid(),
      name: z.string(),
      medicalRecordNumber: z.string().nullable(),
      mergedAt: moment,
      reason: z.string().nullable(),
    }),
  ),
})
export type PatientFile = z.infer<typeof PatientFile>

export const QuietHours = z.object({
  from: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/),
  to: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/),
})
export const ContactSettings = z.object({
  quietHours: z.array(QuietHours).max(5),
  contactsPerDay: z.int().min(1).max(20),
  contactsPerWeek: z.int().min(1).max(50).nullable(),
  areaCode: z
    .string()
    .regex(/^0\d{2,3}$/)
    .nullable(),
  lastFourSearchesPerHour: z.int().min(1).max(1000),
  /** From this age on the file asks for more care; null: age is no reason. */
  oldFromAge: z.int().min(1).max(120).nullable(),
})
export type ContactSettings = z.infer<typeof ContactSettings>

const reason = z.string().trim().min(2).max(200)
const patient = z.object({ patientId: z.uuid() })
const done = patient
const phoneText = z.string().trim().min(3).max(40)

export const patientsApi = contract('patients', {
  search: get('/search', {
    may: 'patients.read',
    about: 'id',
    input: z.object({ q: z.string().trim().min(1).max(60), limit: z.coerce.number().int().min(1).max(50).default(20) }),
    /** `more`: there are further hits, ask for a second term. */
    reply: z.object({ rows: z.array(SearchHit), more: z.boolean() }),
  }),
  list: get('/patients', {
    may: 'patients.read',
    about: 'id',
    input: z.object({
      tagId: z.uuid().optional(),
      deceased: z.enum(['yes', 'no']).optional(),
      where: ConditionsText.optional(),
      ...cursor,
    }),
    reply: page(ListedPatient),
  }),
  card: get('/cards/:id', { may: 'patients.read', about: 'id', input: z.object({ id: z.uuid() }), reply: PatientCard }),
  file: get('/patients/:id', { may: 'patients.read', about: 'id', input: z.object({ id: z.uuid() }), reply: PatientFile }),
  timeline: get('/timeline/:patientId', { may: 'patients.read', about: 'patientId', input: timelineInput, reply: page(TimelineEntry) }),
  register: post('/patients', {
    may: 'patients.edit',
    about: 'id',
    input: z.object({
      id: z.uuid(),
      name: z.string().trim().min(1).max(60),
      sex: Sex.optional(),
      birthOn: localDate.nullish(),
      identityCard: z.string().trim().max(20).nullish(),
      medicalRecordNumber: z.string().trim().min(1).max(40).nullish(),
      phone: phoneText.nullish(),
    }),
    reply: PatientCard,
  }),
  change: post('/patients/:patientId/change', {
    may: 'patients.edit',
    about: 'patientId',
    input: patient.extend({
      name: z.string().trim().min(1).max(60).optional(),
      sex: Sex.optional(),
      birthOn: localDate.nullish(),
      identityCard: z.string().trim().max(20).nullish(),
      address: z.string().trim().max(200).nullish(),
      payer: z.string().trim().max(60).nullish(),
      identityClass: z.string().trim().max(60).nullish(),
    }),
    reply: done,
  }),
  markDeceased: post('/patients/:patientId/deceased', {
    may: 'patients.edit',
    about: 'patientId',
    input: patient.extend({ at: moment.nullable() }), // null takes the mark back
    reply: done,
  }),
  addContact: post('/patients/:patientId/contacts', {
    may: 'patients.edit',
    about: 'patientId',
    input: patient.extend({ id: z.uuid(), number: phoneText, relation: Relation, name: z.string().trim().max(60).nullish() }),
    reply: Contact.extend({ patientId: z.uuid() }),
  }),
  changeContact: post('/contacts/:contactId', {
    may: 'patients.edit',
    about: 'patientId',
    input: z.object({
      contactId: z.uuid(),
      relation: Relation.optional(),
      name: z.string().trim().max(60).nullish(),
      isVoid: z.boolean().optional(),
      isPreferred: z.boolean().optional(),
    }),
    reply: Contact.extend({ patientId: z.uuid() }),
  }),
  revealPhone: post('/contacts/:contactId/reveal', {
    may: 'patients.unmask',
    about: 'patientId',
    isReading: true,
    input: z.object({ contactId: z.uuid(), reason }),
    reply: z.object({ patientId: z.uuid(), number: guarded('phone', z.string()) }),
  }),
  revealIdentityCard: post('/patients/:patientId/identity-card', {
    may: 'patients.unmask',
    about: 'patientId',
    isReading: true,
    input: patient.extend({ reason }),
    reply: z.object({ patientId: z.uuid(), identityCard: guarded('identityCard', z.string().nullable()) }),
  }),
  revealAddress: post('/patients/:patientId/address', {
    may: 'patients.unmask',
    about: 'patientId',
    isReading: true,
    input: patient.extend({ reason }),
    reply: z.object({ patientId: z.uuid(), address: z.string().nullable() }),
  }),
  revealReligion: post('/patients/:patientId/religion', {
    may: 'patients.unmask',
    about: 'patientId',
    input: patient.extend({ reason }),
    reply: z.object({ patientId: z.uuid(), religion: z.string().nullable() }),
  }),
  refuse: post('/patients/:patientId/refusals', {
    may: 'patients.edit',
    about: 'patientId',
    input: patient.extend({ ...Refused.shape, refused: z.boolean() }),
    reply: done,
  }),
  tags: get('/tags', { may: 'patients.read', reply: z.object({ tags: z.array(Tag) }) }),
  saveTag: put('/tags/:id', { may: 'patients.edit', input: Tag.extend({ name: z.string().trim().min(1).max(20) }), reply: Tag }),
  tag: post('/patients/:patientId/tags', {
    may: 'patients.edit',
    about: 'patientId',
    input: patient.extend({ tagId: z.uuid(), isOn: z.boolean() }),
    reply: done,
  }),
  merge: post('/patients/:patientId/merge', {
    may: 'patients.edit',
    about: 'patientId',
    /** `patientId` stays. `choices`: field → of which of the two the value shall stand. */
    input: patient.extend({ retiredId: z.uuid(), reason, choices: z.partialRecord(ChosenField, z.uuid()).optional() }),
    reply: done,
  }),
  /** Takes a merge back: both files are as if it had never been. */
  part: post('/merges/:mergeId/part', {
    may: 'patients.edit',
    about: 'patientId',
    input: z.object({ mergeId: z.uuid(), reason }),
    reply: done.extend({ retiredId: z.uuid() }),
  }),
  dismissConflict: post('/conflicts/:conflictId/dismiss', {
    may: 'patients.edit',
    about: 'patientId',
    input: z.object({ conflictId: z.uuid() }),
    reply: done,
  }),
  settings: get('/settings', { may: 'patients.read', reply: ContactSettings }),
  changeSettings: put('/settings', { may: 'patients.manage', input: ContactSettings, reply: ContactSettings }),
})

export const patientErrors = defineErrors('patients', {
  notFound: 'not_found',
  contactNotFound: 'not_found',
  tagNotFound: 'not_found',
  badIdentityCard: 'invalid',
  badPhone: 'invalid',
  numberTaken: 'conflict',
  sameTagName: 'conflict',
  mergeWithItself: 'invalid',
  mergeNotFound: 'not_found',
  tooManySearches: 'unavailable',
  searchTooShort: 'invalid',
})

export { checkIdentityCard, type IdentityCard } from './person/identity-card.ts'
export { cleanPhone, formatPhone, type Phone } from './person/phone.ts'
