import type { LocalDate } from '@renxin/kernel'
import type { PhoneKind, Relation, Sex } from '../contract.ts'

/**
 * A number by which the hospital knows a person. `type` is HL7 table 0203: MR record number, PI patient index, PN person number, HC card,
 * NNCHN resident identity card… Where the number belongs to a person by law (NNCHN, NI, PPN) `system` is ignored, and only its blind index is kept.
 */
export type Identifier = { system: string; type: string; value: string }

export type PhoneFact = { number: string; kind?: PhoneKind; use?: string }

/** A relation comes as the source says it (`儿子`, `1`, `SPO`) or already as ours. */
export type KinFact = { name?: string | null; relation?: Relation | (string & {}) | null; phones: readonly PhoneFact[] }

/** Something that the person does not bear. */
export type AllergyFact = {
  code: string | null
  name: string
  kind: 'drug' | 'food' | 'environment' | 'other' | null
  severity: 'mild' | 'moderate' | 'severe' | null
  reaction: string | null
}

/**
 * What one message, row or form says about one person. Left out: not said, keep what is known. `null`: delete (`""` in HL7).
 * Every field is settled by itself: the latest `sourceAt` wins, of two equal ones the later to arrive.
 */
export type PatientFacts = {
  /** At least one, unless `id` is given. All are tried; MR and PI weigh most. An identifier that is not repeated is not taken away. */
  identifiers: readonly Identifier[]
  /** The patient, where the caller knows: a form of ours, or a person to be made under this id. */
  id?: string
  sourceAt: Date
  name?: string | null
  /** The reading as the source gives it; otherwise it is worked out. */
  namePhonetic?: string | null
  sex?: Sex | null
  birthOn?: LocalDate | null
  identityCard?: string | null
  ethnic?: string | null
  marital?: string | null
  job?: string | null
  /** The language to speak with this person. */
  language?: string | null
  birthPlace?: string | null
  nationality?: string | null
  religion?: string | null
  payer?: string | null
  identityClass?: string | null
  address?: { full?: string | null; district?: string | null } | null
  /** The person's own numbers, the whole list: those not in it become former ones. */
  phones?: readonly PhoneFact[] | null
  /** Those to turn to for this person, the whole list. */
  kin?: readonly KinFact[] | null
  /** Single ones of them, where a source tells of each person by itself: all others stay as they are. */
  kinChanges?: readonly (KinFact & { isGone: boolean })[]
  /** The whole list; `null`: none are known. */
  allergies?: readonly AllergyFact[] | null
  /** Single ones, where a source sends only what has changed. */
  allergyChanges?: readonly (AllergyFact & { isGone: boolean })[]
  /** `true` or a moment: died; `false`: said to live. */
  deceased?: { at?: Date | null } | false
  /** The hospital's own fields by their keys (`patients.field_definitions`). `null`: delete. */
  extra?: Readonly<Record<string, unknown>>
  /** The same message tells of a visit. One who asked to be forgotten and comes again is known again, from this on. */
  isOfVisit?: boolean
  /** The numbers of a person who turned out to be this one (MRG-1): that person is retired into this one. */
  mergeOf?: readonly Identifier[]
}
