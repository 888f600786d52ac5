import type { Outcome, Reach } from '../../contract.ts'

/** With these somebody picked up, whatever they said. */
export const pickedUp: readonly Outcome[] = [
  'reached',
  'relativeAnswered',
  'callLater',
  'refused',
  'patientDead',
  'readmitted',
  'transferred',
]

export type NumberKnown = { id: string; relation: string; kind: string; isPreferred: boolean; isBad: boolean }
export type Try = { contactId: string | null; hour: number; isAnswered: boolean; isToday: boolean }

/** A number that nobody picked up so often, and never once, is tried after the others. */
const WORN_OUT = 3
/** Of an hour in which nobody picked up so often another is proposed. */
const FAILED = 2
/** Between ten and eleven most people answer: without knowledge of a patient, the nearer to it the better. */
const BEST_HOUR = 10

type Rung = NumberKnown & { tries: number; answered: number; isSilentToday: boolean; isWornOut: boolean }

/**
 * The ladder: the patient's own telephone, the second, a relative's, the landline, in the order in which they are used; before all what was answered before, and after
 * all what stayed silent today.
 */
export function proposeNumber(
  numbers: readonly NumberKnown[],
  tries: readonly Try[],
): Pick<Reach, 'contactId' | 'why' | 'answered' | 'tries'> {
  const rungs = numbers.filter((n) => !n.isBad).map((n) => rungOf(n, tries))
  const [first] = rungs.toSorted((a, b) => compare(orderOf(a), orderOf(b))) // what is equal stays in its order
  if (!first) return { contactId: null, why: 'only', answered: 0, tries: 0 }
  return { contactId: first.id, why: reasonOf(first, rungs), answered: first.answered, tries: first.tries }
}

function rungOf(number: NumberKnown, tries: readonly Try[]): Rung {
  const own = tries.filter((t) => t.contactId === number.id)
  const answered = own.filter((t) => t.isAnswered).length
  const today = own.filter((t) => t.isToday)
  return {
    ...number,
    tries: own.length,
    answered,
    isSilentToday: today.length > 0 && !today.some((t) => t.isAnswered),
    isWornOut: answered === 0 && own.length >= WORN_OUT,
  }
}

const placeOf = ({ kind, relation }: NumberKnown): number => (kind === 'landline' ? 2 : relation === 'self' ? 0 : 1)
const orderOf = (r: Rung) => [
  Number(r.isSilentToday),
  Number(r.answered === 0),
  -r.answered,
  Number(r.isWornOut),
  Number(!r.isPreferred),
  placeOf(r),
]
function compare(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((n, i) => n !== b[i])
  return at < 0 ? 0 : (a[at] ?? 0) - (b[at] ?? 0)
}

function reasonOf(first: Rung, rungs: readonly Rung[]): Reach['why'] {
  if (rungs.length === 1) return 'only'
  if (first.isSilentToday) return 'again'
  if (rungs.some((r) => r.isSilentToday)) return 'next'
  if (first.answered > 0) return 'answered'
  if (rungs.some((r) => r.isWornOut) && !first.isWornOut) return 'fresh'
  return first.isPreferred ? 'preferred' : 'first'
}

/** The hour in which somebody picked up most often; where nobody ever did, and it was tried at the same hours again and again, one that was not tried, among those in which one may call. */
export function proposeHour(
  tries: readonly Try[],
  hours: { from: number; until: number },
): Pick<Reach, 'hour' | 'hourWhy' | 'hourAnswered' | 'hourTries'> {
  const byHour = [...Map.groupBy(tries, (t) => t.hour)].map(([hour, all]) => ({
    hour,
    tries: all.length,
    answered: all.filter((t) => t.isAnswered).length,
  }))
  const near = (hour: number) => Math.abs(hour - BEST_HOUR)
  const [best] = byHour
    .filter((h) => h.answered > 0)
    .toSorted((a, b) => b.answered - a.answered || a.tries - b.tries || near(a.hour) - near(b.hour) || a.hour - b.hour)
  if (best) return { hour: best.hour, hourWhy: 'answered', hourAnswered: best.answered, hourTries: best.tries }
  const isTimeToChange = byHour.some((h) => h.tries >= FAILED)
  const open = Array.from({ length: Math.max(0, hours.until - hours.from) }, (_, i) => hours.from + i)
  const [other] = isTimeToChange
    ? open.filter((hour) => !byHour.some((h) => h.hour === hour)).toSorted((a, b) => near(a) - near(b) || a - b)
    : []
  return { hour: other ?? null, hourWhy: 'untried', hourAnswered: 0, hourTries: tries.length }
}
