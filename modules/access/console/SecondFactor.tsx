import { useWrite } from '@renxin/client'
import { Banner, Button, Form, QrCode, Stack, TextField } from '@renxin/ui'
import { useState } from 'react'
import { accessApi } from '../contract.ts'
import { words } from '../words.ts'

type SecondFactorProps = { hasFactor: boolean; onChanged: () => void }

/** Sets up an authenticator, step by step, or takes it away. */
export function SecondFactor({ hasFactor, onChanged }: SecondFactorProps) {
  const [shown, setShown] = useState<{ secret: string; uri: string }>()
  const [recoveryCodes, setRecoveryCodes] = useState<string[]>()
  if (recoveryCodes)
    return (
      <RecoveryCodes
        codes={recoveryCodes}
        onKept={() => {
          setRecoveryCodes(undefined)
          onChanged()
        }}
      />
    )
  if (hasFactor) return <Remove onChanged={onChanged} />
  if (shown) return <Confirm shown={shown} onConfirmed={setRecoveryCodes} />
  return <Begin onShown={setShown} />
}

function Begin({ onShown }: { onShown: (shown: { secret: string; uri: string }) => void }) {
  const [password, setPassword] = useState('')
  const begin = useWrite(accessApi.beginSecondFactor, { onSuccess: onShown })
  return (
    <Form onSubmit={() => password !== '' && begin.send({ password })} write={begin} verb={words.factorBegin} disabled={password === ''}>
      <p>{words.factorText}</p>
      <Password value={password} onChange={setPassword} />
    </Form>
  )
}

function Confirm({ shown, onConfirmed }: { shown: { secret: string; uri: string }; onConfirmed: (codes: string[]) => void }) {
  const [code, setCode] = useState('')
  const confirm = useWrite(accessApi.confirmSecondFactor, { onSuccess: ({ recoveryCodes }) => onConfirmed(recoveryCodes) })
  return (
    <Form
      onSubmit={() => code.length === 6 && confirm.send({ code })}
      write={confirm}
      verb={words.factorConfirm}
      disabled={code.length !== 6}
    >
      <p>{words.factorScan}</p>
      <QrCode text={shown.uri} label={words.factorQr} />
      <p>
        {words.factorByHand} <code>{shown.secret.match(/.{1,4}/g)?.join(' ')}</code>
      </p>
      <Code value={code} onChange={setCode} hint={words.codeOfPhone} />
    </Form>
  )
}

function RecoveryCodes({ codes, onKept }: { codes: readonly string[]; onKept: () => void }) {
  return (
    <Stack>
      <Banner tone="warning">{words.recoveryText}</Banner>
      <h3>{words.recoveryTitle}</h3>
      <pre>{codes.join('\n')}</pre>
      <div>
        <Button kind="primary" onClick={onKept}>
          {words.iKeptIt}
        </Button>
      </div>
    </Stack>
  )
}

function Remove({ onChanged }: { onChanged: () => void }) {
  const [password, setPassword] = useState('')
  const [code, setCode] = useState('')
  const remove = useWrite(accessApi.removeSecondFactor, { onSuccess: onChanged })
  const isWhole = password !== '' && code.length >= 6
  return (
    <Form
      onSubmit={() => isWhole && remove.send({ password, code })}
      write={remove}
      columns={2}
      actions={
        <Button kind="danger" type="submit" busy={remove.isSending} disabled={!isWhole}>
          {words.factorRemove}
        </Button>
      }
    >
      <Password value={password} onChange={setPassword} />
      <Code value={code} onChange={setCode} />
    </Form>
  )
}

const Password = (field: { value: string; onChange: (text: string) => void }) => (
  <TextField label={words.currentPassword} type="password" autoComplete="current-password" required {...field} />
)

const Code = (field: { value: string; onChange: (text: string) => void; hint?: string }) => (
  <TextField label={words.code} hint={words.codeHint} autoComplete="one-time-code" required maxLength={20} {...field} />
)
