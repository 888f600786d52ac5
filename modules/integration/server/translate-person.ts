import {
  type Message,
  numberOf,
  type PersonName,
  type Phone,
  readAddress,
  readAll,
  readIdentifier,
  readName,
  readPhone,
  readTime,
  type Segment,
} from '@renxin/hl7'
import type { Identifier, KinFact, PatientFacts, PhoneFact } from '@renxin/patients'
import type { Note } from '../contract.ts'
import { codedAt, type Mapping, repetitionAt, textAt } from './mapping.ts'
import { momentOf } from './sent-time.ts'
import { allergiesOf } from './translate-allergies.ts'
import { given } from './values.ts'

/** `merges`: whether MRG-1 names persons who turned out to be this one; in other messages it names from whom a visit was moved. */
type Setting = { zone: string; sourceAt: Date; notes: Note[]; merges?: boolean }

/** What a message says about the person: PID, NK1, GT1, MRG, and of PV1 how he is insured and to which class of people he belongs. */
export function personFacts(message: Message, mapping: Mapping, { zone, sourceAt, notes, merges }: Setting): PatientFacts {
  const pid = message.first('PID')
  const names = readAll(pid, 5, readName)
  const name = names.find((n) => n.representation !== 'P')
  const phonetic = names.find((n) => n.representation === 'P')
  const card = textAt(message, mapping, 'idCard')
  const died = readTime(pid?.get(29, 1))
  const isDead = pid?.get(30, 1)?.trim().toUpperCase() === 'Y'
  const mergeOf = merges ? retiredNumbers(message, mapping) : []

  return given({
    identifiers: identifiers(message, mapping, card),
    sourceAt,
    name: name ? wholeName(name) : pid?.isDeleted(5) ? null : undefined,
    namePhonetic: phonetic && [phonetic.family, phonetic.given].filter(Boolean).join(' '),
    sex: sexOf(message, mapping, notes),
    birthOn: birthOf(message, mapping, notes),
    identityCard: card,
    ethnic: codedText(pid, 22),
    marital: codedText(pid, 16),
    language: codedText(pid, 15),
    birthPlace: pid?.isDeleted(23) ? null : pid?.get(23, 1)?.trim() || undefined,
    nationality: codedText(pid, 28) ?? codedText(pid, 26),
    religion: codedText(pid, 17),
    payer: meaningAt(message, mapping, 'payer', notes),
    identityClass: meaningAt(message, mapping, 'identity', notes),
    address: addressOf(pid),
    phones: phonesOf(pid),
    ...kinOf(message),
    ...allergiesOf(message),
    // `N` is what many systems write into every message, so only a deletion takes a death back.
    deceased: isDead || died ? { at: momentOf(died, zone) ?? null } : pid?.isDeleted(30) ? false : undefined,
    mergeOf: mergeOf.length > 0 ? mergeOf : undefined,
  })
}

/** PID-3 as it stands, the number that the mapping takes for the patient's first. A number without a kind is a record number if it is that one. */
function identifiers(message: Message, mapping: Mapping, card: string | null | undefined): Identifier[] {
  const found = repetitionAt(message, mapping, 'patientId')
  const main = found && { ...readIdentifier(found.value), id: found.value.get(found.path.component ?? 1, found.path.subcomponent) }
  const all: Identifier[] = []
  const add = (one: Identifier | undefined) => {
    if (one && !all.some((o) => o.type === one.type && o.value === one.value && o.system === one.system)) all.push(one)
  }
  if (main) add(identifierOf(main, main.type ?? 'MR', mapping))
  if (card) add({ system: '', type: 'NNCHN', value: card })
  for (const one of readAll(message.first('PID'), 3, readIdentifier)) {
    if (one.type && one.id?.trim() !== card) add(identifierOf(one, one.type, mapping))
  }
  return all
}

/** MRG-1; in old messages the number of the enterprise stands in MRG-4. */
function retiredNumbers(message: Message, mapping: Mapping): Identifier[] {
  return message.all('MRG').flatMap((s) => {
    const numbers = readAll(s, 1, readIdentifier)
    return (numbers.length > 0 ? numbers : readAll(s, 4, readIdentifier)).flatMap((i) => identifierOf(i, 'MR', mapping) ?? [])
  })
}

/** A number with who gave it, by the name that all senders use for that. */
function identifierOf(i: { id?: string; authority?: string; type?: string }, type: string, mapping: Mapping): Identifier | undefined {
  const value = i.id?.trim()
  const assigner = i.authority?.trim() ?? ''
  return value ? { system: mapping.codes.get('assigner')?.get(assigner) ?? assigner, type: i.type ?? type, value } : undefined
}

const CENTURY = 36_525 * 86_400_000

/**
 * The person as a system tells of him that is not there for that: a laboratory, a till. It makes a file where there is none, and never
 * stands against what the system for admissions says, however old that is.
 */
export const hearsay = ({ identifiers, sourceAt, ...said }: PatientFacts): PatientFacts =>
  given({
    identifiers,
    sourceAt: new Date(sourceAt.getTime() - CENTURY),
    // It deletes nothing.
    name: said.name ?? undefined,
    namePhonetic: said.namePhonetic ?? undefined,
    sex: said.sex ?? undefined,
    birthOn: said.birthOn ?? undefined,
    identityCard: said.identityCard ?? undefined,
    phones: said.phones ?? undefined,
  })

/** `赵建国`, `欧阳` `娜娜` together, and `Adam Everyman` in the order in which it is spoken. */
export function wholeName({ family = '', given = '', middle = '' }: PersonName): string {
  if (/\p{Script=Han}/u.test(family + given)) return `${family}${given}`.trim()
  return [given, middle, family].filter(Boolean).join(' ').trim()
}

function sexOf(message: Message, mapping: Mapping, notes: Note[]): PatientFacts['sex'] {
  const found = codedAt(message, mapping, 'sex')
  if (!found) return found
  const sexes = mapping.codes.get('sex')
  const meaning = sexes?.get(found.code.toUpperCase()) ?? sexes?.get(found.code) ?? sexes?.get(found.text)
  if (meaning === 'male' || meaning === 'female' || meaning === 'other' || meaning === 'unknown') return meaning
  notes.push({ code: 'unknownCode', field: 'sex', value: found.code.slice(0, 40) })
  return undefined
}

function birthOf(message: Message, mapping: Mapping, notes: Note[]): string | null | undefined {
  const value = textAt(message, mapping, 'birth')
  if (!value) return value
  const day = readTime(value)?.day
  if (!day) notes.push({ code: 'badBirth', field: 'birth', value: '' }) // the value is the person's own
  return day
}

function phonesOf(pid: Segment | undefined): PhoneFact[] | null | undefined {
  if (!pid) return undefined
  const all = [...readAll(pid, 13, readPhone), ...readAll(pid, 14, readPhone)].flatMap(phoneFact)
  if (all.length > 0) return all.filter((p, i) => all.findIndex((o) => o.number === p.number) === i)
  return pid.isDeleted(13) && pid.raw(14).replace('""', '') === '' ? null : undefined
}

function phoneFact(phone: Phone): PhoneFact[] {
  const number = numberOf(phone)?.trim()
  if (!number || phone.equipment === 'Internet' || phone.use === 'NET') return []
  return [{ number, ...(phone.use && { use: phone.use }) }]
}

/**
 * NK1, the whole list, with whoever answers for the costs (GT1) and can be reached. A message that names only the latter says nothing of
 * the others.
 */
function kinOf(message: Message): Pick<PatientFacts, 'kin' | 'kinChanges'> {
  const kin = message.all('NK1').flatMap((s) => kinIn(s, { name: 2, relation: 3, phones: [5, 6] }))
  const named = new Set([...kin.flatMap((k) => k.phones), ...(phonesOf(message.first('PID')) ?? [])].map((p) => p.number))
  const guarantors = message
    .all('GT1')
    .flatMap((s) => kinIn(s, { name: 3, relation: 11, phones: [6, 7] }))
    .map((g) => ({ ...g, phones: g.phones.filter((p) => !named.has(p.number)) }))
    .filter((g) => g.phones.length > 0 && !/^(?:0|SEL|SELF|本人)$/i.test(g.relation ?? ''))
  if (kin.length > 0) return { kin: [...kin, ...guarantors] }
  if (message.all('NK1').some((s) => s.isDeleted(2))) return { kin: guarantors.length > 0 ? guarantors : null }
  return guarantors.length > 0 ? { kinChanges: guarantors.map((g) => ({ ...g, isGone: false })) } : {}
}

type KinAt = { name: number; relation: number; phones: readonly number[] }

function kinIn(s: Segment, at: KinAt): KinFact[] {
  const name = readAll(s, at.name, readName)[0]
  const phones = at.phones.flatMap((field) => readAll(s, field, readPhone)).flatMap(phoneFact)
  const relation = s.get(at.relation, 2) ?? s.get(at.relation, 1) ?? null
  return name || phones.length > 0 ? [{ name: name ? wholeName(name) : null, relation, phones }] : []
}

function addressOf(pid: Segment | undefined): PatientFacts['address'] {
  if (pid?.isDeleted(11)) return null
  const value = pid?.first(11)
  if (!value) return undefined
  const { street = '', city = '', state = '' } = readAddress(value)
  const district = `${state}${city === state ? '' : city}${value.get(9) ?? ''}`.trim()
  const rest = `${street}${value.get(2) ?? ''}`.trim()
  if (!district && !rest) return undefined
  return { full: rest.startsWith(district) ? rest : `${district}${rest}`, district: district || null }
}

function codedText(pid: Segment | undefined, field: number): string | null | undefined {
  if (!pid) return undefined
  if (pid.isDeleted(field)) return null
  const value = pid.first(field)
  return value?.get(2)?.trim() || value?.get(1)?.trim() || undefined
}

/** The word for a code, as the sender says it or as the mapping's table has it. A bare code without a meaning is taken as it stands, and noted. */
export function meaningAt(message: Message, mapping: Mapping, name: 'identity' | 'payer', notes?: Note[]): string | null | undefined {
  const found = codedAt(message, mapping, name)
  if (!found) return found
  const meaning = mapping.codes.get(name)?.get(found.code)
  const isBare = found.code === found.text && /^[\x20-\x7e]+$/.test(found.code)
  if (meaning === undefined && isBare) notes?.push({ code: 'unknownCode', field: name, value: found.code.slice(0, 40) })
  return meaning ?? found.text
}
