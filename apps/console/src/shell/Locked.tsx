import { accessApi, type Me } from '@renxin/access/contract'
import { call, Problem } from '@renxin/client'
import { Button, ErrorNote, Form, Mark, TextField } from '@renxin/ui'
import { useState } from 'react'
import { SignInForm } from '../sign-in/SignInForm.tsx'
import { words } from '../words.ts'

/** The session is locked or has ended: the page stays as it is beneath, and nothing that was typed is lost. */
export function Locked({ me, onEnter }: { me: Me; onEnter: (me: Me) => void }) {
  const [byPin, setByPin] = useState(me.user.hasPin)
  return (
    <div className="lock" role="dialog" aria-modal="true" aria-labelledby="lock-title">
      <div>
        <Mark size={36} />
        <h1 id="lock-title">{words.lockedTitle}</h1>
        <p>{byPin ? words.lockedPin : words.lockedText}</p>
        {byPin ? (
          <PinForm onEnter={onEnter} onOver={() => setByPin(false)} />
        ) : (
          <SignInForm hospitals={[me.hospital]} hospitalId={me.hospital.id} name={me.user.name} onEnter={onEnter} />
        )}
        {byPin && (
          <Button kind="quiet" onClick={() => setByPin(false)}>
            {words.byPassword}
          </Button>
        )}
        <Button kind="quiet" onClick={() => location.reload()}>
          {words.otherUser}
        </Button>
      </div>
    </div>
  )
}

function PinForm({ onEnter, onOver }: { onEnter: (me: Me) => void; onOver: () => void }) {
  const [pin, setPin] = useState('')
  const [problem, setProblem] = useState<Problem>()
  const [isSending, setSending] = useState(false)
  const unlock = async () => {
    if (isSending || pin === '') return
    setSending(true)
    try {
      onEnter(await call(accessApi.unlock, { pin }))
    } catch (error) {
      const said = error instanceof Problem ? error : new Problem('house.unexpected', 'unexpected')
      if (said.code === 'access.sessionNotFound') return onOver() // the password is asked for now
      setProblem(said)
      setPin('')
      setSending(false)
    }
  }
  return (
    <Form
      onSubmit={unlock}
      actions={
        <Button kind="primary" type="submit" busy={isSending}>
          {words.unlock}
        </Button>
      }
    >
      <TextField label={words.pin} type="password" autoComplete="off" autoFocus value={pin} onChange={setPin} maxLength={8} />
      <ErrorNote error={problem} />
    </Form>
  )
}
