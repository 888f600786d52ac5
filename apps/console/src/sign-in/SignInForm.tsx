import { accessApi, type Me } from '@renxin/access/contract'
import { call, Problem } from '@renxin/client'
import { houseWords, sentenceOf } from '@renxin/ui/words'
import { type FormEvent, useId, useRef, useState } from 'react'
import { words } from '../words.ts'
import { SsoButton } from './SsoButton.tsx'

type SignInFormProps = {
  hospitals: readonly { id: number; name: string }[]
  /** Who signs in again, and where, when the console was locked. */
  name?: string
  hospitalId?: number
  onEnter: (me: Me) => void
  onBegin?: () => void
}

export function SignInForm({ hospitals, name: known, hospitalId: locked, onEnter, onBegin }: SignInFormProps) {
  const [hospitalId, setHospitalId] = useState<number>()
  const [name, setName] = useState(known ?? '')
  const [password, setPassword] = useState('')
  const [code, setCode] = useState<string>() // once it is asked for
  const [problem, setProblem] = useState<Problem>()
  const [isSending, setSending] = useState(false)
  const passwordField = useRef<HTMLInputElement>(null)
  const id = useId()
  const chosen = locked ?? hospitalId ?? hospitals[0]?.id

  const signIn = async (event: FormEvent) => {
    event.preventDefault()
    if (isSending || name.trim() === '' || password === '') return
    setSending(true)
    setProblem(undefined)
    onBegin?.()
    try {
      onEnter(
        await call(accessApi.signIn, {
          ...((locked !== undefined || hospitals.length > 1) && { hospitalId: chosen }),
          name: name.trim(),
          password,
          ...(code && { code: code.trim() }),
        }),
      )
    } catch (error) {
      setProblem(error instanceof Problem ? error : new Problem('house.unexpected', 'unexpected'))
      setSending(false)
      if (error instanceof Problem && error.code === 'access.codeNeeded') setCode('')
      else if (code === undefined) passwordField.current?.select()
    }
  }
  const described = problem ? `${id}-problem` : undefined
  return (
    <form className="sign-in-form" onSubmit={signIn} aria-busy={isSending}>
      {hospitals.length > 1 && (
        <div className="rx-field">
          <label htmlFor={`${id}-hospital`}>{words.hospital}</label>
          <select id={`${id}-hospital`} className="rx-input" value={chosen} onChange={(e) => setHospitalId(Number(e.target.value))}>
            {hospitals.map((h) => (
              <option key={h.id} value={h.id}>
                {h.name}
              </option>
            ))}
          </select>
        </div>
      )}
      <div className="rx-field">
        <label htmlFor={`${id}-name`}>{words.name}</label>
        <input
          id={`${id}-name`}
          className="rx-input"
          name="username"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          required
          readOnly={known !== undefined}
          value={name}
          aria-describedby={described}
          onFocus={onBegin}
          onChange={(e) => setName(e.target.value)}
        />
      </div>
      <div className="rx-field">
        <label htmlFor={`${id}-password`}>{words.password}</label>
        <input
          ref={passwordField}
          id={`${id}-password`}
          className="rx-input"
          name="password"
          type="password"
          autoComplete="current-password"
          required
          // biome-ignore lint/a11y/noAutofocus: the locked console asks for nothing else
          autoFocus={known !== undefined}
          value={password}
          aria-describedby={described}
          aria-invalid={(problem?.kind === 'unauthenticated' && code === undefined) || undefined}
          onChange={(e) => setPassword(e.target.value)}
        />
      </div>
      {code !== undefined && (
        <div className="rx-field">
          <label htmlFor={`${id}-code`}>{words.code}</label>
          <input
            id={`${id}-code`}
            className="rx-input"
            name="code"
            autoComplete="one-time-code"
            maxLength={20}
            // biome-ignore lint/a11y/noAutofocus: the form asks for nothing else now
            autoFocus
            value={code}
            aria-describedby={described}
            onChange={(e) => setCode(e.target.value)}
          />
        </div>
      )}
      <div aria-live="assertive">
        {problem && (
          <p className="sign-in-problem" id={described}>
            {sentenceOf(problem)}
            {problem.requestId && problem.kind !== 'unauthenticated' && (
              <small>
                {houseWords.requestId} {problem.requestId}
              </small>
            )}
          </p>
        )}
      </div>
      <button
        type="submit"
        className={`rx-button rx-button-primary rx-button-large rx-block${isSending ? ' rx-busy' : ''}`}
        aria-disabled={isSending}
      >
        <span className="rx-button-face">{words.signIn}</span>
        {isSending && <span className="rx-spinner" />}
      </button>
      <SsoButton key={chosen} hospitalId={chosen} isLocked={known !== undefined} onEnter={onEnter} />
    </form>
  )
}
