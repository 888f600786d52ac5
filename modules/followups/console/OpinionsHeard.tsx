import { useMe } from '@renxin/client'
import { OpinionPad } from '@renxin/feedback/console'
import { Panel } from '@renxin/ui'
import type { Task } from '../contract.ts'
import { words } from '../words.ts'

/** What the patient praises, complains of or proposes, in two keys, without leaving the call. */
export function OpinionsHeard({ task }: { task: Task }) {
  const { may } = useMe()
  if (!may('feedback.record') || !may('feedback.read')) return null
  return (
    <Panel title={words.opinions}>
      <OpinionPad
        patientId={task.patientId}
        encounterId={task.encounterId}
        source={task.channel === 'bedside' ? 'visit' : 'call'}
        origin={{ kind: 'followups.task', id: task.id }}
      />
    </Panel>
  )
}
