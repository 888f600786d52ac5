import type { EncounterEvent, EncounterFacts, ReportFacts } from '@renxin/encounters'
import { Condition, Disposition, EncounterClass, NursingLevel } from '@renxin/encounters/contract'
import type { Identifier, PatientFacts } from '@renxin/patients'
import { Sex } from '@renxin/patients/contract'
import type { PersonEntry, UnitEntry } from '@renxin/staff'
import type { ColumnMapping, ColumnProblem, Target } from '../../columns-contract.ts'
import { withOwn } from '../own-fields.ts'
import { type Cells, cellsOf } from './cells.ts'
import { readOwn } from './own-fields.ts'
import { personEntry, unitEntry } from './read-house.ts'
import { readReport } from './read-report.ts'
import { type ReadOptions, type RowMemory, type Setting, type Stage, said, staffOf } from './reading.ts'
import type { Row } from './values.ts'

/** What a row says, in the words of the rooms that keep it. */
export type RowFacts = {
  person?: PatientFacts
  visit?: Omit<EncounterFacts, 'patientId'>
  report?: Omit<ReportFacts, 'patientId'>
  staff?: PersonEntry
  place?: UnitEntry
}

export type RowRead = {
  /** Nothing of the row can be taken where this is left out: `problems` has one that stops it. */
  facts?: RowFacts
  problems: ColumnProblem[]
  memory: RowMemory
  updatedAt?: Date
  isDeleted: boolean
}

/** Pure: a row of named columns and a mapping to facts. An empty cell says nothing, unless the field is one that comes and goes. */
export function readRow(target: Target, mapping: ColumnMapping, row: Row, options: ReadOptions): RowRead {
  const cells = cellsOf(target, mapping, row, options)
  const updatedAt = cells.moment('updatedAt')
  const isDeleted = cells.flag('deleted') ?? false
  const sourceAt = updatedAt ?? options.readAt
  const memory: RowMemory = {}
  const facts = readers[target](cells, { ...options, sourceAt, isDeleted, memory })
  const stopped = cells.problems.some((p) => p.stops)
  return { ...(facts && !stopped ? { facts } : {}), problems: cells.problems, memory, isDeleted, ...(updatedAt ? { updatedAt } : {}) }
}

const readers: Record<Target, (cells: Cells, setting: Setting) => RowFacts | undefined> = {
  patients: (cells, setting) => withPerson(cells, setting, {}),
  encounters: (cells, setting) => {
    const visit = visitOf(cells, setting)
    return visit && withPerson(cells, setting, { visit })
  },
  reports: (cells, setting) => {
    const report = readReport(cells, setting)
    return report && withPerson(cells, setting, { report })
  },
  staff: (cells, setting) => {
    const staff = personEntry(cells, setting)
    return staff && { staff }
  },
  places: (cells, setting) => {
    const place = unitEntry(cells, setting)
    return place && { place }
  },
}

function withPerson(cells: Cells, setting: Setting, more: RowFacts): RowFacts | undefined {
  const person = personOf(cells, setting)
  if (person.identifiers.length > 0) return withOwn({ person, ...more }, readOwn(cells, setting.own ?? []))
  cells.note('recordNumber', 'noPatientNumber', '', true)
  return undefined
}

/** What a row says of the person. Whatever the row is about, it may say who it is. */
export function personOf(cells: Cells, { sourceAt, authority = '' }: Setting): PatientFacts {
  const card = cells.identityCard('identityCard')
  const given = (type: string, value: string | undefined): Identifier[] => (value ? [{ system: authority, type, value }] : [])
  const identifiers = [
    ...given('MR', cells.number('recordNumber')),
    ...given('PI', cells.number('patientIndex')),
    ...given('PN', cells.number('inpatientNumber')),
    ...given('HC', cells.number('cardNumber')),
    ...(card ? [{ system: '', type: 'NNCHN', value: card }] : []),
  ]
  const phones = [cells.phone('mobile'), cells.phone('homePhone')].filter((n) => n !== undefined)
  const kinPhone = cells.phone('kinPhone')
  const address = cells.text('address')
  const isDead = cells.flag('deceased')
  const diedAt = cells.moment('deceasedAt')
  return said({
    identifiers,
    sourceAt,
    name: cells.text('name')?.replace(/\s+(?=\p{Script=Han})/gu, ''),
    sex: cells.word('sex', Sex.options),
    birthOn: cells.day('birthOn'),
    identityCard: card,
    ethnic: cells.text('ethnic'),
    marital: cells.text('marital'),
    job: cells.text('occupation'),
    language: cells.text('language'),
    birthPlace: cells.text('birthPlace'),
    nationality: cells.text('nationality'),
    payer: cells.meaning('payer'),
    identityClass: cells.meaning('identityClass'),
    address: address === undefined ? undefined : { full: address },
    phones: phones.length > 0 ? [...new Set(phones)].map((number) => ({ number })) : undefined,
    kin: kinPhone
      ? [{ name: cells.text('kinName') ?? null, relation: cells.text('kinRelation') ?? null, phones: [{ number: kinPhone }] }]
      : undefined,
    deceased: isDead || diedAt ? { at: diedAt ?? null } : undefined, // "no" in every row takes no death back
  })
}

/** The fields that end with what they were true for: their cell is emptied, and that says so. */
const passing = ['room', 'bed', 'attending', 'nurse', 'nursingLevel', 'condition'] as const

function visitOf(cells: Cells, setting: Setting): RowFacts['visit'] | undefined {
  const { sourceAt, before, memory } = setting
  const plain = cells.number('visitNumber')
  const count = cells.number('visitCount')
  if (!plain) return cells.note('visitNumber', 'missing', '', true)
  const dischargedAt = cells.moment('dischargedAt')
  const visit: NonNullable<RowFacts['visit']> = {
    number: count ? `${plain}-${count}` : plain, // a number that a person keeps over all stays is one of a stay with its count
    event: 'update',
    sourceAt,
    ...said({
      class: cells.word('class', EncounterClass.options),
      departmentCode: cells.number('departmentCode'),
      departmentName: cells.text('departmentName'),
      wardCode: cells.number('wardCode'),
      wardName: cells.text('wardName'),
      room: cells.text('room'),
      bed: cells.text('bed'),
      attending: staffOf(cells, 'attending'),
      nurse: staffOf(cells, 'nurse'),
      nursingLevel: cells.word('nursingLevel', NursingLevel.options),
      condition: cells.word('condition', Condition.options),
      identityClass: cells.meaning('identityClass'),
      payer: cells.meaning('payer'),
      admittedAt: cells.moment('admittedAt'),
      dischargedAt,
      disposition: cells.word('disposition', Disposition.options),
      diagnoses: diagnosesOf(cells, dischargedAt !== undefined),
      summary: cells.text('summary'),
    }),
  }
  for (const field of passing) if (visit[field] === undefined && before?.said?.includes(field)) Object.assign(visit, { [field]: null })

  memory.said = passing.filter((field) => visit[field])
  memory.place = [visit.departmentCode ?? visit.departmentName, visit.wardCode ?? visit.wardName, visit.bed].map((p) => p ?? '').join(' ')
  memory.stage = setting.isDeleted || cells.flag('cancelled') ? 'cancelled' : dischargedAt ? 'discharged' : 'admitted'
  return { ...visit, event: eventOf(visit, memory, before), ...occurred(visit, memory.stage) }
}

/** A row is a state; what it says is how it differs from the state before. */
function eventOf(visit: NonNullable<RowFacts['visit']>, now: RowMemory, before: RowMemory | undefined): EncounterEvent {
  if (now.stage === 'cancelled') return 'cancelAdmit'
  if (now.stage === 'discharged') return before?.stage === 'discharged' ? 'update' : 'discharge'
  if (before?.stage === 'discharged') return 'cancelDischarge'
  if (before?.stage === 'admitted') return before.place === now.place ? 'update' : 'transfer'
  return visit.class === undefined || visit.class === 'inpatient' || visit.class === 'daySurgery' ? 'admit' : 'register'
}

const occurred = (visit: NonNullable<RowFacts['visit']>, stage: Stage | undefined) => {
  const at = stage === 'discharged' ? visit.dischargedAt : visit.event === 'update' ? visit.admittedAt : undefined
  return at ? { occurredAt: at } : {}
}

function diagnosesOf(cells: Cells, isOver: boolean): EncounterFacts['diagnoses'] {
  const [code, name] = [cells.number('diagnosisCode'), cells.text('diagnosisName')]
  const others = cells.text('otherDiagnoses')?.split(/[;；|\n]+/) ?? []
  const all = [{ code: code ?? null, name: name ?? code }, ...others.map((text) => ({ code: null, name: text.trim() }))]
  const said = all.flatMap(({ code, name }) =>
    name ? [{ code, name, system: null, type: isOver ? ('final' as const) : ('admission' as const) }] : [],
  )
  return said.length > 0 ? said.map((d, i) => ({ ...d, rank: i + 1 })) : undefined
}
