import { useGo, useParams } from '@renxin/client'
import { Page } from '@renxin/ui'
import { words } from '../words.ts'
import { Bench } from './TodayPage.tsx'

/** One task by its address: from a time line, from the administrators' list. */
export function TaskPage() {
  const { id = '' } = useParams()
  const go = useGo()
  return (
    <Page title={words.task} full>
      <Bench taskId={id} onNext={(next) => (next ? go('followups.task', { id: next }) : go.back('followups.today'))} />
    </Page>
  )
}
