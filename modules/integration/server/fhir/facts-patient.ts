import { dayOf, type Element, elementsOf, entryOf, isElement, listOf, numberOf, type Resource, spanOf, textOf } from '@renxin/fhir'
import type { Identifier, PatientFacts, PhoneFact } from '@renxin/patients'

const V2_TYPES = /v2-?\/?0203$/
const SYLLABLES = 'http://hl7.org/fhir/StructureDefinition/iso21090-EN-representation'
/** The national object identifiers of numbers (WS 363): they say what a number is where no type does. */
const kindsOfNumber: Readonly<Record<string, string>> = {
  '2.16.156.10011.1.3': 'NNCHN',
  '2.16.156.10011.1.12': 'MR',
  '2.16.156.10011.1.13': 'MR',
  '2.16.156.10011.1.19': 'HC',
}
export const LONGEST_NUMBER = 100

/** What a Patient says of himself, in the words of the customer file; of his contacts `tell-files.ts` tells. `identifiers` may be empty: then the caller names the patient. */
export function patientFacts(resource: Resource, sourceAt: Date): PatientFacts & { phones?: PhoneFact[] } {
  const names = elementsOf(resource.name).filter((n) => n.use !== 'old')
  const phonetic = names.find(isPhonetic)
  const spoken = names.filter((n) => n !== phonetic)
  const name = wholeName(spoken.find((n) => n.use === 'official') ?? spoken.find((n) => n.use === 'usual') ?? spoken[0])
  const identifiers = identifiersOf(resource)
  const card = identifiers.find((i) => i.type === 'NNCHN')?.value
  const phones = phonesOf(resource.telecom)
  const address = addressOf(resource.address)
  const sex = sexOf(resource.gender)
  const birthOn = wholeDay(resource.birthDate)
  const marital = spokenCode(resource.maritalStatus)
  const deceased = deathOf(resource)
  const [language] = elementsOf(resource.communication).toSorted((a, b) => Number(b.preferred === true) - Number(a.preferred === true))
  const beyond = {
    language: spokenCode(language?.language),
    birthPlace: birthPlaceOf(resource),
    nationality: conceptIn(resource, 'patient-nationality') ?? conceptIn(resource, 'patient-citizenship'),
    religion: conceptIn(resource, 'patient-religion'),
  }
  return {
    identifiers,
    sourceAt,
    ...(name ? { name } : {}),
    ...(phonetic && wholeName(phonetic) ? { namePhonetic: wholeName(phonetic) } : {}),
    ...(sex ? { sex } : {}),
    ...(birthOn ? { birthOn } : {}),
    ...(card ? { identityCard: card } : {}),
    ...(marital ? { marital } : {}),
    ...Object.fromEntries(Object.entries(beyond).filter(([, said]) => said)),
    ...(address ? { address } : {}),
    ...(phones ? { phones } : {}),
    ...(deceased ? { deceased } : {}),
  }
}

const STRUCTURES = 'http://hl7.org/fhir/StructureDefinition/'
export const RELIGION = `${STRUCTURES}patient-religion`

/** What an extension of the standard says: its own value, or that of its part `code`. */
function conceptIn(resource: Resource, name: string): string | undefined {
  const found = elementsOf(resource.extension).find((e) => e.url === `${STRUCTURES}${name}`)
  const part = elementsOf(found?.extension).find((e) => e.url === 'code')
  return spokenCode(found?.valueCodeableConcept ?? part?.valueCodeableConcept)
}

function birthPlaceOf(resource: Resource): string | undefined {
  const place = elementsOf(resource.extension).find((e) => e.url === `${STRUCTURES}patient-birthPlace`)?.valueAddress
  if (!isElement(place)) return undefined
  const parts = [place.state, place.city, place.district].flatMap((part) => textOf(part)?.trim() ?? [])
  return (textOf(place.text)?.trim() || parts.join('')).slice(0, 200) || undefined
}

const wholeDay = (text: unknown) => (typeof text === 'string' && text.length === 10 ? dayOf(text) : undefined)
const isPhonetic = (name: Element) =>
  elementsOf(name.extension).some((e) => e.url === SYLLABLES && (e.valueCode === 'SYL' || e.valueCode === 'PHO'))

const SEXES = ['male', 'female', 'unknown', 'other'] as const
const sexOf = (gender: unknown) => SEXES.find((s) => s === gender)

function deathOf(resource: Resource): PatientFacts['deceased'] | undefined {
  const at = spanOf(resource.deceasedDateTime, (day) => new Date(`${day}T00:00:00Z`))
  if (at) return { at: at.low }
  return resource.deceasedBoolean === true ? { at: null } : undefined
}

/** `周晓燕` however it is split; `Peter James Chalmers` in the order in which it is spoken. */
export function wholeName(name: unknown): string | undefined {
  if (!isElement(name)) return undefined
  const text = textOf(name.text)?.trim()
  if (text) return text.slice(0, 200)
  const family = textOf(name.family)?.trim() ?? ''
  const given = listOf(name.given).filter((g) => typeof g === 'string')
  const isHan = /\p{Script=Han}/u.test(family + given.join(''))
  const whole = isHan ? [family, ...given].join('') : [...given, family].filter(Boolean).join(' ')
  return whole.trim().slice(0, 200) || undefined
}

function identifiersOf(resource: Resource): Identifier[] {
  return elementsOf(resource.identifier).flatMap((i): Identifier[] => {
    const value = textOf(i.value)?.trim()
    if (!value || value.length > LONGEST_NUMBER || i.use === 'old') return []
    const system = textOf(i.system)?.trim().slice(0, 200) ?? ''
    const coded = isElement(i.type)
      ? elementsOf(i.type.coding).find((c) => V2_TYPES.test(textOf(c.system) ?? '') || c.system === undefined)
      : undefined
    const type = textOf(coded?.code) ?? entryOf(kindsOfNumber, system.replace('urn:oid:', '')) ?? 'U'
    return [{ system, type: type.slice(0, 20), value }]
  })
}

/** Every number that reaches a person, the first by rank; undefined where none is said. */
export function phonesOf(telecom: unknown): PhoneFact[] | undefined {
  const all = elementsOf(telecom).filter((t) => (t.system === 'phone' || t.system === 'sms') && t.use !== 'old' && textOf(t.value))
  if (all.length === 0) return undefined
  return all
    .toSorted((a, b) => (numberOf(a.rank) ?? 99) - (numberOf(b.rank) ?? 99))
    .map((t) => ({ number: (textOf(t.value) ?? '').slice(0, 60), ...(textOf(t.use) ? { use: textOf(t.use) } : {}) }))
}

/** The word for a relation, else its code. */
export function relationIn(relationship: unknown): string | null {
  for (const concept of elementsOf(relationship)) {
    const coded = elementsOf(concept.coding).find((c) => textOf(c.code))
    const said = textOf(concept.text) ?? textOf(coded?.code)
    if (said) return said
  }
  return null
}

function addressOf(addresses: unknown): PatientFacts['address'] {
  const all = elementsOf(addresses).filter((a) => a.use !== 'old')
  const address = all.find((a) => a.use === 'home') ?? all[0]
  if (!address) return undefined
  const parts = [address.state, address.city, address.district].flatMap((part) => textOf(part)?.trim() ?? [])
  const district = [...new Set(parts)].join('')
  const lines = listOf(address.line).filter((line) => typeof line === 'string')
  const text = textOf(address.text)?.trim()
  const full = text ?? `${district}${lines.join(' ')}`
  return full ? { full: full.slice(0, 300), district: district.slice(0, 100) || null } : undefined
}

/** What a concept says in words, else its code. */
export function spokenCode(concept: unknown): string | undefined {
  if (!isElement(concept)) return undefined
  const [coding] = elementsOf(concept.coding)
  return (textOf(concept.text) ?? textOf(coding?.display) ?? textOf(coding?.code))?.slice(0, 200)
}
