import { accessApi } from '@renxin/access/contract'
import { useWrite } from '@renxin/client'
import { newId } from '@renxin/kernel'
import { Form, houseWords, MultiChoice, notify, TextArea, TextField } from '@renxin/ui'
import { useState } from 'react'
import { words } from '../../words.ts'
import { readKeys } from './read-keys.ts'

type Allowed = keyof typeof words.fhir.allow
const choices: readonly Allowed[] = ['fhir.read', 'fhir.write', 'patients.unmask']

export function NewClient({ onMade }: { onMade: (id: string) => void }) {
  const [id] = useState(() => newId())
  const [name, setName] = useState('')
  const [text, setText] = useState('')
  const [scopes, setScopes] = useState<Allowed[]>(['fhir.read'])
  const [isTried, setTried] = useState(false)
  const create = useWrite(accessApi.createClient, {
    onSuccess: (client) => {
      notify(words.fhir.registered)
      onMade(client.id)
    },
  })
  const keys = readKeys(text)
  const isSpeaking = scopes.some((s) => s.startsWith('fhir.'))
  const submit = () => {
    setTried(true)
    if (name.trim() !== '' && isSpeaking && 'keys' in keys) create.send({ id, name, keys, scopes })
  }
  const keysError = text.trim() === '' ? houseWords.pleaseFill : 'wrong' in keys ? words.fhir.keysWrong[keys.wrong] : undefined
  const isPrivate = 'wrong' in keys && keys.wrong === 'private'
  return (
    <Form onSubmit={submit} write={create} verb={words.fhir.register}>
      <TextField
        label={words.fhir.clientName}
        hint={words.fhir.clientNameHint}
        required
        maxLength={100}
        value={name}
        onChange={setName}
        error={isTried && name.trim() === '' ? houseWords.pleaseFill : undefined}
      />
      <TextArea
        label={words.fhir.keys}
        hint={words.fhir.keysHint}
        required
        rows={8}
        placeholder={'{ "keys": [ { "kty": "EC", "crv": "P-384", "x": "…", "y": "…" } ] }'}
        maxLength={50_000}
        value={text}
        onChange={setText}
        error={isTried || isPrivate ? keysError : undefined}
      />
      <MultiChoice
        label={words.fhir.allows}
        required
        stacked
        value={scopes}
        onChange={setScopes}
        options={choices.map((value) => ({ value, label: words.fhir.allow[value] }))}
        error={isTried && !isSpeaking ? words.fhir.chooseAllow : undefined}
      />
    </Form>
  )
}
