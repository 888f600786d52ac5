import { type CohortVisit, type Step, sidesOf, type VisitSide } from '../../contract.ts'

/** Which step of the programme one side of a visit is. */
export const stepOf = (position: number, side: VisitSide): number => position * 2 - (side === 'centre' ? 1 : 0)

/** In which words a task says whose part of a visit it is, where both have one: tasks are named in the hospital's own language. */
const suffix: Readonly<Record<VisitSide, string>> = { centre: '（中心）', doctor: '（医生）' }

/** A visit as steps of a programme: one for each who completes it. A visit after so many months is counted from that day, so its window may open before it. */
export function stepsOfVisit({
  position,
  name,
  unit,
  after,
  beforeDays,
  afterDays,
  who,
  questionnaireId,
}: CohortVisit & { position: number }) {
  const [months, day] = unit === 'months' ? [after, 0] : [0, after]
  return sidesOf(who).map((side) => ({
    position: stepOf(position, side),
    name: who === 'both' ? name + suffix[side] : name,
    unit: 'days' as const,
    fromOffset: day - beforeDays,
    byOffset: day + afterDays,
    days: 'any' as const,
    channel: 'phone' as const,
    assignee: (side === 'centre' ? 'centre' : 'attending') satisfies Step['assignee'] as Step['assignee'],
    questionnaireId,
    tries: 3,
    triesPerDay: 2,
    waitMinutes: 120,
    variant: 0,
    written: stepOf(position, side),
    nth: 1,
    months,
    everyMonths: null,
    forMonths: null,
  }))
}
