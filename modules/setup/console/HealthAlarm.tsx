import { GoLink, useRead, useWrite } from '@renxin/client'
import { Banner, Button } from '@renxin/ui'
import { type Alarm, installationApi } from '../contract.ts'
import { words } from '../words.ts'
import { sayFinding } from './say.ts'

const t = words.health

/** Half of the minute within which whoever answers for the system is told. */
const EVERY_SECONDS = 30

/** On every page of whoever answers for the system, as long as something is red and nobody has put it off. */
export function HealthAlarm() {
  const alarms = useRead(installationApi.alarms, {}, { everySeconds: EVERY_SECONDS })
  const putOff = useWrite(installationApi.putOffAlarms)
  const rows = (alarms.data?.rows ?? []).filter((a) => a.putOff === null)
  if (rows.length === 0) return null
  return (
    <aside aria-label={t.alarmTitle}>
      <Banner
        tone="danger"
        actions={
          <>
            <GoLink to="setup.health">{t.seeAlarm}</GoLink>
            <Button size="small" busy={putOff.isSending} onClick={() => putOff.send({ items: rows.map((a) => a.item) })}>
              {t.putOff}
            </Button>
          </>
        }
      >
        {sentence(rows)}
      </Banner>
    </aside>
  )
}

function sentence(rows: readonly Alarm[]): string {
  const [only] = rows
  if (only && rows.length === 1) return t.alarmOne({ item: t.items[only.item], finding: sayFinding(only) })
  return t.alarmMany({ n: rows.length, items: rows.map((a) => t.items[a.item]).join('、') })
}
