import { wilson } from '@renxin/kernel'
import { type Change, type Check, type CheckedWork, type checkErrors, counted, type Figure } from '../../contract.ts'

/** What there is to be found true or untrue of one level, when somebody checks it. */
export type Found = {
  hasTalk: boolean
  hasAnswers: boolean
  isShort: boolean
  /** How many answers are other than what the patient says now, of the same questions. */
  differing: number
  /** The centre has reached the patient, or talks to him just now. */
  isAsking: boolean
}
type Finding = Pick<Check, 'call' | 'answers' | 'note'>

/**
 * Why this cannot be what the centre found. Nobody confirms what is not on record, nor says what a patient told whom nobody reached; and whoever finds
 * something untrue, or finds well what the record shows to be short or different, writes why.
 */
export function objectionTo({ call, answers, note }: Finding, found: Found): keyof typeof checkErrors | null {
  if ((call !== 'none' && !found.hasTalk) || (answers !== 'none' && !found.hasAnswers)) return 'nothingOnRecord'
  if ((call === 'none' && found.hasTalk) || (answers === 'none' && found.hasAnswers)) return 'findingNeeded'
  if (call === 'untrue' && answers === 'agree') return 'neverAgrees'
  if (!found.isAsking && [call, answers].some((f) => f !== 'none' && f !== 'unclear')) return 'notAsked'
  const isAgainstRecord = (call === 'confirmed' && found.isShort) || (answers === 'agree' && found.differing > 0)
  if (note === '' && (call === 'untrue' || answers === 'differ' || isAgainstRecord)) return 'noteNeeded'
  return null
}

type Recorded = { tries: number; talk: { seconds: number | null } | null }

/** What is on record of a level's call. */
export function recordedAs({ tries, talk }: Recorded, leastSeconds: number): CheckedWork['recorded'] {
  if (!talk) return tries > 0 ? 'tried' : 'none'
  if (talk.seconds === null) return 'unmeasured'
  return talk.seconds < leastSeconds ? 'short' : 'talked'
}

/** The counts of a figure: what is published and kept. */
export type Counts = Omit<Figure, 'truth' | 'agreement'>

/** With the shares and their intervals. What nobody could tell is in no base. */
export function withShares(of: Counts): Figure {
  return { ...of, truth: shareOf(of.confirmed, of.untrue), agreement: shareOf(of.agree, of.differ) }
}

const shareOf = (count: number, other: number) => ({ count, n: count + other, ...wilson(count, count + other) })

/** The hospital: the sums of its departments, level by level. */
export function sumOf<T extends Counts>(rows: readonly T[]): Counts[] {
  return [...Map.groupBy(rows, (r) => r.level).entries()].map(([level, of]) => ({
    departmentId: null,
    departmentName: null,
    level,
    ...(Object.fromEntries(counted.map((c) => [c, of.reduce((sum, r) => sum + r[c], 0)])) as Record<(typeof counted)[number], number>), // a number for each
  }))
}

/** What is another count than it was, department by department. One that was not there before had none of anything. */
export function changesBetween(before: readonly Counts[], after: readonly Counts[]): Change[] {
  const keyOf = (r: Counts) => `${r.departmentId} ${r.level}`
  const [old, now] = [new Map(before.map((r) => [keyOf(r), r])), new Map(after.map((r) => [keyOf(r), r]))]
  return [...new Set([...old.keys(), ...now.keys()])].flatMap((key) => {
    const row = now.get(key) ?? old.get(key)
    if (!row || row.departmentId === null) return []
    const { departmentId, departmentName, level } = row
    return counted.flatMap((count): Change[] => {
      const [was, is] = [old.get(key)?.[count] ?? 0, now.get(key)?.[count] ?? 0]
      return was === is ? [] : [{ departmentId, departmentName: departmentName ?? '', level, count, before: was, after: is }]
    })
  })
}
