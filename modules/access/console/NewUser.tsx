import { useMe, useWrite } from '@renxin/client'
import { newId } from '@renxin/kernel'
import { PersonSelect } from '@renxin/staff/console'
import { Button, Choice, Form, houseWords, notify, Row, TextField } from '@renxin/ui'
import { useState } from 'react'
import { accessApi, type Language } from '../contract.ts'
import { suggestPassword } from '../first-password.ts'
import { words } from '../words.ts'
import { usePasswordRule } from './password-rule.ts'
import { RolesField } from './RolesField.tsx'

const languages = ['zh', 'en'] as const satisfies readonly Language[]

export function NewUser({ onDone }: { onDone: () => void }) {
  const [draft, setDraft] = useState(() => ({
    id: newId(),
    name: '',
    displayName: '',
    personId: null as string | null, // widened: it is chosen later
    language: 'zh' as Language,
    roleIds: [] as string[],
    password: suggestPassword(),
  }))
  const mayAssign = useMe().may('access.assign')
  const [isTried, setTried] = useState(false)
  const rule = usePasswordRule()
  const create = useWrite(accessApi.createUser, {
    onSuccess: (user) => {
      notify(words.created({ name: user.displayName }))
      onDone()
    },
  })
  const change = (part: Partial<typeof draft>) => setDraft({ ...draft, ...part })
  const missing = (text: string) => (isTried && text.trim() === '' ? houseWords.pleaseFill : undefined)
  const submit = () => {
    setTried(true)
    if (draft.name.trim() !== '' && draft.displayName.trim() !== '' && draft.password !== '') create.send(draft)
  }
  return (
    <Form onSubmit={submit} write={create} verb={words.create}>
      <TextField
        label={words.displayName}
        required
        value={draft.displayName}
        onChange={(displayName) => change({ displayName })}
        maxLength={50}
        error={missing(draft.displayName)}
      />
      <TextField
        label={words.name}
        hint={words.nameHint}
        required
        value={draft.name}
        onChange={(name) => change({ name })}
        maxLength={50}
        error={missing(draft.name)}
      />
      <PersonSelect label={words.person} hint={words.personHint} value={draft.personId} onChange={(personId) => change({ personId })} />
      {mayAssign && <RolesField value={draft.roleIds} onChange={(roleIds) => change({ roleIds })} />}
      <Choice
        label={words.language}
        value={draft.language}
        onChange={(language) => change({ language })}
        options={languages.map((l) => ({ value: l, label: words.languages[l] }))}
      />
      <Row>
        <TextField
          label={words.firstPassword}
          hint={words.firstPasswordHint({ rule })}
          required
          value={draft.password}
          onChange={(password) => change({ password })}
          maxLength={128}
          error={missing(draft.password)}
        />
        <Button onClick={() => change({ password: suggestPassword() })}>{words.suggest}</Button>
      </Row>
    </Form>
  )
}
