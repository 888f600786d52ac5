import type { Input } from '@renxin/kernel'
import { audit, type Context, emit, nilId, openText, sealText, sql, unveiled } from '@renxin/server'
import { type Contact, type PhoneKind, patientErrors, type patientsApi, type Relation } from '../contract.ts'
import { cleanPhone, lastFourOf, maskPhone } from '../person/phone.ts'
import { addToGroup, changeInGroup } from './contacts-of-group.ts'
import { takeForWriting } from './drafts.ts'
import { fileChanged, phoneCorrected } from './events.ts'
import { lastFourIndex, listOf, phoneIndex, wholeNumber } from './fold.ts'
import { visibleId } from './get-patient.ts'
import { areaCodeOf } from './settings.ts'
import { showName } from './show-name.ts'
import { type ContactRow, db } from './tables.ts'

type Api = typeof patientsApi
export type PhoneCard = { id: string; relation: Relation; name: string | null; masked: string; kind: PhoneKind; isPreferred: boolean }

const MOST_CONTACTS = 50
const callable: readonly PhoneKind[] = ['mobile', 'landline', 'foreign']

/** The numbers at which a patient may be reached, the one to try first at the head. */
export async function phonesOf(ctx: Context, patientId: string): Promise<PhoneCard[]> {
  const contacts = await contactsOf(ctx, patientId)
  return contacts.filter((c) => !c.isVoid && !c.isFormer && callable.includes(c.kind))
}

/** All contacts that were ever known, those to use first. */
export async function contactsOf(ctx: Context, patientId: string): Promise<Contact[]> {
  const rows = await db(ctx).selectFrom('patients.contacts').selectAll().where('patientId', '=', patientId).limit(MOST_CONTACTS).execute()
  return rows.sort(byUse).map((row) => contactCard(ctx, row))
}

const useOf = (c: ContactRow) => [c.isVoid, c.isFormer, !c.isPreferred, c.relation !== 'self', c.kind !== 'mobile'].map(Number)
function byUse(a: ContactRow, b: ContactRow): number {
  const [left, right] = [useOf(a), useOf(b)]
  for (let i = 0; i < left.length; i += 1) if (left[i] !== right[i]) return (left[i] ?? 0) - (right[i] ?? 0)
  return a.rank - b.rank || (a.id < b.id ? -1 : 1)
}

const contactCard = (ctx: Context, row: ContactRow): Contact => ({
  id: row.id,
  relation: row.relation,
  name: row.name === null ? null : showName(ctx, row.name),
  masked: maskPhone(openText(ctx, row.phone)),
  kind: row.kind,
  source: row.source,
  isPreferred: row.isPreferred,
  isVoid: row.isVoid,
  isFormer: row.isFormer,
})

/**
 * The whole number of a contact, for a reason that is written down. Whoever calls this has made sure that the actor may: by `patients.unmask`,
 * or by a task of theirs.
 */
export async function revealPhone(
  ctx: Context,
  { contactId, reason }: { contactId: string; reason: string },
): Promise<{ patientId: string; number: string }> {
  const row = await findContact(ctx, contactId)
  await audit(ctx, { action: 'patients.phoneRevealed', patientId: row.patientId, objectId: contactId, reason })
  return { patientId: row.patientId, number: openText(ctx, row.phone).replace('#', ' 转 ') }
}

export type WholeContact = Pick<ContactRow, 'id' | 'relation' | 'name' | 'kind' | 'source' | 'isVoid' | 'isFormer'> & { number: string }

/** All numbers of a patient whole, those to use first, for a system of the hospital; the reason is written down. */
export async function revealContacts(
  ctx: Context,
  { patientId, reason, objectId }: { patientId: string; reason: string; objectId?: string },
): Promise<WholeContact[]> {
  const rows = await db(ctx).selectFrom('patients.contacts').selectAll().where('patientId', '=', patientId).limit(MOST_CONTACTS).execute()
  await audit(ctx, { action: 'patients.phoneRevealed', patientId, objectId: objectId ?? null, reason })
  return rows.sort(byUse).map(({ id, relation, name, kind, source, isVoid, isFormer, phone }) => ({
    id,
    relation,
    name,
    kind,
    source,
    isVoid,
    isFormer,
    number: openText(ctx, phone),
  }))
}

export async function revealPhoneOnFile(ctx: Context, asked: Input<Api['revealPhone']>): Promise<{ patientId: string; number: string }> {
  await visibleContact(ctx, asked.contactId)
  return revealPhone(ctx, asked)
}

export async function addContact(ctx: Context, { id, patientId, number, relation, name }: Input<Api['addContact']>) {
  const owner = await visibleId(ctx, patientId)
  const phone = cleanPhone(number, await areaCodeOf(ctx))
  if (!phone?.mayContact) throw patientErrors.badPhone()
  const ofOthers = await unveiled(ctx, () =>
    db(ctx).selectFrom('patients.contacts').select('id').where('id', '=', id).where('patientId', '<>', owner).executeTakeFirst(),
  )
  if (ofOthers) throw patientErrors.contactNotFound({ id }) // whoever chose an id that is there already learns nothing of whose it is
  const whole = wholeNumber(phone)
  const row = {
    id,
    patientId: owner,
    relation,
    name: name || null,
    phone: sealText(ctx, whole),
    phoneIndex: phoneIndex(ctx, whole),
    phoneLast4: lastFourIndex(ctx, lastFourOf(whole)),
    kind: phone.kind,
    source: 'manual' as const,
    rank: 0,
    isPreferred: false,
    isVoid: false,
    isFormer: false,
    saidAt: ctx.clock.now(),
    bestHour: null,
  }
  const taken = await takeForWriting(ctx, [owner], { contacts: true })
  if (taken.groups[0]) {
    const { contact, isNews } = await addToGroup(ctx, taken, row)
    if (isNews) await tellCorrection(ctx, contact, 'added')
    return { ...contactCard(ctx, contact), patientId: owner }
  }
  const before = await db(ctx)
    .selectFrom('patients.contacts')
    .select(['isVoid', 'isFormer'])
    .where('patientId', '=', owner)
    .where('phoneIndex', '=', row.phoneIndex)
    .where('relation', '=', relation)
    .executeTakeFirst()
  // A number that is there already is vouched for now, even if it was former or void.
  const saved = await db(ctx)
    .insertInto('patients.contacts')
    .values(row)
    .onConflict((c) =>
      c.constraint('one_contact').doUpdateSet({ source: 'manual', isVoid: false, isFormer: false, ...(name ? { name } : {}) }),
    )
    .returningAll()
    .executeTakeFirstOrThrow()
  await beCompared(ctx, owner)
  await tellContacts(ctx, owner, [relation])
  if (!before || before.isVoid || before.isFormer) await tellCorrection(ctx, saved, 'added')
  return { ...contactCard(ctx, saved), patientId: owner }
}

const tellCorrection = (ctx: Context, { id, patientId }: Pick<ContactRow, 'id' | 'patientId'>, change: 'added' | 'voided') =>
  emit(ctx, phoneCorrected, { patientId, contactId: id, change, byId: ctx.actor.id === nilId ? null : ctx.actor.id })

export async function changeContact(ctx: Context, { contactId, relation, name, isVoid, isPreferred }: Input<Api['changeContact']>) {
  const row = await visibleContact(ctx, contactId)
  const taken = await takeForWriting(ctx, [row.patientId], { contacts: true })
  if (taken.groups[0]) {
    if (relation && relation !== row.relation && (await hasSame(ctx, row, relation))) throw patientErrors.numberTaken()
    await changeInGroup(ctx, taken, row, { relation, name, isVoid, isPreferred })
    const saved = await findContact(ctx, contactId)
    if (saved.isVoid !== row.isVoid) await tellCorrection(ctx, saved, saved.isVoid ? 'voided' : 'added')
    return { ...contactCard(ctx, saved), patientId: row.patientId }
  }
  if (isPreferred) {
    await db(ctx).updateTable('patients.contacts').set({ isPreferred: false }).where('patientId', '=', row.patientId).execute()
  }
  if (relation && relation !== row.relation && (await hasSame(ctx, row, relation))) throw patientErrors.numberTaken()
  const said = { relation, isVoid, isPreferred, ...(name === undefined ? {} : { name: name || null }) }
  const saved = await db(ctx)
    .updateTable('patients.contacts')
    // Whoever corrects a relation or a name vouches for it: the hospital's system does not take it back.
    .set({ ...said, ...(relation || name !== undefined ? { source: 'manual', isFormer: false } : {}) })
    .where('id', '=', contactId)
    .returningAll()
    .executeTakeFirstOrThrow()
  await beCompared(ctx, row.patientId)
  await tellContacts(ctx, row.patientId, [row.relation, saved.relation])
  if (saved.isVoid !== row.isVoid) await tellCorrection(ctx, saved, saved.isVoid ? 'voided' : 'added')
  return { ...contactCard(ctx, saved), patientId: row.patientId }
}

const tellContacts = (ctx: Context, patientId: string, relations: readonly Relation[]) =>
  emit(ctx, fileChanged, {
    patientId,
    what: [...new Set(relations.map((r) => (listOf(r) === 'kin' ? ('kin' as const) : ('person' as const))))],
  })

/** With other numbers somebody may be another's double. */
const beCompared = (ctx: Context, id: string) =>
  sql`update patients.patients set is_uncompared = true where id = ${id}::uuid and not is_uncompared`.execute(ctx.db)

const hasSame = async (ctx: Context, { patientId, phoneIndex: index }: ContactRow, relation: Relation) =>
  Boolean(
    await db(ctx)
      .selectFrom('patients.contacts')
      .select(sql`1`.as('one'))
      .where('patientId', '=', patientId)
      .where('phoneIndex', '=', index)
      .where('relation', '=', relation)
      .executeTakeFirst(),
  )

async function findContact(ctx: Context, id: string): Promise<ContactRow> {
  const row = await contactRow(ctx, id)
  if (!row) throw patientErrors.contactNotFound({ id })
  return row
}

const contactRow = (ctx: Context, id: string) => db(ctx).selectFrom('patients.contacts').selectAll().where('id', '=', id).executeTakeFirst()

/** One that is there and not for the actor takes as long to refuse as one that is not there. */
async function visibleContact(ctx: Context, id: string): Promise<ContactRow> {
  const row = await contactRow(ctx, id)
  const refusal = patientErrors.contactNotFound({ id })
  await visibleId(ctx, row?.patientId ?? nilId, refusal)
  if (!row) throw refusal
  return row
}
