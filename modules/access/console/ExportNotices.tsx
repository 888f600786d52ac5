import { GoLink, useMe, useRead } from '@renxin/client'
import { Banner } from '@renxin/ui'
import { exportsApi } from '../contract.ts'
import { words } from '../words.ts'

const t = words.exporting.release

/** On every page: exports of others that wait for whoever looks, and his own that were released and are still to be taken. */
export function ExportNotices() {
  const { may } = useMe()
  const notices = useRead(exportsApi.exportNotices, {})
  const { waiting = 0, ready = 0 } = notices.data ?? {}
  if (waiting + ready === 0) return null
  return (
    <aside aria-label={words.exporting.title}>
      {waiting > 0 && may('access.releaseExports') && (
        <Banner
          actions={
            <GoLink to="access.exports" search={{ tab: 'waiting' }}>
              {t.see}
            </GoLink>
          }
        >
          {t.waitingNotice({ n: waiting })}
        </Banner>
      )}
      {ready > 0 && (
        <Banner tone="success" actions={<GoLink to="access.ownExports">{t.see}</GoLink>}>
          {t.readyNotice({ n: ready })}
        </Banner>
      )}
    </aside>
  )
}
