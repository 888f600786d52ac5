import type { EncounterFacts } from '@renxin/encounters'
import { applyEncounterFacts } from '@renxin/encounters'
import { addDays, type LocalDate, momentAt } from '@renxin/kernel'
import { applyPatientFacts, type PatientFacts } from '@renxin/patients'
import { deliverOnce, type House, inHospital, sql } from '@renxin/server'
import type { Ward } from './departments.ts'
import { APPLICATION, journey, type Visit } from './messages.ts'
import { drawPerson, type Person } from './people.ts'
import type { Random } from './random.ts'
import { drawTeams } from './staff.ts'
import { admissionWeight, drawStay, drawWard, type Stay } from './stays.ts'

export const DAYS = 182
const ZONE = 'Asia/Shanghai'
const BATCH = 1000
const STAYS_A_PATIENT = 0.6
const VISITS_A_PATIENT = 0.9

export type Known = { person: Person; patientId: string }
type Progress = (share: number) => void

const teams = drawTeams()
const teamOf = (ward: Ward) => {
  const team = teams.get(ward)
  if (!team) throw new Error(`no team works on ${ward.name}`)
  return team
}

/** The people whom the hospital has seen, each registered by what their first stay or visit said. */
export async function fillPatients(
  house: House,
  hospitalId: number,
  random: Random,
  count: number,
  today: LocalDate,
  onProgress: Progress,
): Promise<Map<Ward, Known[]>> {
  const byWard = new Map<Ward, Known[]>()
  for (let from = 0; from < count; from += BATCH) {
    const drawn = Array.from({ length: Math.min(BATCH, count - from) }, (_, i) => {
      const ward = drawWard(random)
      return { ward, person: drawPerson(random, ward.department, from + i + 1, today) }
    })
    const facts = drawn.map(({ person }) => factsOf(person, momentAt(ZONE, addDays(today, -DAYS - 1))))
    const ids = await inHospital(house, hospitalId, (ctx) => applyPatientFacts(ctx, facts))
    drawn.forEach(({ ward, person }, i) => {
      const known = byWard.get(ward) ?? []
      known.push({ person, patientId: ids[i] ?? '' })
      byWard.set(ward, known)
    })
    onProgress((from + drawn.length) / count)
  }
  return byWard
}

function factsOf(person: Person, sourceAt: Date): PatientFacts {
  return {
    identifiers: [{ system: APPLICATION, type: 'MR', value: person.medicalRecordNumber }],
    sourceAt,
    name: person.name,
    sex: person.sex,
    birthOn: person.birthOn,
    identityCard: person.identityCard ?? undefined,
    phones: person.phones.map((p) => ({ number: p.number, kind: p.kind })),
    kin: person.kin ? [{ name: person.kin.name, relation: person.kin.relation, phones: [{ number: person.kin.phone }] }] : [],
    payer: person.payer[1],
    identityClass: person.identityClass[1],
    address: { district: person.district, full: `${person.district}${person.address}` },
  }
}

/** Half a year of stays and visits: every statement that the HIS would have made, up to this moment. */
export async function fillEncounters(
  house: House,
  hospitalId: number,
  random: Random,
  byWard: Map<Ward, Known[]>,
  now: Date,
  today: LocalDate,
  onProgress: Progress,
): Promise<void> {
  const people = [...byWard.values()].reduce((sum, known) => sum + known.length, 0)
  const days = Array.from({ length: DAYS + 1 }, (_, i) => addDays(today, i - DAYS))
  const weight = days.reduce((sum, day) => sum + admissionWeight(day), 0)
  const draw = drawer(random, byWard)
  const busy = new Map<string, Date>() // nobody lies in two beds
  let waiting: EncounterFacts[] = []

  for (const [i, day] of days.entries()) {
    const share = admissionWeight(day) / weight
    for (let n = whole(random, people * STAYS_A_PATIENT * share); n > 0; n -= 1) {
      const { ward, known } = draw()
      const stay = drawStay(random, ward, day)
      const free = busy.get(known.patientId)
      if (stay.admittedAt > now || (free && free >= stay.admittedAt)) continue
      busy.set(known.patientId, stay.dischargedAt)
      waiting.push(...stayFacts(random, ward, known, stay, now))
    }
    for (let n = whole(random, people * VISITS_A_PATIENT * share); n > 0; n -= 1) {
      const { ward, known } = draw()
      const at = momentAt(ZONE, day, `${String(random.int(8, 16)).padStart(2, '0')}:${String(random.int(0, 59)).padStart(2, '0')}`)
      if (at <= now) waiting.push(visitFacts(random, ward, known, at))
    }
    if (waiting.length >= BATCH || i === days.length - 1) {
      const batch = waiting
      waiting = []
      await inHospital(house, hospitalId, (ctx) => applyEncounterFacts(ctx, batch))
      onProgress((i + 1) / days.length)
    }
  }
}

/** A whole number whose mean is `share`. */
const whole = (random: Random, share: number) => Math.floor(share) + (random.chance(share % 1) ? 1 : 0)

function drawer(random: Random, byWard: Map<Ward, Known[]>) {
  const shares = [...byWard].map(([ward, known]) => [{ ward, known }, known.length] as const)
  return () => {
    const { ward, known } = random.weighted(shares)
    return { ward, known: random.pick(known) }
  }
}

let visits = 0

function stayFacts(random: Random, ward: Ward, { person, patientId }: Known, stay: Stay, now: Date): EncounterFacts[] {
  const team = teamOf(ward)
  visits += 1
  const base = {
    number: `I${String(visits).padStart(8, '0')}`,
    person,
    class: 'I' as const,
    doctor: random.pick(team.doctors),
    nurse: random.pick(team.nurses),
  }
  return journey(base, stay, now).map(({ event, visit, at }) => ({
    number: visit.number,
    patientId,
    event: EVENTS[event],
    sourceAt: at,
    class: 'inpatient',
    ...placed(visit),
    attending: visit.doctor,
    nurse: visit.nurse,
    nursingLevel: visit.level,
    condition: visit.condition,
    admittedAt: visit.admittedAt,
    ...(visit.dischargedAt ? { dischargedAt: visit.dischargedAt, disposition: visit.disposition } : {}),
    diagnoses: [
      { code: stay.diagnosis[0], name: stay.diagnosis[1], system: 'ICD10CN', type: event === 'A03' ? 'final' : 'admission', rank: 1 },
    ],
  }))
}

const EVENTS = {
  A01: 'admit',
  A02: 'transfer',
  A03: 'discharge',
  A04: 'register',
  A08: 'update',
  A11: 'cancelAdmit',
  A13: 'cancelDischarge',
} as const

const placed = ({ ward, bed, person }: Pick<Visit, 'ward' | 'bed' | 'person'>) => ({
  departmentCode: ward.department.code,
  departmentName: ward.department.name,
  wardName: ward.name,
  bed,
  identityClass: person.identityClass[1],
  payer: person.payer[1],
})

function visitFacts(random: Random, ward: Ward, { person, patientId }: Known, at: Date): EncounterFacts {
  visits += 1
  return {
    number: `O${String(visits).padStart(8, '0')}`,
    patientId,
    event: 'register',
    sourceAt: at,
    class: 'outpatient',
    departmentCode: ward.department.code,
    departmentName: ward.department.name,
    attending: random.pick(teamOf(ward).doctors),
    admittedAt: at,
    payer: person.payer[1],
  }
}

/**
 * Lets the listeners hear what has happened, all but those of the modules left out, and waits for what a running server has in its hands:
 * what follows is made of what they do.
 */
export async function settle(house: House, hospitalId: number, leftOut: readonly string[], onProgress: Progress): Promise<void> {
  const listening = { ...house, modules: house.modules.filter((m) => !leftOut.includes(m.name)) }
  for (let rounds = 1; await isAnythingWaiting(house, hospitalId); rounds += 1) {
    onProgress(1 - 1 / (1 + rounds / 40)) // how much is left is not known
    if ((await deliverOnce(listening, hospitalId)) === 0) await new Promise((done) => setTimeout(done, 50))
  }
}

const isAnythingWaiting = (house: House, hospitalId: number): Promise<boolean> =>
  inHospital(house, hospitalId, async (ctx) => {
    const { rows } = await sql`select from house.events where pending limit 1`.execute(ctx.db)
    return rows.length > 0
  })
