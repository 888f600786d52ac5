import { useState } from 'react'
import { TextArea } from '../forms/text-fields.tsx'
import { useKeys } from '../keys/use-keys.ts'
import { Button } from '../parts/Button.tsx'
import { houseWords } from '../words.ts'
import { Dialog } from './Dialog.tsx'

type AskTextProps = {
  question: string
  /** What stands beside the field: an example, what will be done with it. */
  hint?: string
  initial?: string
  verb?: string
  maxLength?: number
  mayBeEmpty?: boolean
  busy?: boolean
  /** The sentence for what the server refused, `words.of(write.error)`. The text stays. */
  error?: string | undefined
  onAnswer: (text: string) => void
  onCancel: () => void
}

/** Asks for some lines of text. Ctrl+Enter sends. */
export function AskText(props: AskTextProps) {
  return (
    <Dialog title={props.question} onClose={props.onCancel}>
      <Asked {...props} />
    </Dialog>
  )
}

function Asked({
  question,
  hint,
  initial = '',
  verb = houseWords.save,
  maxLength,
  mayBeEmpty = false,
  busy = false,
  error,
  onAnswer,
  onCancel,
}: AskTextProps) {
  const [text, setText] = useState(initial)
  const [isTried, setTried] = useState(false)
  const answer = () => {
    setTried(true)
    if (!busy && (mayBeEmpty || text.trim() !== '')) onAnswer(text.trim())
  }
  useKeys({ 'Ctrl+Enter': answer })
  return (
    <>
      <TextArea
        label={question}
        hideLabel
        value={text}
        onChange={setText}
        rows={4}
        autoFocus
        hint={hint}
        maxLength={maxLength}
        error={error ?? (isTried && !mayBeEmpty && text.trim() === '' ? houseWords.pleaseFill : undefined)}
      />
      <div className="rx-layer-foot">
        <Button onClick={onCancel}>{houseWords.cancel}</Button>
        <Button kind="primary" busy={busy} onClick={answer} keys="Ctrl+Enter">
          {verb}
        </Button>
      </div>
    </>
  )
}
