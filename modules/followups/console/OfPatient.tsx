import { GoLink, useGo, useRead } from '@renxin/client'
import { Column, Columns, formatDue, formatMoment, Loaded, Row, Stack, Table, Timeline } from '@renxin/ui'
import { followupsApi, type TaskRow } from '../contract.ts'
import { words } from '../words.ts'
import { outcomeWord, Priority, TaskStatus } from './phrases.tsx'

const AT_A_GLANCE = 3

/** On top of a patient's file: how the last calls ended, and what is due next. */
export function FollowupsAtAGlance({ patientId = '' }: Record<string, string>) {
  const read = useRead(followupsApi.ofPatient, { patientId })
  return (
    <Loaded of={read} lines={3}>
      {({ tasks, tries }) => {
        const due = tasks.filter((t) => t.status === 'todo' || t.status === 'inProgress').slice(0, AT_A_GLANCE)
        if (due.length === 0 && tries.length === 0) return <span className="rx-note">{words.nothingOfPatient}</span>
        return (
          <Columns sizes="minmax(0, 1fr) minmax(0, 1fr)">
            <Stack gap={8}>{due.length === 0 ? words.noneDue : due.map((task) => <Due key={task.id} task={task} />)}</Stack>
            {tries.length > 0 && (
              <Timeline
                items={tries.slice(0, AT_A_GLANCE).map((a) => ({
                  id: a.id,
                  at: a.startedAt,
                  kind: outcomeWord(a.outcome),
                  title: a.byName,
                  text: a.note || null,
                }))}
              />
            )}
          </Columns>
        )
      }}
    </Loaded>
  )
}

function Due({ task }: { task: TaskRow }) {
  return (
    <Row gap={4}>
      <strong>{formatDue(task.callBackAt ?? task.nextAt)}</strong>
      <GoLink to="followups.task" params={{ id: task.id }}>
        {task.callBackAt ? words.promisedCall : task.stepName}
      </GoLink>
      <TaskStatus task={task} />
      <Priority task={task} />
    </Row>
  )
}

/** Behind a tab of a patient's file: all that was planned and done. */
export function FollowupsOfPatient({ patientId = '' }: Record<string, string>) {
  const go = useGo()
  const read = useRead(followupsApi.ofPatient, { patientId })
  return (
    <Loaded of={read}>
      {({ tasks }) => (
        <Table
          of={tasks}
          label={words.boardTitle}
          empty={words.nothingOfPatient}
          onOpen={(t: TaskRow) => go('followups.task', { id: t.id })}
        >
          <Column name={words.dueBy} width={150} show={(t: TaskRow) => formatMoment(t.dueBy)} />
          <Column name={words.programme} show={(t: TaskRow) => `${t.programmeName} · ${t.stepName}`} />
          <Column name={words.status} width={140} show={(t: TaskRow) => <TaskStatus task={t} />} />
          <Column name={words.assignee} width={120} show={(t: TaskRow) => t.assigneeName} />
        </Table>
      )}
    </Loaded>
  )
}
