import { useMe, useUnsaved, useWrite } from '@renxin/client'
import { type GuardedField, guardedFields } from '@renxin/kernel'
import { Banner, Button, Confirm, Drawer, ErrorNote, MultiChoice, notify, Row, Stack, TextField } from '@renxin/ui'
import { useState } from 'react'
import { type Role, rolesApi } from '../contract.ts'
import { words } from '../words.ts'
import { GrantsField } from './GrantsField.tsx'
import { changesIn, type Given } from './given.ts'
import { roleName } from './names.ts'
import { ViewAs } from './ViewAs.tsx'

const t = words.roleEditor

/** What a role is called and gives. The key of whoever draws this changes with the role's version, so that it begins anew. */
export function RoleDetails({ role, onClose }: { role: Role; onClose: () => void }) {
  const { may } = useMe()
  const [mayEdit, mayView] = [may('access.roles'), may('access.viewAs')]
  const before: Given = Object.fromEntries(role.grants.map((g) => [g.permission, g.scope]))
  const [name, setName] = useState(role.name ?? '')
  const [given, setGiven] = useState<Given>(before)
  const [hidden, setHidden] = useState<GuardedField[]>(role.hidden)
  const [asked, setAsked] = useState<'save' | 'restore' | 'retire' | 'view'>()
  const close = () => setAsked(undefined)
  const onSuccess = () => {
    close()
    notify(t.saved)
  }
  const save = useWrite(rolesApi.changeRole, { onSuccess })
  const restore = useWrite(rolesApi.restoreRole, { onSuccess })
  const retire = useWrite(rolesApi.retireRole, { onSuccess })
  const revive = useWrite(rolesApi.reviveRole, { onSuccess })
  const changes = changesIn(before, given)
  const isChanged =
    changes.more + changes.less > 0 || [...hidden].sort().join() !== [...role.hidden].sort().join() || name.trim() !== (role.name ?? '')
  const unsaved = useUnsaved(isChanged)
  const isFixed = !mayEdit || role.isRetired
  const shown = roleName(role)
  const mayNotSave = !isChanged || (!role.isPreset && name.trim() === '')
  const footer = isFixed ? undefined : (
    <Button kind="primary" disabled={mayNotSave} onClick={() => setAsked('save')}>
      {t.save}
    </Button>
  )
  return (
    <Drawer title={shown} onClose={onClose} size={760} footer={footer}>
      {unsaved}
      <Stack>
        {!mayEdit && <Banner>{t.readOnly}</Banner>}
        <ErrorNote error={revive.error} text={words.of(revive.error)} />
        {(mayEdit || mayView) && (
          <Row>
            {mayView && !role.isRetired && (
              <Button icon="eye" onClick={() => setAsked('view')}>
                {t.viewAs}
              </Button>
            )}
            {mayEdit && role.isChanged && !role.isRetired && <Button onClick={() => setAsked('restore')}>{t.restore}</Button>}
            {mayEdit && !role.isRetired && <Button onClick={() => setAsked('retire')}>{t.retire}</Button>}
            {mayEdit && role.isRetired && (
              <Button busy={revive.isSending} onClick={() => revive.send({ id: role.id })}>
                {t.revive}
              </Button>
            )}
          </Row>
        )}
        <TextField
          label={t.name}
          {...(role.isPreset && { hint: t.nameHint })}
          required={!role.isPreset}
          value={name}
          onChange={setName}
          maxLength={50}
          disabled={isFixed}
        />
        <MultiChoice
          label={t.fields}
          hint={t.fieldsHint}
          value={hidden}
          onChange={setHidden}
          disabled={isFixed}
          options={guardedFields.map((f) => ({ value: f, label: t.field[f] }))}
        />
        <GrantsField given={given} onChange={setGiven} disabled={isFixed} />
        {asked === 'view' && <ViewAs role={role} onClose={close} />}
        {asked === 'save' && (
          <Confirm
            title={t.saveTitle({ name: shown })}
            verb={t.save}
            busy={save.isSending}
            error={save.error}
            onCancel={close}
            onConfirm={() =>
              save.send({
                id: role.id,
                version: role.version,
                name: name.trim() || null,
                hidden,
                grants: Object.entries(given).map(([permission, scope]) => ({ permission, scope })),
              })
            }
          >
            {t.saveText({ n: role.holders, ...changes })}
          </Confirm>
        )}
        {asked === 'restore' && (
          <Confirm
            title={t.restoreTitle({ name: shown })}
            verb={t.restore}
            busy={restore.isSending}
            error={restore.error}
            onCancel={close}
            onConfirm={() => restore.send({ id: role.id })}
          >
            {t.restoreText({ n: role.holders })}
          </Confirm>
        )}
        {asked === 'retire' && (
          <Confirm
            title={t.retireTitle({ name: shown })}
            verb={t.retire}
            danger
            busy={retire.isSending}
            error={retire.error}
            onCancel={close}
            onConfirm={() => retire.send({ id: role.id })}
          >
            {t.retireText}
          </Confirm>
        )}
      </Stack>
    </Drawer>
  )
}
