import { roleName } from '@renxin/access/console'
import { accessApi, type Me } from '@renxin/access/contract'
import { useMe, useRead, useWrite } from '@renxin/client'
import { setupApi } from '@renxin/setup/contract'
import { Banner, Button, Confirm, Menu } from '@renxin/ui'
import { useState } from 'react'
import { words } from '../words.ts'

/** Says that nothing here is real, lets one be somebody else, and clears it all away. */
export function DemoBanner({ me }: { me: Me }) {
  const { may } = useMe()
  const [isErasing, setErasing] = useState(false)
  const personas = useRead(accessApi.demoAccounts, { hospitalId: me.hospital.id })
  const become = useWrite(accessApi.switchPersona, { onSuccess: () => location.assign('/') })
  const erase = useWrite(setupApi.eraseDemo, { onSuccess: ({ token }) => location.assign(`/setup?token=${encodeURIComponent(token)}`) })
  const [role] = me.roles
  const now = `${role ? roleName(role) : ''} ${me.user.displayName}`.trim()
  return (
    <aside className="demo" aria-label={words.demoBanner}>
      <Banner
        tone="warning"
        actions={
          <>
            <Menu
              label={words.persona}
              items={(personas.data?.rows ?? []).map((p) => {
                const [first] = p.roles
                const title = first ? roleName(first) : p.name
                return {
                  key: p.id,
                  label: `${title} · ${p.displayName}`,
                  disabled: p.id === me.user.id,
                  onClick: () => become.send({ userId: p.id }),
                }
              })}
            >
              <span>{words.personaNow({ name: now })}</span>
              <strong>{words.persona}</strong>
            </Menu>
            {may('setup.eraseDemo') && (
              <Button size="small" onClick={() => setErasing(true)}>
                {words.eraseDemo}
              </Button>
            )}
          </>
        }
      >
        {words.demoBanner}
      </Banner>
      {isErasing && (
        <Confirm
          title={words.eraseTitle}
          verb={words.eraseVerb}
          danger
          busy={erase.isSending}
          error={erase.error}
          onConfirm={() => erase.send({})}
          onCancel={() => setErasing(false)}
        >
          {words.eraseText}
        </Confirm>
      )}
    </aside>
  )
}
