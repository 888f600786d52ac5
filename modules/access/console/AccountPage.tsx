import { useMe, useRead, useReload, useWrite } from '@renxin/client'
import { Button, ErrorNote, notify, Page, Panel, Stack } from '@renxin/ui'
import { accessApi, type Session } from '../contract.ts'
import { words } from '../words.ts'
import { ChangePassword } from './ChangePassword.tsx'
import { PinForm } from './PinForm.tsx'
import { SecondFactor } from './SecondFactor.tsx'
import { SessionTable } from './SessionTable.tsx'

/** What is one's own to set: the password, the second factor, the PIN; and where one is signed in. */
export function AccountPage() {
  const me = useMe()
  const own = useRead(accessApi.me, {})
  const reload = useReload()
  const again = () => reload('access')
  return (
    <Page title={words.account} note={`${me.user.displayName} · ${me.user.name}`}>
      <Stack gap={16}>
        <MySessions />
        <Panel title={words.factor} note={words.factorNote}>
          <div style={{ maxWidth: 560 }}>{own.data && <SecondFactor hasFactor={own.data.user.hasSecondFactor} onChanged={again} />}</div>
        </Panel>
        <Panel title={words.pin} note={words.pinNote}>
          <div style={{ maxWidth: 560 }}>{own.data && <PinForm hasPin={own.data.user.hasPin} onChanged={again} />}</div>
        </Panel>
        <Panel title={words.changePassword}>
          <div style={{ maxWidth: 560 }}>
            <ChangePassword onDone={again} />
          </div>
        </Panel>
      </Stack>
    </Page>
  )
}

function MySessions() {
  const sessions = useRead(accessApi.mySessions, {})
  const end = useWrite(accessApi.endMySession, { onSuccess: () => notify(words.sessionEnded) })
  const all = useWrite(accessApi.signOutEverywhere, { onSuccess: ({ leaveUrl }) => location.assign(leaveUrl ?? '/') })
  return (
    <Panel
      title={words.sessions}
      note={words.sessionsNote}
      flush
      actions={
        <Button size="small" busy={all.isSending} onClick={() => all.send({})}>
          {words.signOutEverywhere}
        </Button>
      }
    >
      <ErrorNote error={end.error ?? all.error} text={words.of(end.error ?? all.error)} />
      <SessionTable
        of={sessions}
        end={(s: Session) =>
          !s.isCurrent && (
            <Button size="small" kind="quiet" onClick={() => end.send({ id: s.id })}>
              {words.endSession}
            </Button>
          )
        }
      />
    </Panel>
  )
}
