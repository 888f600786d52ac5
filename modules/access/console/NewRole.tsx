import { useWrite } from '@renxin/client'
import { newId } from '@renxin/kernel'
import { Form, notify, SelectField, TextField } from '@renxin/ui'
import { useState } from 'react'
import { type Role, rolesApi } from '../contract.ts'
import { words } from '../words.ts'
import { roleName } from './names.ts'

const t = words.roleEditor

/** A role of the hospital's own, most often a copy of another that is changed afterwards. */
export function NewRole({ roles, onDone }: { roles: readonly Role[]; onDone: (id: string) => void }) {
  const [draft, setDraft] = useState(() => ({ id: newId(), name: '', copyOf: null as string | null })) // widened: it is chosen later
  const [isTried, setTried] = useState(false)
  const create = useWrite(rolesApi.createRole, {
    onSuccess: (role) => {
      notify(t.created({ name: roleName(role) }))
      onDone(role.id)
    },
  })
  const submit = () => {
    setTried(true)
    if (draft.name.trim() !== '') create.send(draft)
  }
  return (
    <Form onSubmit={submit} write={create} verb={t.create}>
      <TextField
        label={t.name}
        required
        value={draft.name}
        onChange={(name) => setDraft({ ...draft, name })}
        maxLength={50}
        error={isTried && draft.name.trim() === '' ? t.nameNeeded : undefined}
      />
      <SelectField
        label={t.copyOf}
        placeholder={t.fromNothing}
        value={draft.copyOf}
        onChange={(copyOf) => setDraft({ ...draft, copyOf })}
        options={roles.map((r) => ({ value: r.id, label: roleName(r) }))}
      />
    </Form>
  )
}
