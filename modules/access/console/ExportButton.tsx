import { GoLink } from '@renxin/client'
import type { ExportWaits } from '@renxin/kernel'
import { Banner, Button, Choice, Dialog, ErrorNote, formatCount, notify, Stack, TextArea } from '@renxin/ui'
import { useState } from 'react'
import { words } from '../words.ts'

const t = words.exporting
type How = { reason: string; format: 'xlsx' | 'csv' }
type Props = {
  label: string
  /** Fetches the file: `(how) => download(api.export, { ...filters, ...how })`. */
  onTake: (how: How) => Promise<ExportWaits | undefined>
  /** The sentence for a refusal of the module that exports. */
  sentence?: (error: unknown) => string | undefined
}

/**
 * Takes data away as a file. Whoever does says why; it stands in the file, in the list of exports and in the audit. What is more than one person takes alone
 * waits for another, and that is said here.
 */
export function ExportButton(props: Props) {
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

function Asked({ label, onTake, sentence, onClose }: Props & { onClose: () => void }) {
  const [reason, setReason] = useState('')
  const [format, setFormat] = useState<How['format']>('xlsx')
  const [isBusy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()
  const [waiting, setWaiting] = useState<ExportWaits['waits']>()
  const take = () => {
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
          options={[
            { value: 'xlsx', label: 'Excel (xlsx)' },
            { value: 'csv', label: 'CSV' },
          ]}
          value={format}
          onChange={(value) => setFormat(value ?? 'xlsx')}
        />
        <ErrorNote error={error} text={sentence?.(error)} />
      </Stack>
    </Dialog>
  )
}
