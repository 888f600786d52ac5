import { useGo, useMe, useRead } from '@renxin/client'
import { Banner, Button } from '@renxin/ui'
import { flagsApi } from '../../contract.ts'
import { words } from '../../words.ts'

const w = words.flags

/** That red flags wait for the one at work, above whatever else there is to do. */
export function FlagsWaiting() {
  const { may } = useMe()
  const go = useGo()
  const isDoctor = may('followups.flags') && may('followups.closeFlags')
  const counts = useRead(flagsApi.flagCounts, {}, { enabled: isDoctor, keep: true, everySeconds: 30 })
  const n = counts.data?.mine ?? 0
  if (!isDoctor || n === 0) return null
  return (
    <Banner
      tone="danger"
      actions={
        <Button size="small" onClick={() => go('followups.flags')}>
          {w.openList}
        </Button>
      }
    >
      <span role="alert">{w.waiting({ n })}</span>
    </Banner>
  )
}
