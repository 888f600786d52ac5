import { GoLink, useParams } from '@renxin/client'
import { Page, Panel } from '@renxin/ui'
import { words } from '../words.ts'
import { ComplaintDetails } from './ComplaintDetails.tsx'

/** One complaint on a page of its own: where a time line or another tab leads. */
export function ComplaintPage() {
  const { id = '' } = useParams()
  return (
    <Page title={words.complaints} back={<GoLink to="feedback.complaints">{words.backToList}</GoLink>}>
      <Panel>
        <ComplaintDetails id={id} />
      </Panel>
    </Page>
  )
}
