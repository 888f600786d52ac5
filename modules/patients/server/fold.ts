import { newId } from '@renxin/kernel'
import { blindIndex, type Context, openText, sealText } from '@renxin/server'
import type { Relation } from '../contract.ts'
import { checkIdentityCard, longForm } from '../person/identity-card.ts'
import { cleanPhone, lastFourOf, type Phone } from '../person/phone.ts'
import { relationOf } from '../person/relation.ts'
import type { Identifier, KinFact, PatientFacts, PhoneFact } from './facts.ts'
import { readName, readPhonetic } from './pinyin.ts'
import { uncorrected } from './rights/corrected.ts'
import type { ContactRow, PatientRow } from './tables.ts'

/** A patient as known so far, and what telling it changed. */
export type Draft = {
  row: PatientRow
  contacts: ContactRow[]
  isNew: boolean
  /** What it said before it was told anything. */
  was: Readonly<PatientRow>
  isNameNew: boolean
  wasDeceased: boolean
  changedContacts: Set<ContactRow>
}

/** What sealing and finding need, and the area code of the hospital's town. */
export type Tools = { ctx: Pick<Context, 'keys'>; areaCode?: string | undefined; source: 'his' | 'manual' }

export const emptyPatient = (id: string, createdAt: Date): PatientRow => ({
  id,
  name: '',
  namePinyin: '',
  nameInitials: '',
  sex: 'unknown',
  birthOn: null,
  identityCard: null,
  identityCardIndex: null,
  identityCardLast4: null,
  identityCardValid: null,
  address: null,
  district: null,
  ethnic: null,
  marital: null,
  job: null,
  language: null,
  birthPlace: null,
  nationality: null,
  religion: null,
  payer: null,
  identityClass: null,
  deceasedAt: null,
  isSaidDead: false,
  diedAt: null,
  deathNotedAt: null,
  medicalRecordNumber: null,
  bed: null,
  mergedInto: null,
  isJoined: false,
  erasedAt: null,
  isForgotten: false,
  saidAt: {},
  correctedAway: null,
  createdAt,
})

export const draftOf = (row: PatientRow, contacts: ContactRow[], isNew: boolean): Draft => ({
  row,
  contacts,
  isNew,
  was: { ...row },
  isNameNew: false,
  wasDeceased: row.deceasedAt !== null,
  changedContacts: new Set(),
})

const plainFields = ['ethnic', 'marital', 'job', 'language', 'birthPlace', 'nationality', 'payer', 'identityClass'] as const

/**
 * Tells a draft what one source said. Each field keeps the moment it was last said, so that all orders of arrival end the same:
 * the latest said wins, and of two said at the same moment the later to arrive.
 */
export function tell(draft: Draft, told: PatientFacts, tools: Tools, recordNumber: string | undefined): void {
  const { row } = draft
  const fact = tools.source === 'his' && row.correctedAway ? uncorrected(tools.ctx, row, told) : told
  const at = fact.sourceAt.getTime()
  const wins = (field: string, isSaid: boolean) => {
    if (!isSaid || (row.saidAt[field] ?? Number.NEGATIVE_INFINITY) > at) return false
    row.saidAt[field] = at
    return true
  }
  const text = (value: string | null | undefined) => value?.trim() || null

  if (wins('name', fact.name !== undefined)) rename(draft, text(fact.name) ?? '', fact.namePhonetic)
  if (wins('sex', fact.sex !== undefined)) row.sex = fact.sex ?? 'unknown'
  if (wins('birthOn', fact.birthOn !== undefined)) row.birthOn = fact.birthOn ?? null
  if (wins('identityCard', fact.identityCard !== undefined)) setIdentityCard(row, text(fact.identityCard), tools)
  for (const field of plainFields) if (wins(field, fact[field] !== undefined)) row[field] = text(fact[field])
  if (wins('religion', fact.religion !== undefined)) row.religion = sealedAs(row.religion, text(fact.religion), tools)
  if (wins('address', fact.address !== undefined)) {
    row.address = sealedAs(row.address, text(fact.address?.full), tools)
    row.district = text(fact.address?.district)
  }
  if (wins('medicalRecordNumber', recordNumber !== undefined)) row.medicalRecordNumber = recordNumber ?? null
  if (wins('deceased', fact.deceased !== undefined)) row.isSaidDead = fact.deceased !== false
  const diedAt = fact.deceased ? (fact.deceased.at ?? null) : null
  if (wins('diedAt', fact.deceased === false || diedAt !== null)) row.diedAt = diedAt
  concludeDeath(row)
  fillFromIdentityCard(row, tools.ctx)

  const tellList = (field: 'phones' | 'kin', list: readonly Said[]) => {
    const before = row.saidAt[field] ?? Number.NEGATIVE_INFINITY
    tellContacts(draft, field, list, { at, before, isLatest: wins(field, true) }, tools)
  }
  if (fact.phones !== undefined) {
    tellList(
      'phones',
      (fact.phones ?? []).map((phone) => ({ relation: 'self', name: null, phone })),
    )
  }
  if (fact.kin !== undefined) tellList('kin', (fact.kin ?? []).flatMap(saidOf))
  for (const change of fact.kinChanges ?? []) changeContacts(draft, saidOf(change), change.isGone, at, tools)
}

function saidOf({ relation: said, name, phones }: KinFact): Said[] {
  const relation = relationOf(said)
  return phones.map((phone) => ({ relation: relation === 'self' ? 'other' : relation, name: name?.trim() || null, phone }))
}

/** What counts of a death: the word of one of us stands until one of us takes it back. */
export function concludeDeath(row: PatientRow): void {
  const said = row.isSaidDead ? (row.diedAt ?? new Date(row.saidAt.deceased ?? 0)) : null
  row.deceasedAt = said ?? row.deathNotedAt
}

/** The list of a source to which a number belongs: his own, or his kin's. */
export const listOf = (relation: Relation): 'phones' | 'kin' => (relation === 'self' ? 'phones' : 'kin')

export const documentIndex = (ctx: Pick<Context, 'keys'>, number: string): Buffer => blindIndex(ctx, 'patients.identityCard', number)
export const lastFourIndex = (ctx: Pick<Context, 'keys'>, lastFour: string): Buffer => blindIndex(ctx, 'patients.lastFour', lastFour)
export const phoneIndex = (ctx: Pick<Context, 'keys'>, number: string): Buffer => blindIndex(ctx, 'patients.phone', number)

/** A document is kept in its long form, so that a number of fifteen characters and its one of eighteen are the same. */
export const documentNumber = (text: string): string => longForm(checkIdentityCard(text).number)

export const isDocument = ({ type }: Pick<Identifier, 'type'>): boolean => ['NNCHN', 'NI', 'PPN', 'SS', 'DL'].includes(type.toUpperCase())

function rename(draft: Draft, name: string, phonetic: string | null | undefined): void {
  const { row } = draft
  if (row.name === name && !phonetic) return
  const reading = (phonetic ? readPhonetic(phonetic, name) : undefined) ?? readName(name)
  if (row.name === name && row.namePinyin === reading.whole) return
  row.name = name
  row.namePinyin = reading.whole
  row.nameInitials = reading.initials
  draft.isNameNew = true
}

function setIdentityCard(row: PatientRow, text: string | null, { ctx }: Tools): void {
  if (text === null) {
    Object.assign(row, { identityCard: null, identityCardIndex: null, identityCardLast4: null, identityCardValid: null })
    return
  }
  const number = documentNumber(text)
  const index = documentIndex(ctx, number)
  if (row.identityCardIndex?.equals(index)) return
  row.identityCard = sealText(ctx, number)
  row.identityCardIndex = index
  row.identityCardLast4 = lastFourIndex(ctx, number.slice(-4))
  row.identityCardValid = checkIdentityCard(number).isValid
}

/** Birth and sex as the card tells them, where nobody said them. */
export function fillFromIdentityCard(row: PatientRow, ctx: Tools['ctx']): void {
  const needsBirth = row.saidAt.birthOn === undefined
  const needsSex = row.saidAt.sex === undefined
  if (!needsBirth && !needsSex) return
  const card = row.identityCard && row.identityCardValid ? checkIdentityCard(openText(ctx, row.identityCard)) : null
  if (needsBirth) row.birthOn = card?.birthOn ?? null
  if (needsSex) row.sex = card?.sex ?? 'unknown'
}

const sealedAs = (before: Buffer | null, text: string | null, { ctx }: Tools): Buffer | null => {
  if (text === null) return null
  return before && openText(ctx, before) === text ? before : sealText(ctx, text)
}

type Said = { relation: Relation; name: string | null; phone: PhoneFact }
type When = { at: number; before: number; isLatest: boolean }

/**
 * The latest list is the whole truth: a number that it does not name becomes a former one, and keeps when it was last named.
 * An older list that comes late leaves its numbers as former ones, the same as if it had come in time. What was said of one number alone, later, stands.
 */
function tellContacts(draft: Draft, field: 'phones' | 'kin', list: readonly Said[], when: When, tools: Tools): void {
  const named = new Set(numbersIn(list, tools).map((said) => tellContact(draft, said, when, tools)))
  if (!when.isLatest) return
  for (const contact of draft.contacts) {
    if (listOf(contact.relation) !== field || contact.source !== 'his' || contact.isFormer || named.has(contact)) continue
    if (contact.saidAt.getTime() > when.at) continue
    contact.isFormer = true
    contact.saidAt = new Date(Math.max(when.before, contact.saidAt.getTime()))
    draft.changedContacts.add(contact)
  }
}

const numbersIn = (list: readonly Said[], { areaCode }: Tools): SaidNumber[] =>
  list
    .flatMap((said) => phonesIn(said.phone.number, areaCode).map((phone) => ({ ...said, phone })))
    .map((said, rank) => ({ ...said, rank }))

/** Numbers told of by themselves: a whole list that was said later knows better, and nobody else's number is touched. */
function changeContacts(draft: Draft, list: readonly Said[], isGone: boolean, at: number, tools: Tools): void {
  const isOld = (draft.row.saidAt.kin ?? Number.NEGATIVE_INFINITY) > at
  for (const said of numbersIn(list, tools)) {
    const index = phoneIndex(tools.ctx, wholeNumber(said.phone))
    const known = draft.contacts.find((c) => c.relation === said.relation && c.phoneIndex.equals(index))
    if (known && (known.saidAt.getTime() > at || (isOld && !known.isFormer) || (isGone && known.source === 'manual'))) continue
    const contact = known ?? tellContact(draft, said, { at, before: at, isLatest: !isOld && !isGone }, tools)
    const name = said.name ?? (contact.source === 'manual' ? contact.name : null)
    Object.assign(contact, { name, rank: said.rank, isFormer: contact.source === 'his' && (isOld || isGone), saidAt: new Date(at) })
    draft.changedContacts.add(contact)
  }
}

type SaidNumber = { relation: Relation; name: string | null; phone: Phone; rank: number }

function tellContact(draft: Draft, said: SaidNumber, { at, isLatest }: When, { ctx, source }: Tools): ContactRow {
  const number = wholeNumber(said.phone)
  const index = phoneIndex(ctx, number)
  const known = draft.contacts.find((c) => c.relation === said.relation && c.phoneIndex.equals(index))
  if (known) {
    if (known.source === 'his' && known.saidAt.getTime() > at) return known // told of by itself since
    // Of a number in use the latest list tells, of a former one the latest that named it.
    if (!isLatest && (!known.isFormer || known.saidAt.getTime() > at)) return known
    const name = said.name ?? (known.source === 'manual' ? known.name : null)
    const isFormer = known.source === 'his' && !isLatest
    if (!isFormer && !known.isFormer && known.name === name && known.rank === said.rank) return known
    Object.assign(known, { name, isFormer, rank: said.rank, saidAt: new Date(at) })
    draft.changedContacts.add(known)
    return known
  }
  const contact: ContactRow = {
    id: newId(),
    patientId: draft.row.id,
    relation: said.relation,
    name: said.name,
    phone: sealText(ctx, number),
    phoneIndex: index,
    phoneLast4: lastFourIndex(ctx, lastFourOf(number)),
    kind: said.phone.kind,
    source,
    rank: said.rank,
    isPreferred: false,
    isVoid: false,
    isFormer: !isLatest,
    saidAt: new Date(at),
    bestHour: null,
  }
  draft.contacts.push(contact)
  draft.changedContacts.add(contact)
  return contact
}

/** A number as it is kept: an extension is part of it, and behind a `#`. */
export const wholeNumber = ({ number, extension }: Phone): string => (extension ? `${number}#${extension}` : number)

/** One field of a source may hold several numbers: `13800138000/0510-12345678`. */
export function phonesIn(text: string, areaCode?: string): Phone[] {
  const whole = cleanPhone(text, areaCode)
  if (whole) return [whole]
  return text.split(/[/、,，;；|]|\s{1,}(?=1[3-9]\d{9})/u).flatMap((part) => cleanPhone(part, areaCode) ?? [])
}
