import { useMe, useRead, useWrite } from '@renxin/client'
import { newId } from '@renxin/kernel'
import {
  Button,
  Column,
  ErrorNote,
  Form,
  formatMoment,
  MomentField,
  notify,
  Panel,
  SelectField,
  StatusTag,
  Table,
  TextField,
} from '@renxin/ui'
import { useState } from 'react'
import { rolesApi, type TemporaryRole, type User } from '../contract.ts'
import { words } from '../words.ts'
import { roleName } from './names.ts'

const t = words.roleEditor

/** What an account may do for a time, and why. */
export function TemporaryRoles({ user }: { user: User }) {
  const me = useMe()
  const mayGive = me.user.id !== user.id && me.may('access.assign')
  const [isGiving, setGiving] = useState(false)
  const roles = useRead(rolesApi.temporaryRoles, { userId: user.id })
  const end = useWrite(rolesApi.endTemporaryRole)
  return (
    <Panel
      title={t.temporary}
      note={t.temporaryNote}
      actions={
        mayGive &&
        !isGiving && (
          <Button size="small" onClick={() => setGiving(true)}>
            {t.temporaryGive}
          </Button>
        )
      }
    >
      {isGiving && <Give user={user} onDone={() => setGiving(false)} />}
      <ErrorNote error={end.error} text={words.of(end.error)} />
      <Table of={roles} label={t.temporary} empty={t.temporaryNone} plain>
        <Column name={t.role} show={(r: TemporaryRole) => roleName(r.role)} />
        <Column name={t.until} width={130} show={(r: TemporaryRole) => formatMoment(r.until)} />
        <Column name={t.reason} show={(r: TemporaryRole) => r.reason} />
        <Column name={t.by} width={90} show={(r: TemporaryRole) => r.givenBy} />
        <Column
          width={110}
          show={(r: TemporaryRole) =>
            r.isOver ? (
              <StatusTag>{t.over}</StatusTag>
            ) : mayGive ? (
              <Button size="small" onClick={() => end.send({ id: r.id })}>
                {t.endNow}
              </Button>
            ) : (
              <StatusTag tone="success">{t.active}</StatusTag>
            )
          }
        />
      </Table>
    </Panel>
  )
}

function Give({ user, onDone }: { user: User; onDone: () => void }) {
  const roles = useRead(rolesApi.roles, {})
  const [draft, setDraft] = useState(() => ({ id: newId(), roleId: null as string | null, until: null as string | null, reason: '' })) // widened: chosen later
  const give = useWrite(rolesApi.giveTemporaryRole, {
    onSuccess: ({ until }) => {
      notify(t.given({ until: formatMoment(until) }))
      onDone()
    },
  })
  const { id, roleId, until, reason } = draft
  const isWhole = roleId !== null && until !== null && reason.trim().length >= 4
  return (
    <Form
      onSubmit={() => roleId && until && isWhole && give.send({ id, userId: user.id, roleId, until, reason })}
      write={give}
      verb={t.temporaryGive}
      onCancel={onDone}
      disabled={!isWhole}
    >
      <SelectField
        label={t.role}
        required
        value={roleId}
        onChange={(next) => setDraft({ ...draft, roleId: next })}
        options={(roles.data?.rows ?? []).filter((r) => !r.isRetired).map((r) => ({ value: r.id, label: roleName(r) }))}
      />
      <MomentField label={t.until} required value={until} onChange={(next) => setDraft({ ...draft, until: next })} />
      <TextField
        label={t.reason}
        hint={t.reasonHint}
        required
        value={reason}
        onChange={(next) => setDraft({ ...draft, reason: next })}
        maxLength={200}
      />
    </Form>
  )
}
