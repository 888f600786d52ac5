import { useMe } from '@renxin/client'
import { makeClock } from '@renxin/kernel'
import { formatMoment, houseWords, StatusTag, Tag } from '@renxin/ui'
import { useMemo } from 'react'
import type { Attempt, Task, TaskRow } from '../contract.ts'
import { words } from '../words.ts'

/** The hospital's clock: its zone, the present moment. */
export function useClock() {
  const { zone } = useMe().hospital
  return useMemo(() => makeClock({ zone }), [zone])
}

/** How a task stands, as one word. */
export function TaskStatus({ task }: { task: Pick<TaskRow, 'status' | 'isOverdue' | 'closeReason' | 'outcome'> }) {
  if (task.isOverdue) return <StatusTag tone="danger">{houseWords.status.overdue}</StatusTag>
  if (task.status === 'cancelled') {
    const why = task.closeReason ? words.closeReason[task.closeReason] : undefined
    return <Tag title={why}>{houseWords.status.cancelled}</Tag>
  }
  if (task.status === 'done')
    return <StatusTag tone={isReached(task.outcome) ? 'success' : 'plain'}>{outcomeWord(task.outcome) ?? houseWords.status.done}</StatusTag>
  return (
    <StatusTag tone={task.status === 'inProgress' ? 'info' : 'plain'}>
      {task.status === 'inProgress' ? houseWords.status.doing : houseWords.status.todo}
    </StatusTag>
  )
}

const isReached = (outcome: string | null) => outcome === 'reached' || outcome === 'relativeAnswered'
const isOutcome = (text: string): text is keyof typeof words.outcome => Object.hasOwn(words.outcome, text)
export const outcomeWord = (outcome: string | null): string | undefined =>
  outcome && isOutcome(outcome) ? words.outcome[outcome] : undefined

export function Priority({ task }: { task: Pick<TaskRow, 'priority' | 'priorityReason'> }) {
  if (task.priority >= 3) return null
  const why = task.priorityReason ? words.priorityReason[task.priorityReason] : undefined
  return (
    <Tag tone={task.priority === 1 ? 'warm' : 'care'} icon="flag" title={why}>
      {task.priority === 1 ? words.urgent : words.high}
      {why && ` · ${why}`}
    </Tag>
  )
}

/** Everything else for which somebody stands before others, in a few words. */
export function OtherReasons({ task }: { task: Pick<TaskRow, 'priorityReason' | 'riskReasons'> }) {
  const others = task.riskReasons.filter((r) => r !== task.priorityReason)
  if (others.length === 0) return null
  return (
    <span className="rx-note" title={words.risk.why}>
      {others.map((r) => words.priorityReason[r]).join('、')}
    </span>
  )
}

const isRelation = (text: string): text is keyof typeof words.relation => Object.hasOwn(words.relation, text)
export const relationWord = (relation: string): string => (isRelation(relation) ? words.relation[relation] : words.relation.other)

/** Why this patient may not be contacted now, as a sentence. */
export function gateSentence({ reason, until }: Task['gate']): string {
  const when = until ? formatMoment(until) : houseWords.none
  if (reason === 'quietHours') return words.gate.quietHours({ until: when })
  if (reason === 'budget') return words.gate.budget({ until: when })
  if (reason === 'deceased' || reason === 'refused' || reason === 'openComplaint' || reason === 'noPhone') return words.gate[reason]
  return words.gate.other
}

/** Tries that count: those whose result was recorded. */
export const triesOf = (attempts: readonly Attempt[]): Attempt[] =>
  attempts.filter((a) => a.outcome !== null && a.outcome !== 'notRecorded')
