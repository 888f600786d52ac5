import type { Input, Page, Reply } from '@renxin/kernel'
import { audit, auditMany, type Context, openText, paged, sealText, sql, unveiled } from '@renxin/server'
import { type ContactPerson, patientErrors, type peopleApi } from '../contract.ts'
import { cleanPhone, maskPhone } from '../person/phone.ts'
import { rowsAs } from './bulk.ts'
import { listCards } from './cards.ts'
import { patientVisible } from './care.ts'
import { phoneIndex, wholeNumber } from './fold.ts'
import { visibleId } from './get-patient.ts'
import { keyOf, keysOfName } from './search-keys.ts'
import { areaCodeOf } from './settings.ts'
import { db, type PersonRow } from './tables.ts'

type Api = typeof peopleApi
const END = '\u{10ffff}'

/**
 * Whom the actor sees of contacts who are no patients: everybody whom the hospital works with, and of families those of patients whom one sees. A relative who
 * is tied to nobody yet has just been entered.
 */
const personVisible = (ctx: Context) =>
  ctx.actor.scope === 'hospital'
    ? sql<boolean>`true`
    : sql<boolean>`(p.kind <> 'family' or not exists (select from patients.people_ties a where a.person_id = p.id)
        or exists (select from patients.people_ties t where t.person_id = p.id and ${patientVisible(ctx, 't.patient_id')}))`

/** Found by the beginning of the name or its reading from any character on, or by the whole telephone; the audit names each who is shown. */
export async function listPeople(ctx: Context, { q, kind, ...cursor }: Input<Api['people']>): Promise<Page<ContactPerson>> {
  let query = db(ctx).selectFrom('patients.people as p').selectAll('p').where(personVisible(ctx))
  if (kind) query = query.where('p.kind', '=', kind)
  if (q) {
    const phone = q.replace(/\D/g, '').length >= 7 ? cleanPhone(q, await areaCodeOf(ctx)) : undefined
    const key = keyOf(q)
    query = query.where(
      phone
        ? sql<boolean>`p.phone_index = ${phoneIndex(ctx, wholeNumber(phone))}`
        : sql<boolean>`p.id in (select k.person_id from patients.people_keys k where k.key >= ${key} and k.key < ${key + END})`,
    )
  }
  const { rows, next } = await paged(query, cursor, ['p.id'], 'desc')
  await auditMany(
    ctx,
    rows.map(({ id }) => ({ action: 'patients.people', objectId: id })),
  )
  return { rows: rows.map((r) => cardOf(ctx, r)), next }
}

const cardOf = (ctx: Context, { phone, savedAt, phoneIndex: _, savedBy: __, ...row }: PersonRow): ContactPerson => ({
  ...row,
  masked: phone && maskPhone(openText(ctx, phone)),
  savedAt: savedAt.toISOString(),
})

export async function savePerson(ctx: Context, { phone, ...said }: Input<Api['savePerson']>): Promise<ContactPerson> {
  const before = await unveiled(ctx, () => db(ctx).selectFrom('patients.people').where('id', '=', said.id).select('id').executeTakeFirst())
  if (before) await findPerson(ctx, said.id)
  const clean = phone ? cleanPhone(phone, await areaCodeOf(ctx)) : undefined
  if (phone && !clean?.mayContact) throw patientErrors.badPhone()
  const whole = clean && wholeNumber(clean)
  const number = whole ? { phone: sealText(ctx, whole), phoneIndex: phoneIndex(ctx, whole) } : { phone: null, phoneIndex: null }
  const row = { ...said, organisation: said.organisation || null, note: said.note || null, savedAt: ctx.clock.now(), savedBy: ctx.actor.id }
  const saved = await db(ctx)
    .insertInto('patients.people')
    .values({ ...row, ...number })
    .onConflict((c) => c.constraint('people_pkey').doUpdateSet(phone === undefined ? row : { ...row, ...number }))
    .returningAll()
    .executeTakeFirstOrThrow()
  await sql`delete from patients.people_keys where person_id = ${saved.id}::uuid`.execute(ctx.db)
  const keys = keysOfName(saved.name).map(({ key }) => ({ key, personId: saved.id }))
  await sql`
    insert into patients.people_keys (key, person_id) select * from ${rowsAs('n', { key: 'text', person_id: 'uuid' }, keys)}
    on conflict do nothing`.execute(ctx.db)
  ctx.touched.add('patients')
  return cardOf(ctx, saved)
}

export async function revealPersonPhone(ctx: Context, { id, reason }: Input<Api['revealPersonPhone']>): Promise<{ number: string | null }> {
  const row = await findPerson(ctx, id)
  await audit(ctx, { action: 'patients.phoneRevealed', objectId: id, reason })
  return { number: row.phone && openText(ctx, row.phone).replace('#', ' 转 ') }
}

async function findPerson(ctx: Context, id: string): Promise<PersonRow> {
  const row = await db(ctx)
    .selectFrom('patients.people as p')
    .selectAll('p')
    .where('p.id', '=', id)
    .where(personVisible(ctx))
    .executeTakeFirst()
  if (!row) throw patientErrors.contactNotFound({ id })
  return row
}

const MOST_TIES = 100

export async function tiesOfPerson(ctx: Context, { personId }: Input<Api['tiesOfPerson']>): Promise<Reply<Api['tiesOfPerson']>> {
  await findPerson(ctx, personId)
  const ties = await db(ctx)
    .selectFrom('patients.peopleTies')
    .select(['personId', 'patientId', 'relation'])
    .where('personId', '=', personId)
    .where(patientVisible(ctx, 'patients.peopleTies.patientId'))
    .orderBy('tiedAt')
    .limit(MOST_TIES)
    .execute()
  const cards = new Map((await listCards(ctx, ties.map((t) => t.patientId))).map((c) => [c.id, c])) // biome-ignore format: one thought
  const byPatient = new Map(ties.map((t) => [t.patientId, t]))
  return {
    rows: [...byPatient.values()].flatMap((t) => {
      const patient = cards.get(t.patientId)
      return patient ? [{ id: `${t.personId}.${t.patientId}`, ...t, patient }] : []
    }),
  }
}

export async function peopleOfPatient(ctx: Context, { patientId }: Input<Api['peopleOfPatient']>): Promise<Reply<Api['peopleOfPatient']>> {
  const id = await visibleId(ctx, patientId)
  const rows = await db(ctx)
    .selectFrom('patients.peopleTies as t')
    .innerJoin('patients.people as p', 'p.id', 't.personId')
    .selectAll('p')
    .select('t.relation')
    .where('t.patientId', '=', id)
    .limit(MOST_TIES)
    .execute()
  const byPerson = new Map(rows.map((r) => [r.id, r]))
  return { patientId: id, rows: [...byPerson.values()].map(({ relation, ...row }) => ({ ...cardOf(ctx, row), relation })) }
}

export async function tiePerson(ctx: Context, { personId, patientId, relation }: Input<Api['tiePerson']>): Promise<{ patientId: string }> {
  const id = await visibleId(ctx, patientId)
  await findPerson(ctx, personId)
  await db(ctx)
    .insertInto('patients.peopleTies')
    .values({ personId, patientId: id, saidPatientId: id, relation, tiedAt: ctx.clock.now(), tiedBy: ctx.actor.id })
    .onConflict((c) => c.constraint('people_ties_pkey').doUpdateSet({ relation }))
    .execute()
  return { patientId: id }
}

export async function untiePerson(ctx: Context, { personId, patientId }: Input<Api['untiePerson']>): Promise<{ patientId: string }> {
  const id = await visibleId(ctx, patientId)
  await findPerson(ctx, personId)
  await db(ctx).deleteFrom('patients.peopleTies').where('personId', '=', personId).where('patientId', '=', id).execute()
  return { patientId: id }
}
