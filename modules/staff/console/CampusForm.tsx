import { useWrite } from '@renxin/client'
import { newId } from '@renxin/kernel'
import { CheckField, Form, houseWords, notify, TextField } from '@renxin/ui'
import { useState } from 'react'
import { type Campus, staffApi } from '../contract.ts'
import { words } from '../words.ts'

export function CampusForm({ campus, onDone }: { campus: Campus | undefined; onDone: () => void }) {
  const [draft, setDraft] = useState(() => campus ?? { id: newId(), name: '', isActive: true })
  const [isTried, setTried] = useState(false)
  const save = useWrite(staffApi.saveCampus, {
    onSuccess: () => {
      notify(words.saved)
      onDone()
    },
  })
  const submit = () => {
    setTried(true)
    if (draft.name.trim() !== '') save.send(draft)
  }
  return (
    <Form onSubmit={submit} write={save} verb={words.save}>
      <TextField
        label={words.name}
        required
        value={draft.name}
        onChange={(name) => setDraft({ ...draft, name })}
        maxLength={100}
        error={isTried && draft.name.trim() === '' ? houseWords.pleaseFill : undefined}
      />
      <CheckField label={words.isActive} value={draft.isActive} onChange={(isActive) => setDraft({ ...draft, isActive })} />
    </Form>
  )
}
