import { GoLink } from '@renxin/client'
import { daysBetween } from '@renxin/kernel'
import { Description, formatAge, formatDay, formatFull, formatMoment, houseWords, Panel, Row, Tag, Timeline } from '@renxin/ui'
import type { ReactNode } from 'react'
import type { Attempt, Handover, Task } from '../contract.ts'
import { words } from '../words.ts'
import { OtherReasons, outcomeWord, Priority, relationWord, TaskStatus } from './phrases.tsx'

/** The person before the task. */
export function Who({ task, children }: { task: Task; children?: ReactNode }) {
  return (
    <header className="followups-who">
      <h2>
        <GoLink to="patients.file" params={{ id: task.patientId }}>
          {task.patientName}
        </GoLink>
      </h2>
      <span>{[houseWords.sex[task.sex], task.birthOn && formatAge(task.birthOn)].filter(Boolean).join(' · ')}</span>
      <span>{[task.departmentName, task.wardName, task.bed].filter(Boolean).join(' · ')}</span>
      <TaskStatus task={task} />
      <Priority task={task} />
      <OtherReasons task={task} />
      <span className="rx-note">
        {task.programmeName} · {task.stepName} · {words.dueBy} {formatMoment(task.dueBy)}
      </span>
      <span style={{ marginLeft: 'auto' }}>{children}</span>
    </header>
  )
}

const isBurden = (text: string): text is keyof typeof words.ever => Object.hasOwn(words.ever, text)
const isDisposition = (text: string): text is `${keyof typeof words.disposition}` => Object.hasOwn(words.disposition, text)

/** What he went through. */
export function StayShort({ task: { stay } }: { task: Task }) {
  if (!stay) return null
  const gap = stay.priorDischargeOn && stay.admittedAt ? daysBetween(stay.priorDischargeOn, formatDay(stay.admittedAt)) : null
  const course = stay.ever.filter(isBurden)
  return (
    <Panel title={words.stay} note={stay.number}>
      <Description
        columns={3}
        items={[
          { label: words.admitted, value: stay.admittedAt && formatFull(stay.admittedAt) },
          { label: words.discharged, value: stay.dischargedAt && formatFull(stay.dischargedAt) },
          { label: words.lengthOfStay, value: stay.lengthOfStayDays === null ? null : words.days({ n: stay.lengthOfStayDays }) },
          { label: words.attending, value: stay.attendingName },
          { label: words.nurse, value: stay.nurseName },
          { label: words.nursingLevel, value: [stay.nursingLevel, stay.condition].filter(Boolean).join(' · ') },
          { label: words.diagnoses, value: stay.diagnoses.map((d) => [d.name, d.code].filter(Boolean).join(' ')).join('、'), wide: true },
          (course.length > 0 || (gap !== null && gap <= 31) || (stay.disposition !== null && stay.disposition !== '1')) && {
            label: words.history,
            wide: true,
            value: (
              <Row gap={4}>
                {course.map((e) => (
                  <Tag key={e} tone="care">
                    {words.ever[e]}
                  </Tag>
                ))}
                {gap !== null && gap <= 31 && <Tag tone="warning">{words.readmission({ n: gap })}</Tag>}
                {stay.disposition && stay.disposition !== '1' && isDisposition(stay.disposition) && (
                  <Tag tone="warning">{words.disposition[stay.disposition]}</Tag>
                )}
              </Row>
            ),
          },
        ]}
      />
    </Panel>
  )
}

/** How the task went: the tries, and whose it was when somebody was away. */
export function Attempts({ attempts, handovers }: { attempts: readonly Attempt[]; handovers: readonly Handover[] }) {
  if (attempts.length + handovers.length === 0) return null
  return (
    <Panel title={words.attempts}>
      <Timeline
        items={[...attempts.map(asTry(attempts.length)), ...handovers.map(asHandover)].toSorted((a, b) => (a.at < b.at ? 1 : -1))}
      />
    </Panel>
  )
}

const asTry = (count: number) => (a: Attempt, n: number) => ({
  id: a.id,
  at: a.startedAt,
  kind: words.attempt({ n: count - n }),
  title: `${[outcomeWord(a.outcome), a.answeredBy && a.answeredBy !== 'self' && relationWord(a.answeredBy)].filter(Boolean).join('：')} · ${a.byName}`,
  text: a.note || null,
  tone: a.outcome === 'reached' || a.outcome === 'relativeAnswered' ? ('good' as const) : ('plain' as const),
})

const asHandover = (h: Handover) => ({
  id: `${h.kind} ${h.at}`,
  at: h.at,
  kind: words.leaves.handover[h.kind],
  title: words.leaves.fromTo({ from: h.fromName ?? words.leaves.pool, to: h.toName ?? words.leaves.pool }),
  text: null,
  tone: 'plain' as const,
})

export function PreviousAnswers({ task }: { task: Task }) {
  if (task.previous.length === 0) return null
  return (
    <Panel title={words.previousAnswers}>
      <ul style={{ listStyle: 'none' }}>
        {task.previous.map((p) => (
          <li key={p.id}>
            <GoLink to="surveys.response" params={{ id: p.id }}>
              {formatDay(p.completedAt)} {p.title}
            </GoLink>
          </li>
        ))}
      </ul>
    </Panel>
  )
}
