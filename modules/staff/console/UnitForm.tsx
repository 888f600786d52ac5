import { useRead, useWrite } from '@renxin/client'
import { newId } from '@renxin/kernel'
import { CheckField, Choice, Form, houseWords, notify, SelectField, TextField } from '@renxin/ui'
import { useState } from 'react'
import { staffApi, type Unit, type UnitKind } from '../contract.ts'
import { words } from '../words.ts'
import { UnitSelect } from './selects.tsx'

const kinds = ['department', 'ward', 'office'] as const satisfies readonly UnitKind[]
const departments: readonly UnitKind[] = ['department']

export function UnitForm({ unit, onDone }: { unit: Unit | undefined; onDone: () => void }) {
  const [draft, setDraft] = useState(() => ({
    id: unit?.id ?? newId(),
    kind: unit?.kind ?? kinds[0],
    code: unit?.code ?? '',
    name: unit?.name ?? '',
    departmentId: unit?.departmentId ?? null,
    campusId: unit?.campusId ?? null,
    isActive: unit?.isActive ?? true,
  }))
  const [isTried, setTried] = useState(false)
  const campuses = useRead(staffApi.campuses, {})
  const save = useWrite(staffApi.saveUnit, {
    onSuccess: () => {
      notify(words.saved)
      onDone()
    },
  })
  const change = (part: Partial<typeof draft>) => setDraft({ ...draft, ...part })
  const submit = () => {
    setTried(true)
    if (draft.name.trim() === '') return
    save.send({ ...draft, code: draft.code.trim() || null, departmentId: draft.kind === 'ward' ? draft.departmentId : null })
  }
  return (
    <Form onSubmit={submit} write={save} verb={words.save}>
      <Choice
        label={words.kindTitle}
        value={draft.kind}
        onChange={(kind) => change({ kind })}
        options={kinds.map((k) => ({ value: k, label: words.kind[k] }))}
      />
      <TextField
        label={words.name}
        required
        value={draft.name}
        onChange={(name) => change({ name })}
        maxLength={100}
        error={isTried && draft.name.trim() === '' ? houseWords.pleaseFill : undefined}
      />
      <TextField label={words.code} hint={words.codeHint} value={draft.code} onChange={(code) => change({ code })} maxLength={64} />
      {draft.kind === 'ward' && (
        <UnitSelect
          label={words.department}
          kinds={departments}
          value={draft.departmentId}
          onChange={(departmentId) => change({ departmentId })}
        />
      )}
      {campuses.data && campuses.data.rows.length > 0 && (
        <SelectField
          label={words.campus}
          value={draft.campusId}
          onChange={(campusId) => change({ campusId })}
          options={campuses.data.rows.map((c) => ({ value: c.id, label: c.name }))}
        />
      )}
      <CheckField label={words.isActive} value={draft.isActive} onChange={(isActive) => change({ isActive })} />
    </Form>
  )
}
