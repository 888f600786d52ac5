import { contract, cursor, get, guarded, moment, page, post, put } from '@renxin/kernel'
import { z } from 'zod'
import { PatientCard, Relation } from './shapes.ts'

/** Whom the hospital deals with beside its patients. */
export const personKinds = ['family', 'staff', 'manager', 'payer', 'community'] as const
export const PersonKind = z.enum(personKinds)
export type PersonKind = z.infer<typeof PersonKind>

export const ContactPerson = z.object({
  id: z.uuid(),
  kind: PersonKind,
  name: z.string(),
  organisation: z.string().nullable(),
  masked: guarded('phone', z.string().nullable()),
  note: z.string().nullable(),
  isActive: z.boolean(),
  savedAt: moment,
})
export type ContactPerson = z.infer<typeof ContactPerson>

export const PersonTie = z.object({ id: z.string(), personId: z.uuid(), patientId: z.uuid(), patient: PatientCard, relation: Relation })
export type PersonTie = z.infer<typeof PersonTie>

const text = (most: number) => z.string().trim().max(most)
const tie = z.object({ personId: z.uuid(), patientId: z.uuid() })

export const peopleApi = contract('patients', {
  people: get('/people', {
    may: 'patients.read',
    input: z.object({ q: text(40).optional(), kind: PersonKind.optional(), ...cursor }),
    reply: page(ContactPerson),
  }),
  savePerson: put('/people/:id', {
    may: 'patients.edit',
    input: z.object({
      id: z.uuid(),
      kind: PersonKind,
      name: text(60).min(1),
      organisation: text(80).nullish(),
      /** Left out: kept. */
      phone: text(40).nullish(),
      note: text(300).nullish(),
      isActive: z.boolean().default(true),
    }),
    reply: ContactPerson,
  }),
  revealPersonPhone: post('/people/:id/phone', {
    may: 'patients.unmask',
    input: z.object({ id: z.uuid(), reason: text(200).min(2) }),
    reply: z.object({ number: z.string().nullable() }),
  }),
  /** The patients to whom somebody is tied, as far as the reader may see them. */
  tiesOfPerson: get('/people/:personId/ties', {
    may: 'patients.read',
    about: 'patientId',
    input: z.object({ personId: z.uuid() }),
    reply: z.object({ rows: z.array(PersonTie) }),
  }),
  peopleOfPatient: get('/patients/:patientId/people', {
    may: 'patients.read',
    about: 'patientId',
    input: z.object({ patientId: z.uuid() }),
    reply: z.object({ patientId: z.uuid(), rows: z.array(ContactPerson.extend({ relation: Relation })) }),
  }),
  tiePerson: post('/people/:personId/ties', {
    may: 'patients.edit',
    about: 'patientId',
    input: tie.extend({ relation: Relation }),
    reply: z.object({ patientId: z.uuid() }),
  }),
  untiePerson: post('/people/:personId/ties/end', {
    may: 'patients.edit',
    about: 'patientId',
    input: tie,
    reply: z.object({ patientId: z.uuid() }),
  }),
})
