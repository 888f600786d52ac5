import { useWrite } from '@renxin/client'
import { Button, Form, houseWords, notify, TextField } from '@renxin/ui'
import { useState } from 'react'
import { accessApi } from '../contract.ts'
import { words } from '../words.ts'

/** Sets the PIN that opens this account's locked screens, or takes it away. */
export function PinForm({ hasPin, onChanged }: { hasPin: boolean; onChanged: () => void }) {
  const [password, setPassword] = useState('')
  const [pin, setPin] = useState('')
  const [isTried, setTried] = useState(false)
  const save = useWrite(accessApi.setPin, {
    onSuccess: ({ user }) => {
      notify(user.hasPin ? words.pinSet : words.pinRemoved)
      setPassword('')
      setPin('')
      setTried(false)
      onChanged()
    },
  })
  const isPin = /^\d{4,8}$/.test(pin)
  const submit = () => {
    setTried(true)
    if (password !== '' && isPin) save.send({ password, pin })
  }
  const remove = () => {
    setTried(true)
    if (password !== '') save.send({ password, pin: null })
  }
  return (
    <Form
      columns={2}
      onSubmit={submit}
      write={save}
      actions={
        <>
          {hasPin && <Button onClick={remove}>{words.removePin}</Button>}
          <Button kind="primary" type="submit" busy={save.isSending}>
            {hasPin ? words.changePin : words.setPin}
          </Button>
        </>
      }
    >
      <TextField
        label={words.currentPassword}
        type="password"
        autoComplete="current-password"
        required
        value={password}
        onChange={setPassword}
        error={isTried && password === '' ? houseWords.pleaseFill : undefined}
      />
      <TextField
        label={words.newPin}
        type="password"
        autoComplete="off"
        required
        hint={words.pinHint}
        value={pin}
        onChange={setPin}
        maxLength={8}
        error={isTried && pin !== '' && !isPin ? words.pinHint : undefined}
      />
    </Form>
  )
}
