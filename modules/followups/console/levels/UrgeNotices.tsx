import { GoLink, useMe, useRead } from '@renxin/client'
import { Banner, formatMoment } from '@renxin/ui'
import { supervisionApi } from '../../contract.ts'
import { words } from '../../words.ts'

const t = words.supervision

/** On every page: what somebody is urged to do, and what came up to the head. */
export function UrgeNotices() {
  const { may } = useMe()
  const notices = useRead(supervisionApi.urgeNotices, {}, { enabled: may('followups.read') })
  const { toMe = 0, escalated = 0, lastByName = '' } = notices.data ?? {}
  if (toMe + escalated === 0) return null
  return (
    <aside aria-label={t.urgesTitle}>
      {toMe > 0 && (
        <Banner tone="warning" actions={<GoLink to="followups.urges">{t.look}</GoLink>}>
          {t.toMeNotice({ name: lastByName ?? '', n: toMe })}
        </Banner>
      )}
      {escalated > 0 && (
        <Banner
          tone="danger"
          actions={
            <GoLink to="followups.urges" search={{ list: 'escalated' }}>
              {t.look}
            </GoLink>
          }
        >
          {t.escalatedNotice({ n: escalated })}
        </Banner>
      )}
    </aside>
  )
}

/** In the task: every urge that still waits, with who said what. */
export function UrgesOfTask({ taskId }: { taskId: string }) {
  const urges = useRead(supervisionApi.urgesOfTask, { id: taskId })
  const waiting = (urges.data?.rows ?? []).filter((u) => u.state !== 'answered')
  return waiting.map((u) => {
    const said = { name: u.urgedByName, when: formatMoment(u.urgedAt) }
    return (
      <Banner key={u.id} tone="warning">
        {u.note ? t.ofTaskNote({ ...said, note: u.note }) : t.ofTask(said)}
      </Banner>
    )
  })
}
