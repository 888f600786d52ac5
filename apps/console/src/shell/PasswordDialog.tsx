import { accessApi, type Me } from '@renxin/access/contract'
import { useWrite } from '@renxin/client'
import { Banner, Button, Dialog, Form, houseWords, notify, TextField } from '@renxin/ui'
import { useState } from 'react'
import { words } from '../words.ts'

const sentences: Readonly<Record<string, () => string>> = {
  'access.weakPassword': () => words.errors.weakPassword,
  'access.samePassword': () => words.errors.samePassword,
  'access.wrongPassword': () => words.errors.wrongCurrent,
}

type PasswordDialogProps = { isForced: boolean; onMe: (me: Me) => void; onClose: () => void }

export function PasswordDialog({ isForced, onMe, onClose }: PasswordDialogProps) {
  const [current, setCurrent] = useState('')
  const [next, setNext] = useState('')
  const [again, setAgain] = useState('')
  const [isTried, setTried] = useState(false)
  const change = useWrite(accessApi.changePassword, {
    onSuccess: (me) => {
      notify(words.passwordChanged)
      onMe(me)
      onClose()
    },
  })
  const send = () => {
    setTried(true)
    if (current !== '' && next !== '' && next === again) change.send({ current, next })
  }
  const missing = (text: string) => (isTried && text === '' ? houseWords.pleaseFill : undefined)
  return (
    <Dialog title={words.changePassword} onClose={isForced ? () => {} : onClose} size={420}>
      <Form
        onSubmit={send}
        error={change.error}
        errorText={sentences[change.error?.code ?? '']?.()}
        actions={
          <>
            {!isForced && <Button onClick={onClose}>{houseWords.cancel}</Button>}
            <Button kind="primary" type="submit" busy={change.isSending}>
              {houseWords.save}
            </Button>
          </>
        }
      >
        {isForced && <Banner>{words.mustChange}</Banner>}
        <TextField
          label={words.currentPassword}
          type="password"
          autoComplete="current-password"
          autoFocus
          required
          value={current}
          onChange={setCurrent}
          error={missing(current)}
        />
        <TextField
          label={words.nextPassword}
          type="password"
          autoComplete="new-password"
          required
          hint={words.passwordHint}
          value={next}
          onChange={setNext}
          error={missing(next)}
        />
        <TextField
          label={words.nextAgain}
          type="password"
          autoComplete="new-password"
          required
          value={again}
          onChange={setAgain}
          error={missing(again) ?? (isTried && next !== again ? words.notTheSame : undefined)}
        />
      </Form>
    </Dialog>
  )
}
