import { useMe, useRead, useWrite } from '@renxin/client'
import { PersonSelect } from '@renxin/staff/console'
import {
  Button,
  Choice,
  Confirm,
  Description,
  Dialog,
  ErrorNote,
  Form,
  formatMoment,
  Loaded,
  notify,
  Panel,
  Row,
  Stack,
  TextField,
} from '@renxin/ui'
import { useState } from 'react'
import { accessApi, type Language, type User } from '../contract.ts'
import { suggestPassword } from '../first-password.ts'
import { words } from '../words.ts'
import { usePasswordRule } from './password-rule.ts'
import { RolesField } from './RolesField.tsx'
import { SessionTable } from './SessionTable.tsx'
import { TemporaryRoles } from './TemporaryRoles.tsx'
import { UserState } from './UserState.tsx'

const languages = ['zh', 'en'] as const satisfies readonly Language[]

export function UserDetails({ id }: { id: string }) {
  const user = useRead(accessApi.user, { id })
  return (
    <Loaded of={user}>
      {(u) => (
        <Stack>
          <Description
            items={[
              { label: words.name, value: u.name },
              { label: words.state, value: <UserState user={u} /> },
              { label: words.lastSignedIn, value: u.lastSignedInAt ? formatMoment(u.lastSignedInAt) : words.never },
            ]}
          />
          <Profile key={`profile ${u.id}`} user={u} />
          <Roles key={u.roles.map((r) => r.id).join()} user={u} />
          <TemporaryRoles user={u} />
          <Powers user={u} />
          <UserSessions user={u} />
        </Stack>
      )}
    </Loaded>
  )
}

function Profile({ user }: { user: User }) {
  const me = useMe()
  const isFixed = me.user.id === user.id || !me.may('access.users')
  const [draft, setDraft] = useState(() => ({ displayName: user.displayName, personId: user.personId, language: user.language }))
  const save = useWrite(accessApi.updateUser, { onSuccess: () => notify(words.saved) })
  const change = (part: Partial<typeof draft>) => setDraft({ ...draft, ...part })
  const known = user.personId && user.personName ? [{ id: user.personId, name: user.personName }] : []
  return (
    <Form
      onSubmit={() => save.send({ id: user.id, ...draft })}
      write={save}
      actions={
        <Button type="submit" busy={save.isSending} disabled={isFixed || draft.displayName.trim() === ''}>
          {words.save}
        </Button>
      }
    >
      <TextField
        label={words.displayName}
        value={draft.displayName}
        onChange={(displayName) => change({ displayName })}
        maxLength={50}
        disabled={isFixed}
      />
      <PersonSelect
        label={words.person}
        hint={words.personHint}
        known={known}
        value={draft.personId}
        onChange={(personId) => change({ personId })}
        disabled={isFixed}
      />
      <Choice
        label={words.language}
        value={draft.language}
        onChange={(language) => change({ language })}
        options={languages.map((l) => ({ value: l, label: words.languages[l] }))}
        disabled={isFixed}
      />
    </Form>
  )
}

function Roles({ user }: { user: User }) {
  const me = useMe()
  const isFixed = me.user.id === user.id || !me.may('access.assign')
  const [roleIds, setRoleIds] = useState(() => user.roles.map((r) => r.id))
  const save = useWrite(accessApi.setRoles, { onSuccess: () => notify(words.rolesChanged) })
  const isChanged =
    [...roleIds].sort().join() !==
    user.roles
      .map((r) => r.id)
      .sort()
      .join()
  return (
    <Form
      onSubmit={() => isChanged && save.send({ id: user.id, roleIds })}
      write={save}
      actions={
        <Button type="submit" busy={save.isSending} disabled={isFixed || !isChanged}>
          {words.saveRoles}
        </Button>
      }
    >
      <RolesField value={roleIds} onChange={setRoleIds} disabled={isFixed} />
    </Form>
  )
}

function Powers({ user }: { user: User }) {
  const me = useMe()
  const isSelf = me.user.id === user.id
  const [mayReset, mayKeep] = [me.may('access.credentials'), me.may('access.users')]
  const [asked, setAsked] = useState<'disable' | 'reset' | 'factor'>()
  const close = () => setAsked(undefined)
  const disable = useWrite(accessApi.disableUser, { onSuccess: close })
  const enable = useWrite(accessApi.enableUser)
  const resetFactor = useWrite(accessApi.resetSecondFactor, { onSuccess: close })
  if (isSelf) return null
  return (
    <Stack gap={8}>
      <ErrorNote error={enable.error} text={words.of(enable.error)} />
      <Row>
        {mayReset && (
          <Button icon="key" onClick={() => setAsked('reset')}>
            {words.reset}
          </Button>
        )}
        {mayReset && user.hasSecondFactor && <Button onClick={() => setAsked('factor')}>{words.factorReset}</Button>}
        {!mayKeep ? null : user.isDisabled ? (
          <Button busy={enable.isSending} onClick={() => enable.send({ id: user.id })}>
            {words.enable}
          </Button>
        ) : (
          <Button kind="danger" onClick={() => setAsked('disable')}>
            {words.disable}
          </Button>
        )}
      </Row>
      {asked === 'disable' && (
        <Confirm
          title={words.disableTitle({ name: user.displayName })}
          verb={words.disable}
          danger
          busy={disable.isSending}
          error={disable.error}
          onConfirm={() => disable.send({ id: user.id })}
          onCancel={close}
        >
          {words.disableText}
        </Confirm>
      )}
      {asked === 'factor' && (
        <Confirm
          title={words.factorResetTitle({ name: user.displayName })}
          verb={words.factorReset}
          danger
          busy={resetFactor.isSending}
          error={resetFactor.error}
          onConfirm={() => resetFactor.send({ id: user.id })}
          onCancel={close}
        >
          {words.factorResetText}
        </Confirm>
      )}
      {asked === 'reset' && (
        <Dialog title={words.resetTitle({ name: user.displayName })} onClose={close}>
          <ResetPassword user={user} onDone={close} />
        </Dialog>
      )}
    </Stack>
  )
}

function UserSessions({ user }: { user: User }) {
  const me = useMe()
  const mayEnd = me.user.id !== user.id && me.may('access.credentials')
  const sessions = useRead(accessApi.sessions, { id: user.id })
  const end = useWrite(accessApi.endSessions, { onSuccess: () => notify(words.sessionsEnded) })
  return (
    <Panel
      title={words.sessions}
      flush
      actions={
        mayEnd && (
          <Button size="small" disabled={sessions.data?.rows.length === 0} busy={end.isSending} onClick={() => end.send({ id: user.id })}>
            {words.endSessions}
          </Button>
        )
      }
    >
      <ErrorNote error={end.error} text={words.of(end.error)} />
      <SessionTable of={sessions} />
    </Panel>
  )
}

function ResetPassword({ user, onDone }: { user: User; onDone: () => void }) {
  const rule = usePasswordRule()
  const [password, setPassword] = useState(suggestPassword)
  const reset = useWrite(accessApi.resetPassword, {
    onSuccess: () => {
      notify(words.saved)
      onDone()
    },
  })
  return (
    <Form onSubmit={() => reset.send({ id: user.id, password })} write={reset} verb={words.reset}>
      <p>{words.resetText}</p>
      <TextField
        label={words.firstPassword}
        hint={words.firstPasswordHint({ rule })}
        value={password}
        onChange={setPassword}
        maxLength={128}
      />
    </Form>
  )
}
