import { addDays, type LocalDate, momentAt, weekdayOf } from '@renxin/kernel'
import { type Department, type Ward, wards } from './departments.ts'
import type { Random } from './random.ts'

export type Level = '特级' | '一级' | '二级' | '三级'
export type Condition = '病危' | '病重' | '一般'
export type Move = { at: Date; ward: Ward; bed: string }
export type Said = { at: Date; level: Level; condition: Condition }
export type Stay = {
  ward: Ward
  bed: string
  admittedAt: Date
  dischargedAt: Date
  disposition: '1' | '2' | '3' | '4' | '5' | '9'
  moves: Move[]
  /** Nursing level and condition at admission and at each change of it. */
  said: Said[]
  diagnosis: readonly [code: string, name: string]
}

const ZONE = 'Asia/Shanghai'
const HEAVY = new Set(['重症医学科', '心血管内科', '神经内科', '呼吸与危重症医学科'])
const DISPOSITIONS = [
  ['1', 93],
  ['2', 1.5],
  ['3', 1],
  ['4', 3],
  ['5', 0.8],
  ['9', 0.7],
] as const

const clock = (random: Random, from: number, to: number) =>
  `${String(random.int(from, to - 1)).padStart(2, '0')}:${String(random.int(0, 59)).padStart(2, '0')}`

/** 60 % in the morning, 25 % in the afternoon, 15 % at night. */
const admissionTime = (random: Random) =>
  random.weighted([
    [clock(random, 8, 12), 60],
    [clock(random, 12, 17), 25],
    [clock(random, 17, 24), 15],
  ])

/** 75 % from nine to noon, 20 % in the afternoon. */
const dischargeTime = (random: Random) =>
  random.weighted([
    [clock(random, 9, 12), 75],
    [clock(random, 13, 17), 20],
    [clock(random, 17, 20), 5],
  ])

/** Days of a stay: log-normal round the department's mean; one in eight stays a day at most. */
function drawLength(random: Random, department: Department): number {
  if (random.chance(0.12)) return random.int(0, 1)
  return Math.max(1, Math.min(90, Math.round(random.logNormal(0.82 * department.meanStayDays, 0.62))))
}

/** Weekends see fewer admissions (0.6 of a weekday), Sundays fewer discharges. */
export const admissionWeight = (day: LocalDate): number => ([0, 6].includes(weekdayOf(day)) ? 0.6 : 1)

export const drawWard = (random: Random): Ward => random.weighted(wards.map((w) => [w, w.department.dischargesAMonth * w.share] as const))

const drawBed = (random: Random, ward: Ward) => `${String(random.int(1, ward.beds)).padStart(2, '0')}床`

export function drawStay(random: Random, ward: Ward, admittedOn: LocalDate): Stay {
  const days = drawLength(random, ward.department)
  const admittedAt = momentAt(ZONE, admittedOn, admissionTime(random))
  const leaves = momentAt(ZONE, addDays(admittedOn, days), dischargeTime(random))
  const dischargedAt = leaves > admittedAt ? leaves : new Date(admittedAt.getTime() + 4 * 3_600_000)
  const span = dischargedAt.getTime() - admittedAt.getTime()
  const at = (share: number) => new Date(Math.round((admittedAt.getTime() + span * share) / 60_000) * 60_000)

  const isHeavy = HEAVY.has(ward.department.name)
  const isCritical = random.chance(isHeavy ? 0.09 : 0.012)
  const isSerious = isCritical || random.chance(isHeavy ? 0.2 : 0.06)
  const first: Said = { at: admittedAt, level: random.chance(0.35) ? '一级' : '二级', condition: isSerious ? '病重' : '一般' }
  const said = [first]
  if (isCritical) said.push({ at: at(0.2), level: '特级', condition: '病危' })
  if (isSerious) said.push({ at: at(0.5), level: '一级', condition: '一般' })
  if (days > 1)
    said.push({
      at: at(0.8),
      level: random.weighted([
        ['一级', 8],
        ['二级', 72],
        ['三级', 20],
      ] as const),
      condition: '一般',
    })

  const moves: Move[] = []
  const siblings = wards.filter((w) => w.department === ward.department && w !== ward)
  if (days >= 3 && siblings.length > 0 && random.chance(0.12)) {
    const other = random.pick(siblings)
    moves.push({ at: at(0.25), ward: other, bed: drawBed(random, other) }, { at: at(0.6), ward, bed: drawBed(random, ward) })
  }
  return {
    ward,
    bed: drawBed(random, ward),
    admittedAt,
    dischargedAt,
    disposition: random.weighted(DISPOSITIONS),
    moves,
    said,
    diagnosis: random.pick(ward.department.diagnoses),
  }
}
