import { GoLink } from '@renxin/client'
import type { ExportWaits } from '@renxin/kernel'
import { Banner, Button, Choice, Dialog, ErrorNote, formatCount, notify, Stack, TextArea } from '@renxin/ui'
import { type ReactNode, useState } from 'react'
import { words } from '../words.ts'

const t = words.exporting
type How<F extends string> = { reason: string; format: F }
type Format<F extends string> = { value: F; label: string; hint?: string }
type Sheet = 'xlsx' | 'csv' | 'pdf'
type Shared<F extends string> = {
  label: string
  /** Fetches the file: `(how) => download(api.export, { ...filters, ...how })`. */
  onTake: (how: How<F>) => Promise<ExportWaits | undefined>
  /** What else is asked before it is taken. */
  children?: ReactNode
  /** The sentence for a refusal of the module that exports. */
  sentence?: (error: unknown) => string | undefined
}
type Props<F extends string> = Shared<F> & { formats: readonly Format<F>[] }

const sheets: readonly Format<Sheet>[] = [
  { value: 'xlsx', label: 'Excel (xlsx)' },
  { value: 'csv', label: 'CSV' },
  { value: 'pdf', label: 'PDF' },
]

/**
 * Takes data away as a file. Whoever does says why; it stands in the file, in the list of exports and in the audit. What is more than one person takes alone
 * waits for another, and that is said here.
 */
export function ExportButton(props: Shared<Sheet>) {
  return <ExportAs {...props} formats={sheets} />
}

/** The same in formats of the route's own. */
export function ExportAs<F extends string>(props: Props<F>) {
  const [isAsked, setAsked] = useState(false)
  return (
    <>
      <Button icon="download" onClick={() => setAsked(true)}>
        {props.label}
      </Button>
      {isAsked && <Asked {...props} onClose={() => setAsked(false)} />}
    </>
  )
}

function Asked<F extends string>({ label, onTake, formats, children, sentence, onClose }: Props<F> & { onClose: () => void }) {
  const [reason, setReason] = useState('')
  const [format, setFormat] = useState(formats[0]?.value)
  const [isBusy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()
  const [waiting, setWaiting] = useState<ExportWaits['waits']>()
  const take = () => {
    if (!format) return
    setBusy(true)
    onTake({ format, reason: reason.trim() })
      .then((reply) => {
        if (reply) return setWaiting(reply.waits)
        notify(t.done)
        onClose()
      }, setError)
      .finally(() => setBusy(false))
  }
  if (waiting)
    return (
      <Dialog title={t.release.waits} onClose={onClose} footer={<GoLink to="access.ownExports">{t.release.own}</GoLink>}>
        <Banner tone="warning">{t.release.waitsText({ rows: formatCount(waiting.rows) })}</Banner>
      </Dialog>
    )
  return (
    <Dialog
      title={label}
      onClose={onClose}
      footer={
        <Button kind="primary" busy={isBusy} disabled={reason.trim().length < 2} onClick={take}>
          {t.take}
        </Button>
      }
    >
      <Stack>
        <TextArea label={words.reason} hint={t.why} value={reason} onChange={setReason} maxLength={200} autoFocus required />
        <Choice
          label={t.format}
          hint={formats.find((f) => f.value === format)?.hint}
          options={formats.map(({ value, label: name }) => ({ value, label: name }))}
          value={format}
          onChange={setFormat}
        />
        {children}
        <ErrorNote error={error} text={sentence?.(error)} />
      </Stack>
    </Dialog>
  )
}
