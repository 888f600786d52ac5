import { accessApi, type Me } from '@renxin/access/contract'
import { useMe, useRead, useWrite } from '@renxin/client'
import { setupApi } from '@renxin/setup/contract'
import { Banner, Button, Confirm, Menu, notify, sentenceOf } from '@renxin/ui'
import { useState } from 'react'
import { nameAndTitle } from '../sign-in/Personas.tsx'
import { words } from '../words.ts'

/** Says that nothing here is real, lets one be somebody else, and clears it all away. */
export function DemoBanner({ me }: { me: Me }) {
  const { may } = useMe()
  const [isErasing, setErasing] = useState(false)
  const personas = useRead(accessApi.demoAccounts, { hospitalId: me.hospital.id })
  const become = useWrite(accessApi.switchPersona, {
    onSuccess: () => location.assign('/'),
    onError: (problem) => notify(sentenceOf(problem) ?? '', { tone: 'danger' }),
  })
  const erase = useWrite(setupApi.eraseDemo, { onSuccess: ({ token }) => location.assign(`/setup?token=${encodeURIComponent(token)}`) })
  const spoken = (who: Parameters<typeof nameAndTitle>[0]) => nameAndTitle(who).reverse().join(' ')
  return (
    <aside className="demo" aria-label={words.demoBanner}>
      <Banner
        tone="warning"
        actions={
          <>
            <Menu
              label={words.persona}
              items={(personas.data?.rows ?? []).map((p) => ({
                key: p.id,
                label: spoken(p),
                disabled: p.id === me.user.id,
                onClick: () => become.send({ userId: p.id }),
              }))}
            >
              <span>{words.personaNow({ name: spoken({ displayName: me.user.displayName, roles: me.roles }) })}</span>
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
