import { daysBetween, type GuardedField, type LocalDate } from '@renxin/kernel'
import type { Cell, ExportTable } from '@renxin/server/export'
import { sidesOf, type VisitSide, visitSides, visitStates } from '../../contract.ts'
import { words } from '../../words.ts'
import type { Answering } from './answers.ts'
import type { StoredVisit } from './cohorts.ts'
import type { Place } from './places.ts'
import { pseudonymOf } from './pseudonym.ts'
import { type Code, type HowToRead, type ItemVariable, variablesOf } from './variables.ts'

const t = words.cohorts.data

/** A member as he is described in data: of identifying things only where they were asked for. */
export type Member = {
  encounterId: string
  patientId: string
  number: number
  name: string
  medicalRecordNumber: string | null
  anchorOn: LocalDate
  age: number | null
  sex: string | null
  departmentName: string | null
  stayDays: number | null
  diagnosisCode: string | null
  operationCode: string | null
  status: 'active' | 'withdrawn' | 'lost' | 'dead'
  leftOn: LocalDate | null
}

/** A column of the data, as the code book and the syntax tell it. */
export type Variable = {
  name: string
  label: string
  kind: 'code' | 'measure' | 'text'
  codes: readonly Code[]
  missing: readonly Code[]
  decimals: number
  isPlain?: boolean
  guards?: GuardedField
}
export type Dataset = { variables: readonly Variable[]; rows: readonly (readonly Cell[])[] }

export type Study = {
  /** As many as there are, the reader may see fewer. */
  size: number
  members: readonly Member[]
  visits: readonly StoredVisit[]
  places: readonly Place[]
  answering: Answering
}

/** From this age on nobody's is told by itself: there are few of them. */
const OLDEST = 90
const sexes: readonly Code[] = [[1, t.male], [2, t.female], [9, t.otherSex]] // biome-ignore format: a table
const statuses = ['active', 'withdrawn', 'lost', 'dead'] as const
const statusCodes: readonly Code[] = statuses.map((s, at): Code => [at, t.statuses[s]])
const stateCodes: readonly Code[] = visitStates.map((s, at): Code => [at + 1, words.cohorts.states[s]])
const respondents = ['patient', 'relative', 'staff'] as const
const respondentCodes: readonly Code[] = respondents.map((r, at): Code => [at + 1, t.respondents[r]])
const plain = { codes: [], missing: [], decimals: 0 }
const codeOf = (list: readonly string[], value: string, from: number): number | null =>
  list.includes(value) ? list.indexOf(value) + from : null

type Column = Variable & { of: (member: Member) => Cell }

function baseColumns({ size, members }: Study, { isIdentified }: Pick<HowToRead, 'isIdentified'>): Column[] {
  const departments = [...new Set(members.flatMap((m) => m.departmentName ?? []))].toSorted()
  const columns: Column[] = [
    { ...plain, name: 'id', label: t.id, kind: 'text', of: (m) => pseudonymOf(m.number, size) },
    { ...plain, name: 'sex', label: t.sex, kind: 'code', codes: sexes, of: (m) => (m.sex === 'male' ? 1 : m.sex === 'female' ? 2 : 9) },
    { ...plain, name: 'age', label: isIdentified ? t.age : t.cappedAge({ n: OLDEST }), kind: 'measure', of: (m) => (m.age === null || isIdentified ? m.age : Math.min(m.age, OLDEST)) },
    { ...plain, name: 'dept', label: t.department, kind: 'code', codes: departments.map((d, at): Code => [at + 1, d]), of: (m) => codeOf(departments, m.departmentName ?? '', 1) },
    { ...plain, name: 'los', label: t.stayDays, kind: 'measure', of: (m) => m.stayDays },
    { ...plain, name: 'dx', label: t.diagnosis, kind: 'text', guards: 'diagnosis', of: (m) => m.diagnosisCode },
    { ...plain, name: 'op', label: t.operation, kind: 'text', guards: 'diagnosis', of: (m) => m.operationCode },
    { ...plain, name: 'status', label: t.status, kind: 'code', codes: statusCodes, of: (m) => codeOf(statuses, m.status, 0) },
    { ...plain, name: 'status_day', label: t.statusDay, kind: 'measure', of: (m) => (m.leftOn === null ? null : daysBetween(m.anchorOn, m.leftOn)) },
  ] // biome-ignore format: a table
  if (!isIdentified) return columns
  return [
    ...columns,
    { ...plain, name: 'name', label: t.name, kind: 'text', isPlain: true, of: (m) => m.name },
    { ...plain, name: 'mrn', label: t.medicalRecordNumber, kind: 'text', isPlain: true, of: (m) => m.medicalRecordNumber },
    { ...plain, name: 'discharged_on', label: t.dischargedOn, kind: 'text', isPlain: true, of: (m) => m.anchorOn },
  ]
}

type PlaceColumn = Variable & { of: (place: Place | undefined, member: Member) => Cell }

/** What is told of one place: its state, its day, who answered, and the answers. */
function placeColumns(study: Study, prefix: string, labelOf: (label: string) => string, items: readonly ItemColumn[]): PlaceColumn[] {
  const answeredAt = (place: Place | undefined) => study.answering.byResponse.get(place?.responseId ?? '')
  return [
    { ...plain, name: `${prefix}state`, label: labelOf(t.state), kind: 'code', codes: stateCodes, of: (p) => (p ? codeOf(visitStates, p.state, 1) : null) },
    { ...plain, name: `${prefix}day`, label: labelOf(t.day), kind: 'measure', of: (p) => p?.doneDay ?? null },
    { ...plain, name: `${prefix}resp`, label: labelOf(t.respondent), kind: 'code', codes: respondentCodes, of: (p) => codeOf(respondents, answeredAt(p)?.respondent ?? '', 1) },
    ...items.map(({ variable, name, questionnaireId }): PlaceColumn => {
      const { label, kind, codes, missing, decimals, isPlain, read } = variable
      const of: PlaceColumn['of'] = (place, member) => {
        const answered = answeredAt(place)
        return answered?.questionnaireId === questionnaireId ? read(answered, member.anchorOn) : null
      }
      return { name, label: labelOf(label), kind, codes, missing, decimals, isPlain, of }
    }),
  ] // biome-ignore format: a table
}

type ItemColumn = { variable: ItemVariable; name: string; questionnaireId: string }

const letterOf = (side: VisitSide) => (side === 'centre' ? 'c' : 'd')

/** One row a member, the visits beside one another. */
export function wideOf(study: Study, how: HowToRead): Dataset {
  const base = baseColumns(study, how)
  const places = new Map(study.places.map((p) => [`${p.encounterId} ${p.position} ${p.side}`, p]))
  const visits = study.visits.flatMap((visit) =>
    sidesOf(visit.who).map((side) => {
      const prefix = `v${visit.position}${letterOf(side)}_`
      const variables = variablesOf(study.answering.forms.get(visit.questionnaireId) ?? [], how)
      const items = variables.map((variable) => ({ variable, name: prefix + variable.stem, questionnaireId: visit.questionnaireId }))
      const labelOf = (label: string) => `${visit.name}·${words.cohorts.sides[side]}·${label}`
      return { key: `${visit.position} ${side}`, columns: placeColumns(study, prefix, labelOf, items) }
    }),
  )
  return {
    variables: [...base, ...visits.flatMap((v) => v.columns)],
    rows: study.members.map((m) => [
      ...base.map((c) => c.of(m)),
      ...visits.flatMap(({ key, columns }) => {
        const place = places.get(`${m.encounterId} ${key}`)
        return columns.map((c) => c.of(place, m))
      }),
    ]),
  }
}

/** One row for each visit of a member on each side. */
export function longOf(study: Study, how: HowToRead): Dataset {
  const base = baseColumns(study, how)
  const questionnaires = [...new Set(study.visits.map((v) => v.questionnaireId))]
  const items = questionnaires.flatMap((questionnaireId, at) =>
    variablesOf(study.answering.forms.get(questionnaireId) ?? [], how).map(
      (variable): ItemColumn => ({ variable, name: `f${at + 1}_${variable.stem}`, questionnaireId }),
    ),
  )
  const told = placeColumns(study, '', (label) => label, items)
  const members = new Map(study.members.map((m) => [m.encounterId, m]))
  const which: Variable[] = [
    { ...plain, name: 'visit', label: t.visit, kind: 'code', codes: study.visits.map((v): Code => [v.position, v.name]) },
    { ...plain, name: 'side', label: t.side, kind: 'code', codes: visitSides.map((s, at): Code => [at + 1, words.cohorts.sides[s]]) },
  ]
  return {
    variables: [...base, ...which, ...told],
    rows: study.places.flatMap((place) => {
      const m = members.get(place.encounterId)
      return m ? [[...base.map((c) => c.of(m)), place.position, codeOf(visitSides, place.side, 1), ...told.map((c) => c.of(place, m))]] : []
    }),
  }
}

const NEWLINE = /\s*[\r\n]+\s*/g
const oneLine = (cell: Cell): Cell => (typeof cell === 'string' ? cell.replace(NEWLINE, ' ') : cell)

/** The data and their code book, as tables. */
export function tablesOf({ variables, rows }: Dataset): [data: ExportTable, codeBook: ExportTable] {
  const said = (codes: readonly Code[]) => codes.map(([value, label]) => `${value} = ${label}`).join('；')
  const data: ExportTable = {
    name: t.dataTable,
    columns: variables.map(({ name, kind, isPlain, guards }) => ({
      name,
      as: kind === 'text' ? ('text' as const) : undefined,
      ...(isPlain && { isPlain }),
      ...(guards && { guards }),
    })),
    rows: rows.map((row) => row.map(oneLine)),
  }
  const codeBook: ExportTable = {
    name: t.codeBook,
    isKey: true,
    columns: [
      { name: t.variable, width: 24 },
      { name: t.label, width: 60 },
      { name: t.kind },
      { name: t.codes, width: 60 },
      { name: t.missingCodes, width: 40 },
    ],
    rows: variables.map((v) => [v.name, v.label, t.kinds[v.kind], said(v.codes), said(v.missing)]),
  }
  return [data, codeBook]
}
