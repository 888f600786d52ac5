import { Button, Dialog, ErrorNote, Form, TextArea, TextField } from '@renxin/ui'
import { useState } from 'react'
import { words } from '../words.ts'

type MendTextProps = {
  initial: string
  busy: boolean
  error: string | undefined
  onMend: (said: { text: string; reason: string }) => void
  onClose: () => void
}

/** Another text beside the one that came, and why. */
export function MendText({ initial, busy, error, onMend, onClose }: MendTextProps) {
  const [text, setText] = useState(initial)
  const [reason, setReason] = useState('')
  const isReady = text.trim() !== '' && reason.trim().length > 1
  const submit = () => {
    if (isReady && !busy) onMend({ text, reason })
  }
  return (
    <Dialog
      title={words.editQuestion}
      size={720}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{words.cancel}</Button>
          <Button kind="primary" busy={busy} disabled={!isReady} onClick={submit} keys="Ctrl+Enter">
            {words.saveAndRead}
          </Button>
        </>
      }
    >
      <Form onSubmit={submit}>
        <TextArea label={words.raw} hint={words.editHint} rows={12} autoFocus value={text} onChange={setText} />
        <TextField label={words.mendReason} hint={words.mendReasonHint} required maxLength={200} value={reason} onChange={setReason} />
      </Form>
      <ErrorNote error={error} text={error} />
    </Dialog>
  )
}
