import { rolesNamed } from '@renxin/access/contract'
import type { LocalDate } from '@renxin/kernel'
import { cleanPhone } from '@renxin/patients/contract'
import { type ColumnMapping, type ColumnProblem, type FieldKind, targets } from '../../columns-contract.ts'
import type { ImportKind, RowProblem, SkipReason } from '../../imports-contract.ts'
import { type Codes, plainOf, type Row, type RowFacts, readRow, timeOf } from '../columns/index.ts'
import type { OwnField } from '../own-fields.ts'
import { rowOf, sourceColumn } from './layout.ts'
import { isAside } from './read/head.ts'

export type Setting = {
  kind: ImportKind
  heads: readonly string[]
  mapping: ColumnMapping
  zone: string
  codes: Codes
  authority: string
  saidAt: Date
  now: Date
  today: LocalDate
  own: readonly OwnField[]
  /** Where a list of staff names roles: those there are, each with the names it goes by. */
  roles: readonly (readonly string[])[] | null
  /** A person looks: what cannot be right keeps the row out until it is put right. At night what can be taken is taken. */
  isStrict: boolean
}

export type Judged = {
  aside: SkipReason | null
  facts?: RowFacts
  problems: RowProblem[]
  /** Whom or what the row is about, in its own words. */
  key: string | null
}

/** What a row of a file says, and what is wrong with it. Pure. */
export function judge(cells: readonly string[], setting: Setting): Judged {
  const { kind, heads, mapping, zone, codes, authority, saidAt } = setting
  const aside = isAside(cells, heads)
  if (aside) return { aside, problems: [], key: null }
  const row = rowOf(heads, cells)
  const read = readRow(kind, mapping, row, { zone, codes, authority, readAt: saidAt, own: setting.own })
  const problems = [
    ...tooMany(cells, heads),
    ...read.problems.filter((p) => !isSeveralPhones(p, row)).map((p) => problemOf(p, row, setting)),
    ...impossible(read.facts, setting),
    ...serials(row, setting),
    ...unknownRoles(read.facts, setting),
  ]
  const stops = problems.some((p) => p.level === 'error')
  return {
    aside: null,
    problems,
    key: read.facts ? keyOf(read.facts) : null,
    ...(read.facts && !stops ? { facts: read.facts } : {}),
  }
}

/** More cells than names: most often a separator in a text that nobody quoted, and everything after it is in the wrong place. */
function tooMany(cells: readonly string[], heads: readonly string[]): RowProblem[] {
  const more = cells.slice(heads.length).filter((c) => c.trim() !== '').length
  return more > 0 ? [{ code: 'tooManyCells', level: 'error', column: null, field: null, details: { n: more } }] : []
}

/** `13900000402/010-00000402`: several numbers in one cell, each of them right, are taken apart where phones are kept. */
function isSeveralPhones({ code, column }: ColumnProblem, row: Row): boolean {
  if (code !== 'badPhone') return false
  const numbers = plainOf(row[column])
    .split(/[/、,;|\s]+/)
    .filter((part) => part !== '') // full-width marks are plain by now
  return numbers.length > 1 && numbers.every((n) => cleanPhone(n) !== undefined)
}

/** Rows in which these stand are kept out when a person can put them right. */
const strict: ReadonlySet<ColumnProblem['code']> = new Set(['damaged', 'badDate', 'badIdentityCard', 'badPhone', 'badOwnField'])

function problemOf({ field, column, code, stops }: ColumnProblem, row: Row, { heads, isStrict, own }: Setting): RowProblem {
  const at = heads.indexOf(column)
  const { code: exact, details } = code === 'badOwnField' ? { code, details: labelOf(field, own) } : exactly(code, plainOf(row[column]))
  const level = stops || (isStrict && strict.has(code)) ? 'error' : 'warning'
  return { code: exact, level, column: at < 0 ? null : at, field: field || null, details }
}

const labelOf = (field: string, own: readonly OwnField[]) => ({ label: own.find((o) => o.name === field)?.definition.label ?? field })

const MOBILE_DIGITS = 11
const CARD_CHARACTERS = 18

/** How many digits are missing or too many, where that is what is wrong. */
function exactly(code: string, value: string): { code: string; details: RowProblem['details'] } {
  const digits = value.replace(/\D/g, '').length
  if (code === 'badPhone' && /^1[3-9]\d*$/.test(value.replace(/\D/g, '')) && digits !== MOBILE_DIGITS) {
    return digits < MOBILE_DIGITS
      ? { code: 'phoneShort', details: { n: MOBILE_DIGITS - digits } }
      : { code: 'phoneLong', details: { n: digits - MOBILE_DIGITS } }
  }
  if (code === 'badIdentityCard' && /^\d{10,}[\dX]$/i.test(value) && value.length !== CARD_CHARACTERS) {
    return value.length < CARD_CHARACTERS
      ? { code: 'cardShort', details: { n: CARD_CHARACTERS - value.length } }
      : { code: 'cardLong', details: { n: value.length - CARD_CHARACTERS } }
  }
  return { code, details: {} }
}

/** What no person and no visit can be. */
function impossible(facts: RowFacts | undefined, { now, today, heads, mapping, isStrict }: Setting): RowProblem[] {
  const about = (field: string, code: string): RowProblem => {
    const at = heads.indexOf(sourceColumn(mapping, field) ?? '')
    return { code, level: isStrict ? 'error' : 'warning', column: at < 0 ? null : at, field, details: {} }
  }
  const { person, visit } = facts ?? {}
  return [
    ...(person?.birthOn && person.birthOn > today ? [about('birthOn', 'inFuture')] : []),
    ...(visit?.dischargedAt && visit.dischargedAt > now ? [about('dischargedAt', 'inFuture')] : []),
    ...(visit?.admittedAt && visit.dischargedAt && visit.dischargedAt < visit.admittedAt ? [about('dischargedAt', 'outBeforeIn')] : []),
  ]
}

/** Roles of which the hospital has none of that name. Whoever is named so is taken all the same: only the role is not given when the account is opened. */
function unknownRoles(facts: RowFacts | undefined, { heads, mapping, roles }: Setting): RowProblem[] {
  if (!roles) return []
  const known = new Set(roles.flat())
  const unknown = rolesNamed(facts?.staff?.wantedRole ?? '').filter((role) => !known.has(role))
  if (unknown.length === 0) return []
  const at = heads.indexOf(sourceColumn(mapping, 'wantedRole') ?? '')
  const details = { role: unknown.join('、'), roles: roles.map(([name = '']) => name).join('、') }
  return [{ code: 'unknownRole', level: 'warning', column: at < 0 ? null : at, field: 'wantedRole', details }]
}

const isTime = (kind: FieldKind | undefined) => kind === 'date' || kind === 'moment'

/** Days that came as a spreadsheet's count of days: read, and shown as what. */
function serials(row: Row, { kind, heads, mapping }: Setting): RowProblem[] {
  const fields: Readonly<Record<string, { kind: FieldKind }>> = targets[kind]
  return Object.keys(mapping).flatMap((field): RowProblem[] => {
    const column = sourceColumn(mapping, field)
    if (!column || !isTime(fields[field]?.kind)) return []
    const value = plainOf(row[column])
    const day = /^\d{5}(?:\.\d+)?$/.test(value) ? timeOf(value)?.day : undefined
    return day ? [{ code: 'serialDate', level: 'warning', column: heads.indexOf(column), field, details: { day } }] : []
  })
}

const order = ['MR', 'PI', 'PN', 'HC', 'NNCHN']

function keyOf({ person, visit, staff, place }: RowFacts): string | null {
  if (visit) return `visit ${visit.number}`
  if (staff) return `staff ${staff.number}`
  if (place) return `${place.kind} ${place.code}`
  const first = person?.identifiers.toSorted((a, b) => order.indexOf(a.type) - order.indexOf(b.type))[0]
  return first ? `${first.type} ${first.value}` : null
}
