import { daysBetween, type LocalDate } from '@renxin/kernel'
import type { Condition, DiagnosisType, Disposition, EncounterClass, EncounterStatus, NursingLevel } from '../contract.ts'
import type { EncounterEvent, SaidDiagnosis } from './facts.ts'

/** A statement as it is kept: names resolved to ids, moments as ISO text. An absent key was not said, `null` was deleted. */
export type Said = {
  patientId: string
  occurredAt?: string | null
  class?: EncounterClass
  departmentId?: string | null
  wardId?: string | null
  room?: string | null
  bed?: string | null
  attendingId?: string | null
  nurseId?: string | null
  nursingLevel?: NursingLevel | null
  condition?: Condition | null
  identityClass?: string | null
  payer?: string | null
  admittedAt?: string | null
  dischargedAt?: string | null
  disposition?: Disposition | null
  diagnoses?: SaidDiagnosis[] | null
  summary?: string | null
}

export type Fact = { sourceAt: string; event: EncounterEvent; said: Said }

export type Place = { departmentId: string | null; wardId: string | null; room: string | null; bed: string | null }
export type Stay = Place & { fromAt: string; toAt: string | null }
export type Level = { kind: 'nursingLevel' | 'condition'; value: string | null; fromAt: string }

export type EncounterState = Place & {
  patientId: string
  class: EncounterClass
  status: EncounterStatus
  statusAt: string
  openedAt: string
  attendingId: string | null
  nurseId: string | null
  nursingLevel: NursingLevel | null
  condition: Condition | null
  everCritical: boolean
  everSerious: boolean
  everSpecialNursing: boolean
  everLevelOne: boolean
  admittedAt: string | null
  dischargedAt: string | null
  dischargedOn: LocalDate | null
  disposition: Disposition | null
  identityClass: string | null
  payer: string | null
  lengthOfStayDays: number | null
  mainDiagnosisCode: string | null
  mainDiagnosisName: string | null
  summary: string | null
  stays: Stay[]
  levels: Level[]
  diagnoses: (SaidDiagnosis & { isCurrent: boolean })[]
}

/*
 * planned ──admit, register, transfer──► inProgress ──discharge──► discharged
 *    │                                    ▲      │                     │
 *    │                     cancelDischarge└──────┼─────────────────────┘
 *    └────────────cancelAdmit──────────┐         │cancelAdmit
 *                                      ▼         ▼
 *                                      cancelled ──admit, register──► inProgress; discharge ──► discharged
 *
 * An admission that is said again after the discharge leaves it discharged; only its cancellation opens it again.
 */

/**
 * What everything said about one encounter adds up to. The statements are taken in the order of their source, then of arrival,
 * so that messages which come late, twice or in the wrong order end in the same state as the right order would.
 */
export function foldEncounter(facts: readonly Fact[], dayOf: (at: Date) => LocalDate): EncounterState {
  const sorted = facts.toSorted((a, b) => Date.parse(a.sourceAt) - Date.parse(b.sourceAt)) // stable: arrival decides a tie
  const tale = begin(sorted)
  for (const fact of sorted) tell(tale, fact)
  return conclude(tale, dayOf)
}

/** Discharge date − admission date, at least one: in and out on the same day is one day. */
export const lengthOfStay = (admittedOn: LocalDate, dischargedOn: LocalDate): number => Math.max(1, daysBetween(admittedOn, dischargedOn))

type Segment = Place & { fromAt: string; by: EncounterEvent }
type Tale = Omit<
  EncounterState,
  'stays' | 'diagnoses' | 'dischargedOn' | 'lengthOfStayDays' | `ever${string}` | 'mainDiagnosisCode' | 'mainDiagnosisName'
> & {
  segments: Segment[]
  diagnoses: Map<DiagnosisType, SaidDiagnosis[]>
  /** The end of the last stay: the discharge or the cancellation. */
  endedAt: string | null
}

const nowhere: Place = { departmentId: null, wardId: null, room: null, bed: null }

function begin(sorted: readonly Fact[]): Tale {
  const first = sorted[0]
  if (!first) throw new Error('an encounter has at least one statement')
  const inHouse = sorted.some((f) => f.event === 'admit' || f.event === 'transfer' || f.said.wardId) // where no class was ever said
  return {
    ...nowhere,
    patientId: first.said.patientId,
    class: inHouse ? 'inpatient' : 'outpatient',
    status: 'planned',
    statusAt: first.sourceAt,
    openedAt: first.sourceAt,
    attendingId: null,
    nurseId: null,
    nursingLevel: null,
    condition: null,
    admittedAt: null,
    dischargedAt: null,
    disposition: null,
    identityClass: null,
    payer: null,
    summary: null,
    levels: [],
    segments: [],
    diagnoses: new Map(),
    endedAt: null,
  }
}

const plain = ['patientId', 'class', 'attendingId', 'nurseId', 'identityClass', 'payer', 'summary'] as const

function tell(tale: Tale, { event, sourceAt, said }: Fact): void {
  const at = said.occurredAt ?? sourceAt
  for (const field of plain) if (said[field] !== undefined) Object.assign(tale, { [field]: said[field] })
  if (said.admittedAt) tale.admittedAt = said.admittedAt // an admission without a date is none: a deletion is not believed
  tellLevel(tale, 'nursingLevel', said.nursingLevel, at)
  tellLevel(tale, 'condition', said.condition, at)
  tellDiagnoses(tale, said.diagnoses)
  if (event === 'cancelTransfer' && !isAt(tale, said)) unmove(tale)
  tellPlace(tale, event, said, at)
  tellStatus(tale, event, said, at)
}

function tellStatus(tale: Tale, event: EncounterEvent, said: Said, at: string): void {
  switch (event) {
    case 'admit':
    case 'register':
    case 'transfer':
      if (tale.status === 'discharged' || (event === 'transfer' && tale.status === 'cancelled')) break
      tale.status = 'inProgress'
      tale.endedAt = null
      if (event !== 'transfer') tale.admittedAt ??= at
      break
    case 'discharge':
      tale.status = 'discharged'
      tale.dischargedAt = said.dischargedAt ?? at
      tale.disposition = said.disposition ?? tale.disposition
      break
    case 'cancelDischarge':
      if (tale.status !== 'discharged') break
      tale.status = 'inProgress'
      tale.dischargedAt = null
      tale.disposition = null
      break
    case 'cancelAdmit':
      tale.status = 'cancelled'
      tale.dischargedAt = null
      tale.disposition = null
      tale.endedAt = at
      break
    default:
      // Late coding and corrections of an ended stay. Before the discharge these fields carry plans and leftovers, not facts.
      if (tale.status === 'discharged') {
        if (said.dischargedAt) tale.dischargedAt = said.dischargedAt
        if (said.disposition !== undefined) tale.disposition = said.disposition
      } else if (tale.status === 'planned' && said.admittedAt) tale.status = 'inProgress'
  }
}

function tellLevel(tale: Tale, kind: Level['kind'], value: NursingLevel | Condition | null | undefined, at: string): void {
  if (value === undefined || value === tale[kind]) return
  Object.assign(tale, { [kind]: value })
  tale.levels.push({ kind, value, fromAt: at })
}

function tellDiagnoses(tale: Tale, said: SaidDiagnosis[] | null | undefined): void {
  if (said === null) tale.diagnoses.clear()
  if (!said) return
  for (const type of new Set(said.map((d) => d.type))) {
    const ofType = said.filter((d) => d.type === type).toSorted((a, b) => a.rank - b.rank)
    tale.diagnoses.set(
      type,
      ofType.map((d, i) => ({ ...d, rank: i + 1 })), // senders number them anew, leave gaps, or call each of them the first
    )
  }
}

const places = ['departmentId', 'wardId', 'room', 'bed'] as const

function tellPlace(tale: Tale, event: EncounterEvent, said: Said, at: string): void {
  const isOver = tale.status === 'discharged' || tale.status === 'cancelled'
  const leaving = event === 'discharge' || isOver
  const next: Place = { departmentId: tale.departmentId, wardId: tale.wardId, room: tale.room, bed: tale.bed }
  for (const field of places) {
    const value = said[field]
    if (value === undefined || (value === null && leaving)) continue // who leaves gives up the bed, and still counts where he lay
    next[field] = value
  }
  if (said.wardId && said.wardId !== tale.wardId) {
    if (said.room === undefined) next.room = null // a room and a bed belong to their ward
    if (said.bed === undefined) next.bed = null
  }
  if (places.every((field) => next[field] === tale[field])) return
  Object.assign(tale, next)
  const last = tale.segments.at(-1)
  if (last && (isOver || event === 'cancelTransfer'))
    Object.assign(last, next) // a correction of where he was, not a move
  else tale.segments.push({ ...next, fromAt: last && last.fromAt > at ? last.fromAt : at, by: event })
}

/** Whether he lies where the statement puts him: a cancellation that is said twice takes one move back. */
const isAt = (tale: Tale, said: Said) =>
  said.wardId !== undefined && places.every((field) => said[field] === undefined || said[field] === tale[field])

/** The last move is taken back, with what was said of the place it led to. */
function unmove(tale: Tale): void {
  const move = tale.segments.findLastIndex((s) => s.by === 'transfer')
  if (move < 1) return
  tale.segments.length = move
  const { departmentId, wardId, room, bed } = tale.segments.at(-1) ?? nowhere
  Object.assign(tale, { departmentId, wardId, room, bed })
}

function conclude({ segments, diagnoses, endedAt, ...tale }: Tale, dayOf: (at: Date) => LocalDate): EncounterState {
  if (tale.status !== 'planned' && tale.status !== 'cancelled') tale.admittedAt ??= segments[0]?.fromAt ?? null
  if (tale.admittedAt && tale.dischargedAt && tale.dischargedAt < tale.admittedAt) tale.dischargedAt = tale.admittedAt // clocks of two systems
  const dischargedOn = tale.dischargedAt ? dayOf(new Date(tale.dischargedAt)) : null
  const ever = (kind: Level['kind'], value: string) => tale.levels.some((l) => l.kind === kind && l.value === value)
  const current = (['final', 'working', 'admission'] as const).find((type) => diagnoses.has(type))
  const main = current && diagnoses.get(current)?.[0]
  const began = { planned: tale.openedAt, inProgress: tale.admittedAt, discharged: tale.dischargedAt, cancelled: endedAt }[tale.status]
  return {
    ...tale,
    openedAt: tale.admittedAt ?? tale.openedAt,
    statusAt: began ?? tale.openedAt,
    dischargedOn,
    lengthOfStayDays: tale.admittedAt && dischargedOn ? lengthOfStay(dayOf(new Date(tale.admittedAt)), dischargedOn) : null,
    everCritical: ever('condition', '病危'),
    everSerious: ever('condition', '病重'),
    everSpecialNursing: ever('nursingLevel', '特级'),
    everLevelOne: ever('nursingLevel', '一级'),
    mainDiagnosisCode: main?.code ?? null,
    mainDiagnosisName: main?.name ?? null,
    stays: staysOf(segments, tale.admittedAt, tale.dischargedAt ?? endedAt),
    diagnoses: [...diagnoses.values()].flat().map((d) => ({ ...d, isCurrent: d.type === current })),
  }
}

/** The first place held from the admission on, unless a move is all that was heard of it. */
function staysOf(segments: Segment[], admittedAt: string | null, endedAt: string | null): Stay[] {
  const starts = segments.map((s, i) => (i === 0 && s.by !== 'transfer' && admittedAt && admittedAt < s.fromAt ? admittedAt : s.fromAt))
  return segments.map(({ by: _, ...place }, i) => {
    const fromAt = starts[i] ?? place.fromAt
    const end = starts[i + 1] ?? endedAt
    return { ...place, fromAt, toAt: end && end < fromAt ? fromAt : end }
  })
}
