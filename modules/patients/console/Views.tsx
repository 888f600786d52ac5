import { roleName } from '@renxin/access/console'
import { useMe, useRead, useWrite } from '@renxin/client'
import { newId } from '@renxin/kernel'
import { Button, Dialog, Form, houseWords, MultiSelectField, notify, Row, TextField } from '@renxin/ui'
import { useState } from 'react'
import { type Conditions, listsApi, type SavedView } from '../contract.ts'
import { words } from '../words.ts'

const t = words.lists

/** The saved filters one may use, as buttons, and a button that saves the present one. */
export function Views({ conditions, onChoose }: { conditions: Conditions; onChoose: (conditions: Conditions) => void }) {
  const views = useRead(listsApi.views, {})
  const [isSaving, setSaving] = useState(false)
  const remove = useWrite(listsApi.removeView, { onError: (problem) => notify(words.of(problem) ?? '', { tone: 'danger' }) })
  const rows = views.data?.rows ?? []
  const isChosen = (view: SavedView) => JSON.stringify(view.conditions) === JSON.stringify(conditions)
  return (
    <Row gap={8}>
      {rows.map((view) => (
        <Row key={view.id} gap={4} wrap={false}>
          <Button size="small" kind={isChosen(view) ? 'primary' : 'plain'} onClick={() => onChoose(view.conditions)}>
            {view.name}
          </Button>
          {!view.isMine && <span className="rx-note">{t.sharedBy({ name: view.ownerName })}</span>}
          {view.isMine && isChosen(view) && (
            <Button size="small" kind="quiet" onClick={() => remove.send({ id: view.id })}>
              {t.removeView({ name: view.name })}
            </Button>
          )}
        </Row>
      ))}
      {Object.keys(conditions).length > 0 && !rows.some(isChosen) && (
        <Button size="small" kind="quiet" icon="star" onClick={() => setSaving(true)}>
          {t.saveView}
        </Button>
      )}
      {isSaving && <SaveView conditions={conditions} roles={views.data?.roles ?? []} onClose={() => setSaving(false)} />}
    </Row>
  )
}

type Role = { id: string; key: string; name: string | null }

function SaveView({ conditions, roles, onClose }: { conditions: Conditions; roles: readonly Role[]; onClose: () => void }) {
  const { may } = useMe()
  const [id] = useState(newId)
  const [name, setName] = useState('')
  const [roleIds, setRoleIds] = useState<string[]>([])
  const [isTried, setTried] = useState(false)
  const save = useWrite(listsApi.saveView, {
    onSuccess: () => {
      notify(t.viewSaved)
      onClose()
    },
  })
  const send = () => {
    setTried(true)
    if (name.trim()) save.send({ id, name: name.trim(), conditions, roleIds })
  }
  return (
    <Dialog title={t.saveView} onClose={onClose}>
      <Form onSubmit={send} write={save} verb={houseWords.save} onCancel={onClose}>
        <TextField
          label={t.viewName}
          required
          autoFocus
          maxLength={40}
          value={name}
          onChange={setName}
          error={isTried && !name.trim() ? houseWords.pleaseFill : undefined}
        />
        {may('patients.manage') && (
          <MultiSelectField
            label={t.shareWith}
            value={roleIds}
            onChange={setRoleIds}
            options={roles.map((r) => ({ value: r.id, label: roleName(r) }))}
          />
        )}
      </Form>
    </Dialog>
  )
}
