import { type ReactNode, useState } from 'react'
import { failureOf, houseWords, sentenceOf } from '../words.ts'
import { Button } from './Button.tsx'
import { Icon } from './Icon.tsx'

type ErrorNoteProps = {
  error: unknown
  /** The module's own sentence, `words.of(error)`; without it the catalogues are searched by the error's code. */
  text?: string | undefined
  onRetry?: (() => unknown) | undefined
  actions?: ReactNode
}

/** What happened, why, what to do; with the code and the request's number for whoever mends it. Draws nothing without an error. */
export function ErrorNote({ error, text, onRetry, actions }: ErrorNoteProps) {
  const [copied, setCopied] = useState(false)
  if (error === null || error === undefined) return null
  const { code, requestId, details } = failureOf(error)
  const sentence = text ?? sentenceOf(error)
  const copy = () => {
    const lines = [sentence, `${houseWords.code}: ${code}`, `${houseWords.requestId}: ${requestId ?? houseWords.none}`]
    if (error instanceof Error && code === 'house.unexpected') lines.push(`${error.name}: ${error.message}`)
    if (Object.keys(details).length > 0) lines.push(JSON.stringify(details))
    navigator.clipboard?.writeText([...lines, location.pathname].join('\n')).then(
      () => setCopied(true),
      () => setCopied(false),
    )
  }
  return (
    <div className="rx-error" role="alert">
      <Icon name="alarm" size={20} />
      <div>
        <p className="rx-error-text">{sentence}</p>
        <p className="rx-error-code">
          {houseWords.code} {code}
          {requestId && ` · ${houseWords.requestId} ${requestId}`}
        </p>
        <div className="rx-error-actions">
          {onRetry && (
            <Button size="small" onClick={() => onRetry()}>
              {houseWords.retry}
            </Button>
          )}
          {actions}
          <Button size="small" kind="quiet" onClick={copy}>
            {copied ? houseWords.copied : houseWords.copyDetails}
          </Button>
        </div>
      </div>
    </div>
  )
}
