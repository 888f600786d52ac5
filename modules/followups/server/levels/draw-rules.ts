import { createHash } from 'node:crypto'
import { addDays, type LocalDate } from '@renxin/kernel'
import type { LevelSettings, severities } from '../../contract.ts'

/**
 * How a sample is drawn. `docs/sampling.md` tells the same to whoever draws it again by other means, and a test does that with the tools named there.
 *
 * Stratified systematic sampling with a random start: the frame is put in order by stratum and, within a stratum, by a hash of seed and encounter; from a
 * random start every (N/n)-th is taken. So each encounter of a frame has the same chance, n/N to the last digit, and a stratum gets its share of the places
 * but for less than one. Largest remainders would be as plain, but the odd place goes to the large strata, so that
 * whoever is the only one of a stratum is hardly ever asked.
 */
export type Member = { id: string; stratum: string }
export type Placed = Member & { hash: string; isDrawn: boolean }

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
const byBytes = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0) // all that is compared is ASCII

/** The frame in the order in which it was drawn from, with who was drawn. The same seed, frame and size give the same, however the frame was listed. */
export function drawSample(seed: string, frame: readonly Member[], size: number): Placed[] {
  const total = frame.length
  const taken = new Set(Array.from({ length: size }, (_, k) => Math.floor((startOf(seed, total) + k * total) / size)))
  return frame
    .map(({ id, stratum }) => ({ id, stratum, hash: sha256(`${seed}|${id}`) }))
    .sort((a, b) => byBytes(a.stratum, b.stratum) || byBytes(a.hash, b.hash))
    .map((member, at) => ({ ...member, isDrawn: taken.has(at) }))
}

/** A number below `total`, as random as the seed: 48 bits of a hash, which numbers here still hold exactly. */
export const startOf = (seed: string, total: number): number => Number.parseInt(sha256(`${seed}|start`).slice(0, 12), 16) % total

/** How many a round takes, so that the month has its share after it, rounded up: of nine at 50 %, five. */
export function sizeOf(sharePercent: number, before: { frame: number; drawn: number }, frame: number): number {
  const wanted = Math.ceil((sharePercent * (before.frame + frame)) / 100) - before.drawn
  return Math.min(frame, Math.max(0, wanted))
}

/** The last days of a month's rounds. */
export function roundsOf(month: string, rhythm: LevelSettings['rhythm']): LocalDate[] {
  const last = lastDayOf(month)
  return rhythm === 'month' ? [last] : [`${month}-07`, `${month}-14`, `${month}-21`, last]
}

export const lastDayOf = (month: string): LocalDate => addDays(`${monthAfter(month)}-01`, -1)
export const monthAfter = (month: string): string => addDays(`${month}-01`, 31).slice(0, 7)
export const monthBefore = (month: string): string => addDays(`${month}-01`, -1).slice(0, 7)

/** Messages of a discharge come late: a round waits for them for a day after its own last. */
export const WAIT_DAYS = 1
export const isRoundOver = (untilOn: LocalDate, today: LocalDate): boolean => addDays(untilOn, WAIT_DAYS) < today

export type Burden = {
  everCritical: boolean
  everSerious: boolean
  everSpecialNursing: boolean
  everLevelOne: boolean
  lengthOfStayDays: number | null
}

/** `severity:serious stay:8-14`: readable by people, and the same to every program. */
export function stratumOf(stay: Burden, { strata, stayBounds }: Pick<LevelSettings, 'strata' | 'stayBounds'>): string {
  const yes = (is: boolean) => (is ? 'yes' : 'no')
  const parts = {
    critical: () => yes(stay.everCritical),
    serious: () => yes(stay.everSerious),
    levelOne: () => yes(stay.everLevelOne),
    severity: () => severityOf(stay),
    stay: () => stayClassOf(stay.lengthOfStayDays, stayBounds),
  }
  return strata.map((by) => `${by}:${parts[by]()}`).join(' ') || 'all'
}

const severityOf = (stay: Burden): (typeof severities)[number] =>
  stay.everCritical ? 'critical' : stay.everSerious ? 'serious' : stay.everSpecialNursing || stay.everLevelOne ? 'intensive' : 'plain'

function stayClassOf(days: number | null, bounds: readonly number[]): string {
  if (days === null) return 'unknown'
  const at = bounds.findIndex((bound) => days <= bound)
  const from = (n: number) => (n === 0 ? 1 : (bounds[n - 1] ?? 0) + 1)
  return at === -1 ? `${from(bounds.length)}+` : `${from(at)}-${bounds[at]}`
}
