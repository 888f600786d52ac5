import { useRead } from '@renxin/client'
import { setupApi } from '@renxin/setup/contract'
import { Banner } from '@renxin/ui'
import { words } from '../words.ts'

/** On every page of whoever answers for the system, as long as the backups are not as they should be. The first night is no alarm. */
export function BackupAlarm() {
  const backups = useRead(setupApi.backups, {}, { everySeconds: 300 })
  if (!backups.data?.alarms.some((alarm) => alarm !== 'none')) return null
  return (
    <aside aria-label={words.backupAlarm}>
      <Banner tone="danger" actions={<a href="/backups">{words.seeBackups}</a>}>
        {words.backupAlarm}
      </Banner>
    </aside>
  )
}
