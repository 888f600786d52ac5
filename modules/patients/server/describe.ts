import type { LocalDate } from '@renxin/kernel'
import { type Context, can, openText, sql } from '@renxin/server'
import type { PhoneKind, Relation, Sex } from '../contract.ts'
import { maskIdentityCard } from '../person/masking.ts'
import { cleanPhone, maskPhone } from '../person/phone.ts'
import { documentIndex, documentNumber, isDocument, phoneIndex, wholeNumber } from './fold.ts'
import { keyOf } from './search-keys.ts'
import { areaCodeOf } from './settings.ts'
import { db, type PatientViews } from './tables.ts'

/** All that an interface tells of a person. Phones and the identity card are whole for those who may unmask, else masked. */
export type PatientDescription = PatientViews['patients.cards'] & {
  identifiers: { system: string; type: string; value: string }[]
  identityCard: string | null
  district: string | null
  phones: { number: string; kind: PhoneKind; relation: Relation; name: string | null }[]
}

export type PatientQuery = {
  ids?: readonly string[]
  identifier?: { system: string | null; value: string }
  phone?: string
  /** The beginning of a name or of its reading. */
  name?: string
  sex?: Sex
  bornFrom?: LocalDate
  bornUntil?: LocalDate
  /** The id after which the page begins. */
  after?: string
  limit: number
}

const END = '\u{10ffff}'

/** The ids of those who answer a query, in the order of their ids; merged files are left out. */
export async function findPatientIds(ctx: Context, query: PatientQuery): Promise<string[]> {
  let found = db(ctx)
    .selectFrom('patients.patients as p')
    .select('p.id')
    .where('p.mergedInto', 'is', null)
    .orderBy('p.id')
    .limit(query.limit)
  if (query.ids) found = found.where('p.id', '=', sql<string>`any(${[...query.ids]}::uuid[])`)
  if (query.after) found = found.where('p.id', '>', query.after)
  if (query.sex) found = found.where('p.sex', '=', query.sex)
  if (query.bornFrom) found = found.where('p.birthOn', '>=', query.bornFrom)
  if (query.bornUntil) found = found.where('p.birthOn', '<=', query.bornUntil)
  if (query.identifier) found = found.where(holdsNumber(ctx, query.identifier))
  if (query.phone) {
    const phone = cleanPhone(query.phone, await areaCodeOf(ctx))
    if (!phone) return []
    found = found.where(
      sql<boolean>`p.id in (select c.patient_id from patients.contacts c where c.phone_index = ${phoneIndex(ctx, wholeNumber(phone))})`,
    )
  }
  if (query.name) {
    const key = keyOf(query.name)
    found = found.where(
      sql<boolean>`p.id in (select k.patient_id from patients.search_keys k where k.key >= ${key} and k.key < ${key + END} and k.kind in ('name', 'pinyin', 'alias'))`,
    )
  }
  return (await found.execute()).map((r) => r.id)
}

function holdsNumber(ctx: Context, { system, value }: { system: string | null; value: string }) {
  const whole = keyOf(value)
  const of = system === null ? sql`true` : sql`i.system = ${system}`
  return sql<boolean>`(p.identity_card_index = ${documentIndex(ctx, documentNumber(value))} or p.id in (
    select i.patient_id from patients.identifiers i
    join patients.search_keys k on k.patient_id = i.patient_id and k.kind = 'number' and k.key = ${whole}
    where i.value = ${value} and ${of}))`
}

export async function describePatients(ctx: Context, ids: readonly string[]): Promise<PatientDescription[]> {
  if (ids.length === 0) return []
  const isWhole = can(ctx, 'patients.unmask')
  const these = sql<string>`any(${[...ids]}::uuid[])`
  const people = await db(ctx)
    .selectFrom('patients.patients')
    .where('id', '=', these)
    .select(['id', 'name', 'namePinyin', 'sex', 'birthOn', 'deceasedAt', 'medicalRecordNumber', 'identityClass', 'payer', 'mergedInto'])
    .select(['identityCard', 'district'])
    .orderBy('id')
    .execute()
  const numbers = await db(ctx)
    .selectFrom('patients.identifiers')
    .where('patientId', '=', these)
    .where('isRetired', '=', false)
    .whereRef('saidPatientId', '=', 'patientId') // those of a merged file find the person and are not shown as theirs
    .selectAll()
    .execute()
  const contacts = await db(ctx)
    .selectFrom('patients.contacts')
    .where('patientId', '=', these)
    .where('isFormer', '=', false)
    .where('isVoid', '=', false)
    .selectAll()
    .orderBy('rank')
    .execute()
  const show = (bytes: Buffer, mask: (text: string) => string) => (isWhole ? openText(ctx, bytes) : mask(openText(ctx, bytes)))
  return people.map(({ identityCard, ...person }) => ({
    ...person,
    identityCard: identityCard && show(identityCard, maskIdentityCard),
    identifiers: numbers
      .filter((n) => n.patientId === person.id && !isDocument(n))
      .map(({ system, type, value }) => ({ system, type, value })),
    phones: contacts
      .filter((c) => c.patientId === person.id)
      .map((c) => ({ number: show(c.phone, maskPhone), kind: c.kind, relation: c.relation, name: c.name })),
  }))
}
