import { useRead, useWrite } from '@renxin/client'
import { Banner, Button, formatTime } from '@renxin/ui'
import { useEffect } from 'react'
import { accessApi, type Me } from '../contract.ts'
import { words } from '../words.ts'
import { roleName } from './names.ts'

const t = words.roleEditor

/** On every page while somebody looks at the house as another role. */
export function ViewingBanner({ viewing }: { viewing: NonNullable<Me['viewing']> }) {
  const end = useWrite(accessApi.endViewing, { onSuccess: () => location.assign('/access/roles') })
  const now = useRead(accessApi.me, {}, { everySeconds: 30 })
  const isOver = now.data?.viewing === null // it ran out, or was ended in another tab
  useEffect(() => {
    if (isOver) location.assign('/access/roles')
  }, [isOver])
  const role = roleName(viewing.role)
  const units = viewing.units.length > 0 ? t.viewingAt({ units: viewing.units.join('、') }) : ''
  return (
    <aside aria-label={t.viewAs}>
      <Banner
        tone="warning"
        actions={
          <Button size="small" busy={end.isSending} onClick={() => end.send({})}>
            {t.viewEnd}
          </Button>
        }
      >
        {t.viewing({ role, units, until: formatTime(viewing.until) })}
      </Banner>
    </aside>
  )
}
