import { daysBetween, type LocalDate } from '@renxin/kernel'
import type { Condition, DiagnosisType, Disposition, EncounterClass, EncounterStatus, NursingLevel } from '../contract.ts'
import { type Circumstances, noCircumstances, type SaidCircumstances, tellCircumstances } from './circumstances.ts'
import type { EncounterEvent, SaidDiagnosis } from './facts.ts'
import { isAt, nowhere, type Place, type Segment, type Stay, settleIn, staysOf, tellPlace, unmove } from './places.ts'
import { isOfPlannedMove, noPlans, type Plans, type SaidPlans, tellPlans } from './plans.ts'

/** A statement as it is kept: names resolved to ids, moments as ISO text. An absent key was not said, `null` was deleted. */
export type Said = SaidPlans &
  SaidCircumstances & {
    patientId: string
    /** Only where it takes the place of another number. */
    number?: string
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

export type Level = { kind: 'nursingLevel' | 'condition'; value: string | null; fromAt: string }

export type EncounterState = Place &
  Plans &
  Circumstances & {
    patientId: string
    /** The number that was said to take another's place; `null` where none was. */
    newNumber: string | null
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
    onLeaveSince: string | null
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
 * preadmit ──► planned ──admit, register, transfer, toInpatient──► inProgress ──discharge──► discharged
 *                 │                                                 ▲      │                     │
 *                 │                                  cancelDischarge└──────┼─────────────────────┘
 *                 └─────cancelAdmit, cancelPreadmit─────┐                  │cancelAdmit
 *                                                       ▼                  ▼
 *                                                       cancelled ──admit, register──► inProgress; discharge ──► discharged; preadmit ──► planned
 *
 * An admission that is said again after the discharge leaves it discharged; only its cancellation opens it again.
 * The cancellation of an announcement does not undo an admission that has followed it.
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

type Tale = Omit<
  EncounterState,
  'stays' | 'diagnoses' | 'dischargedOn' | 'lengthOfStayDays' | `ever${string}` | 'mainDiagnosisCode' | 'mainDiagnosisName'
> & {
  segments: Segment[]
  diagnoses: Map<DiagnosisType, SaidDiagnosis[]>
  /** The end of the last stay: the discharge or the cancellation. */
  endedAt: string | null
  isAnnounced: boolean
  lastLeaveAt: string | null
}

function begin(sorted: readonly Fact[]): Tale {
  const first = sorted[0]
  if (!first) throw new Error('an encounter has at least one statement')
  // Where no class was ever said.
  const inHouse = sorted.some((f) => ['admit', 'transfer', 'preadmit', 'toInpatient'].includes(f.event) || f.said.wardId)
  return {
    ...nowhere,
    ...noPlans,
    ...noCircumstances,
    patientId: first.said.patientId,
    newNumber: null,
    class: inHouse ? 'inpatient' : 'outpatient',
    status: 'planned',
    statusAt: first.sourceAt,
    openedAt: first.sourceAt,
    attendingId: null,
    nurseId: null,
    nursingLevel: null,
    condition: null,
    admittedAt: null,
    onLeaveSince: null,
    dischargedAt: null,
    disposition: null,
    identityClass: null,
    payer: null,
    summary: null,
    levels: [],
    segments: [],
    diagnoses: new Map(),
    endedAt: null,
    isAnnounced: false,
    lastLeaveAt: null,
  }
}

const plain = ['patientId', 'class', 'attendingId', 'nurseId', 'identityClass', 'payer', 'summary'] as const

function tell(tale: Tale, { event, sourceAt, said }: Fact): void {
  const at = said.occurredAt ?? sourceAt
  for (const field of plain) if (said[field] !== undefined) Object.assign(tale, { [field]: said[field] })
  tale.newNumber = said.number ?? tale.newNumber
  if (event === 'preadmit' || event === 'cancelPreadmit') {
    if (tale.status === 'planned') tale.openedAt = said.admittedAt ?? tale.openedAt // the day for which it is planned
  } else if (said.admittedAt && !(tale.status === 'planned' && tale.isAnnounced && event === 'update')) {
    tale.admittedAt = said.admittedAt // an admission without a date is none: a deletion is not believed
  }
  tellLevel(tale, 'nursingLevel', said.nursingLevel, at)
  tellLevel(tale, 'condition', said.condition, at)
  tellDiagnoses(tale, said.diagnoses)
  tellCircumstances(tale, said)
  if (event === 'cancelTransfer' && !isAt(tale, said)) unmove(tale)
  tellPlans(tale, event, said, at)
  if (!isOfPlannedMove(event)) tellPlace(tale, event, said, at)
  tellStatus(tale, event, said, at)
  settleIn(tale, event, at)
}

function tellStatus(tale: Tale, event: EncounterEvent, said: Said, at: string): void {
  switch (event) {
    case 'preadmit':
      tale.isAnnounced = true
      if (tale.status === 'cancelled') Object.assign(tale, { status: 'planned', endedAt: null, admittedAt: null })
      break
    case 'cancelPreadmit':
      if (tale.status === 'planned') Object.assign(tale, { status: 'cancelled', endedAt: at })
      break
    case 'toInpatient':
    case 'toOutpatient':
      changeClass(tale, event)
      begun(tale, event)
      tale.admittedAt ??= at
      break
    case 'admit':
    case 'register':
    case 'transfer':
      begun(tale, event)
      if (event !== 'transfer' && tale.status === 'inProgress') tale.admittedAt ??= at
      break
    case 'leave':
    case 'cancelReturn':
      if (event === 'leave') tale.lastLeaveAt = at
      if (tale.status === 'inProgress') tale.onLeaveSince = tale.lastLeaveAt ?? at
      break
    case 'return':
    case 'cancelLeave':
      tale.onLeaveSince = null
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
      } else if (tale.status === 'planned' && said.admittedAt && !tale.isAnnounced) tale.status = 'inProgress'
  }
  if (tale.status !== 'inProgress') tale.onLeaveSince = null
}

function begun(tale: Tale, event: EncounterEvent): void {
  if (tale.status === 'discharged' || (event === 'transfer' && tale.status === 'cancelled')) return
  tale.status = 'inProgress'
  tale.endedAt = null
}

/** What the event says counts, where the class that was sent with it is that of before. */
function changeClass(tale: Tale, event: 'toInpatient' | 'toOutpatient'): void {
  const isStay = tale.class === 'inpatient' || tale.class === 'daySurgery'
  if (event === 'toInpatient' && !isStay) tale.class = 'inpatient'
  if (event === 'toOutpatient' && isStay) tale.class = 'outpatient'
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

function conclude(
  { segments, diagnoses, endedAt, isAnnounced: _, lastLeaveAt: __, ...tale }: Tale,
  dayOf: (at: Date) => LocalDate,
): EncounterState {
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
