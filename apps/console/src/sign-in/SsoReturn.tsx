import { type Me, ssoApi } from '@renxin/access/contract'
import { call, Problem } from '@renxin/client'
import { Mark } from '@renxin/ui'
import { houseWords, sentenceOf } from '@renxin/ui/words'
import { type FormEvent, useEffect, useId, useRef, useState } from 'react'
import { words } from '../words.ts'
import { Splash } from './Splash.tsx'
import { type Came, goBackTheWay, tellEntered } from './sso.ts'

type SsoReturnProps = { came: Came; onEnter: (me: Me) => void; onBegin: () => void }

/** Whoever comes back from the hospital's provider: let in, asked for the code of his authenticator, or told why not. */
export function SsoReturn({ came, onEnter, onBegin }: SsoReturnProps) {
  const [problem, setProblem] = useState<Problem>()
  const [asksCode, setAsksCode] = useState(false)
  const isAsked = useRef(false)
  const { isInWindow, ...said } = came
  const enter = (me: Me) => {
    if (isInWindow) {
      tellEntered()
      return window.close()
    }
    goBackTheWay()
    onEnter(me)
  }
  const refuse = (error: unknown) => {
    const said = error instanceof Problem ? error : new Problem('house.unexpected', 'unexpected')
    setProblem(said)
    if (said.code === 'access.ssoCodeNeeded') setAsksCode(true)
    else if (said.code !== 'access.wrongCode') setAsksCode(false)
  }
  useEffect(() => {
    if (isAsked.current) return
    isAsked.current = true
    document.title = `${words.ssoTitle} · ${houseWords.product}`
    if (!isInWindow) onBegin()
    call(ssoApi.finishSso, said).then(enter, refuse)
  })
  const confirm = (code: string) =>
    call(ssoApi.confirmSso, { ...(came.hospitalId !== undefined && { hospitalId: came.hospitalId }), code }).then(enter, refuse)

  if (!problem) return <Splash />
  return (
    <main className="sign-in-main sign-in-alone">
      <div className="sign-in-box">
        <Mark size={36} />
        <h1>{words.ssoTitle}</h1>
        <div aria-live="assertive">
          <p className={asksCode && problem.code === 'access.ssoCodeNeeded' ? 'sign-in-note' : 'sign-in-problem'}>{sentenceOf(problem)}</p>
        </div>
        {asksCode && <CodeForm onCode={confirm} />}
        {isInWindow ? (
          <button type="button" className="rx-button rx-button-quiet" onClick={() => window.close()}>
            {words.ssoClose}
          </button>
        ) : (
          <button
            type="button"
            className="rx-button rx-button-quiet"
            onClick={() => {
              goBackTheWay()
              location.reload()
            }}
          >
            {words.ssoBack}
          </button>
        )}
      </div>
    </main>
  )
}

function CodeForm({ onCode }: { onCode: (code: string) => Promise<void> }) {
  const [code, setCode] = useState('')
  const [isSending, setSending] = useState(false)
  const id = useId()
  const send = (event: FormEvent) => {
    event.preventDefault()
    if (isSending || code.trim().length < 6) return
    setSending(true)
    void onCode(code.trim()).finally(() => setSending(false))
  }
  return (
    <form className="sign-in-form" onSubmit={send} aria-busy={isSending}>
      <div className="rx-field">
        <label htmlFor={id}>{words.code}</label>
        <input
          id={id}
          className="rx-input"
          name="code"
          autoComplete="one-time-code"
          maxLength={20}
          // biome-ignore lint/a11y/noAutofocus: the page asks for nothing else
          autoFocus
          value={code}
          onChange={(e) => setCode(e.target.value)}
        />
      </div>
      <button type="submit" className="rx-button rx-button-primary rx-button-large rx-block" aria-disabled={isSending}>
        {words.ssoCode}
      </button>
    </form>
  )
}
