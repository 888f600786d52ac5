import type { EncounterFacts } from '@renxin/encounters'
import { ProgrammeBody, type Step } from '../contract.ts'
import type { SlowHospital, Visit } from './year.model.ts'

export const DAY = 86_400_000
export const at = (day: number, minutes = 0) => Date.parse('2026-03-01T06:00+08:00') + day * DAY + minutes * 60_000

/** The same year again from the same seed. */
export function dice(seed: number) {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
  const below = (n: number) => Math.floor(next() * n)
  return { below, chance: (p: number) => next() < p, one: <T>(list: readonly T[]): T => list[below(list.length)] as T } // of a list that is not empty
}

export type Dice = ReturnType<typeof dice>

export const departments = ['0301', '0302', '0303'].map((code) => ({ kind: 'department' as const, code, name: `科室${code}` }))
const placeOf = (code: string) => ({ departmentCode: code, departmentName: `科室${code}`, wardCode: `${code}W`, wardName: `病区${code}` })

/** What the hospital's own system knows of a visit before it has told it. */
export type Told = { visit: Visit; number: string; leaves?: { on: number; at: number; disposition: string } }
export type Message = { facts: EncounterFacts; told: Told; happens: (told: Told) => void }
/** A hospital's own system: what it tells of each patient, some of it late, some of it wrong and put right. The model hears what it tells, and nothing else. */
export function hisOf(model: SlowHospital, { below, chance, one }: Dice, idOf: ReadonlyMap<string, string>) {
  const visits: Told[] = []
  const ofPatient = (id: string) => visits.filter((v) => v.visit.patientId === id)

  let counted = 0

  const base = ({ visit, number }: Told, now: number): Pick<EncounterFacts, 'number' | 'patientId' | 'class' | 'sourceAt'> => ({
    number,
    patientId: visit.patientId,
    class: visit.kind,
    sourceAt: new Date(now),
  })

  function comes(patientId: string, now: number): Message {
    counted += 1
    const kind = one(['inpatient', 'inpatient', 'inpatient', 'daySurgery', 'outpatient'] as const)
    const code = one(departments).code
    const diagnosis = one(['I21.900', 'I50.000', 'E11.900'])
    const visit: Visit = {
      id: '', patientId, kind, status: 'inProgress', departmentId: idOf.get(code) ?? '', admittedAt: now, dischargedAt: null, disposition: null, diagnosis,
    } // biome-ignore format: one visit
    const told = { visit, number: `V${counted}` }
    return {
      told,
      facts: {
        ...base(told, now),
        ...placeOf(code),
        event: kind === 'outpatient' ? 'register' : 'admit',
        admittedAt: new Date(now),
        diagnoses: [{ code: diagnosis, name: '诊断', system: 'ICD10CN', type: 'final', rank: 1 }],
      },
      happens: () => {
        visits.push(told)
        model.visits.push(visit)
        model.hear(patientId, { begins: visit })
      },
    }
  }

  function leaves(told: Told, now: number, happened: number, disposition: string): Message {
    const { visit } = told
    return {
      told,
      facts: { ...base(told, now), event: 'discharge', dischargedAt: new Date(happened), disposition: disposition as '1' }, // one of the codes
      happens: () => {
        Object.assign(visit, { status: 'discharged', dischargedAt: happened, disposition })
        if (disposition === '5') model.dead.add(visit.patientId)
        model.hear(visit.patientId, { ends: visit })
      },
    }
  }

  function isPutRight(told: Told, now: number): Message | undefined {
    const { visit } = told
    const right = (facts: Partial<EncounterFacts> & Pick<EncounterFacts, 'event'>, change: Partial<Visit>): Message => ({
      told,
      facts: { ...base(told, now), ...facts },
      happens: () => {
        if (visit.disposition === '5' && 'disposition' in change) model.dead.delete(visit.patientId)
        Object.assign(visit, change)
        model.hear(visit.patientId, { putsRight: true })
      },
    })
    switch (below(6)) {
      case 0:
        return right({ event: 'cancelDischarge' }, { status: 'inProgress', dischargedAt: null, disposition: null })
      case 1:
        return right({ event: 'cancelAdmit' }, { status: 'cancelled', disposition: null })
      case 2: {
        const disposition = visit.disposition === '1' ? '2' : '1'
        return right({ event: 'update', disposition }, { disposition })
      }
      case 3: {
        const { code } = one(departments.filter((d) => idOf.get(d.code) !== visit.departmentId))
        return right({ event: 'update', ...placeOf(code) }, { departmentId: idOf.get(code) ?? '' })
      }
      case 4: {
        const dischargedAt = (visit.dischargedAt ?? now) - 90 * 60_000
        if (dischargedAt <= visit.admittedAt) return undefined
        return right({ event: 'update', dischargedAt: new Date(dischargedAt) }, { dischargedAt })
      }
      default: {
        const diagnosis = one(['I21.900', 'E11.900'].filter((d) => d !== visit.diagnosis))
        const diagnoses: EncounterFacts['diagnoses'] = [{ code: diagnosis, name: '诊断', system: 'ICD10CN', type: 'final', rank: 1 }]
        return right({ event: 'update', diagnoses }, { diagnosis })
      }
    }
  }

  /** What is told of this patient today, if anything. */
  function messageOf(patientId: string, day: number, now: number): Message | undefined {
    const own = ofPatient(patientId)
    const late = own.find((t) => t.leaves && t.leaves.on <= day)
    if (late?.leaves) {
      const { at: happened, disposition } = late.leaves
      delete late.leaves
      return leaves(late, now, happened, disposition)
    }
    if (model.dead.has(patientId)) {
      const last = own.find((t) => t.visit.disposition === '5')
      return last && chance(0.3) ? { ...(isPutRight(last, now) as Message), ...recall(last, now) } : undefined
    }
    const inside = own.find((t) => t.visit.status === 'inProgress' && !t.leaves)
    if (!inside) {
      const last = own.findLast((t) => t.visit.status === 'discharged' && t.visit.kind !== 'outpatient')
      const isFree = !own.some((t) => t.leaves || t.visit.admittedAt > (last?.visit.dischargedAt ?? 0))
      return last && isFree && chance(0.25) ? isPutRight(last, now) : comes(patientId, now)
    }
    const disposition = inside.visit.kind === 'outpatient' ? '1' : one(['1', '1', '1', '1', '1', '1', '2', '4', '5'])
    if (chance(0.15)) {
      const { code } = one(departments)
      return {
        told: inside,
        facts: { ...base(inside, now), ...placeOf(code), event: 'transfer' },
        happens: ({ visit }) => {
          const isMoved = visit.departmentId !== idOf.get(code)
          visit.departmentId = idOf.get(code) ?? ''
          if (isMoved) model.hear(patientId, {})
        },
      }
    }
    if (chance(0.15) && disposition !== '5') {
      inside.leaves = { on: day + 1 + below(6), at: now, disposition } // he is gone, and his discharge is told some days later
      return undefined
    }
    return leaves(inside, now, now, disposition)
  }

  function recall(told: Told, now: number): Message {
    const { visit } = told
    return {
      told,
      facts: { ...base(told, now), event: 'cancelDischarge' },
      happens: () => {
        model.dead.delete(visit.patientId)
        Object.assign(visit, { status: 'inProgress', dischargedAt: null, disposition: null })
        model.hear(visit.patientId, { putsRight: true })
      },
    }
  }

  return { messageOf }
}

/** A programme as somebody may write it. */
export function someBody(
  name: string,
  trigger: ProgrammeBody['trigger'],
  { below, chance, one }: Dice,
  idOf: ReadonlyMap<string, string>,
): ProgrammeBody {
  const someStep = (n: number): Step => {
    const unit = chance(0.25) ? ('hours' as const) : ('days' as const)
    const from = unit === 'hours' ? 12 * below(8) : below(20)
    return {
      name: `步骤${n}`, unit, fromOffset: from, byOffset: from + (unit === 'hours' ? 24 + 12 * below(4) : below(14)),
      days: chance(0.4) ? 'working' : 'any', repeat: unit === 'days' && chance(0.4) ? { everyMonths: 1 + below(2), forMonths: 3 } : null,
      channel: 'phone', assignee: 'centre', questionnaireId: null, tries: 3, triesPerDay: 2, waitMinutes: 120,
    } // biome-ignore format: one step
  }
  const someSteps = () => Array.from({ length: 1 + below(3) }, (_, i) => someStep(i + 1))
  const isVisit = trigger === 'visited'
  const visit: Step = {
    ...someStep(1),
    name: '床旁',
    unit: 'hours',
    fromOffset: 0,
    byOffset: 24,
    days: 'any',
    repeat: null,
    channel: 'bedside',
  }
  return ProgrammeBody.parse({
    name,
    level: 'centre',
    trigger,
    rule: {
      classes: isVisit ? ['outpatient'] : chance(0.5) ? ['inpatient'] : ['inpatient', 'daySurgery'],
      departmentIds: chance(0.3) ? [idOf.get('0301') ?? '', idOf.get('0302') ?? ''] : [],
      diagnoses: chance(0.3) ? ['I21', 'I50'] : [],
      withoutDispositions: chance(0.7) ? ['2', '3', '5'] : [],
    },
    samplePercent: chance(0.2) ? 60 : 100,
    onReturn: one(['anew', 'stop', 'pause', 'goOn', 'pause'] as const),
    onTransfer: one(['stop', 'goOn'] as const),
    onDeath: chance(0.8) ? 'stop' : 'goOn',
    onRefusal: one(['stop', 'goOn'] as const),
    steps: trigger === 'admitted' ? [visit] : someSteps(),
    variants: trigger !== 'admitted' && chance(0.6) ? [{ departmentIds: [idOf.get('0303') ?? ''], steps: someSteps() }] : [],
  })
}
