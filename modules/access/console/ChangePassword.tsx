import { useWrite } from '@renxin/client'
import { Form, houseWords, notify, TextField } from '@renxin/ui'
import { useState } from 'react'
import { accessApi, passwordLength } from '../contract.ts'
import { words } from '../words.ts'
import { usePasswordRule } from './password-rule.ts'

/** Sets one's own password. `onDone` is called with it changed: the session is a new one, so who is signed in is read again. */
export function ChangePassword({ onDone }: { onDone: () => void }) {
  const rule = usePasswordRule()
  const [current, setCurrent] = useState('')
  const [next, setNext] = useState('')
  const [again, setAgain] = useState('')
  const [isTried, setTried] = useState(false)
  const change = useWrite(accessApi.changePassword, {
    onSuccess: () => {
      notify(words.passwordChanged)
      onDone()
    },
  })
  const submit = () => {
    setTried(true)
    if (current !== '' && next !== '' && next === again) change.send({ current, next })
  }
  const missing = (text: string) => (isTried && text === '' ? houseWords.pleaseFill : undefined)
  return (
    <Form onSubmit={submit} write={change} verb={words.changePassword}>
      <TextField
        label={words.currentPassword}
        type="password"
        autoComplete="current-password"
        required
        value={current}
        onChange={setCurrent}
        error={missing(current)}
      />
      <TextField
        label={words.newPassword}
        type="password"
        autoComplete="new-password"
        required
        hint={rule}
        value={next}
        onChange={setNext}
        maxLength={passwordLength.max}
        error={missing(next)}
      />
      <TextField
        label={words.again}
        type="password"
        autoComplete="new-password"
        required
        value={again}
        onChange={setAgain}
        error={missing(again) ?? (isTried && again !== next ? words.notSame : undefined)}
      />
    </Form>
  )
}
