import { download } from '@renxin/client'
import { Button, Choice, Dialog, ErrorNote, Stack, TextArea } from '@renxin/ui'
import { useState } from 'react'
import { type AuditFilters, auditApi, type auditFormats } from '../contract.ts'
import { words } from '../words.ts'

type Format = (typeof auditFormats)[number]

/** Takes the rows of the present question away as a file, with a reason. */
export function AuditExport({ filters }: { filters: AuditFilters }) {
  const [isAsked, setAsked] = useState(false)
  return (
    <>
      <Button icon="download" onClick={() => setAsked(true)}>
        {words.exportAudit}
      </Button>
      {isAsked && <Asked filters={filters} onClose={() => setAsked(false)} />}
    </>
  )
}

function Asked({ filters, onClose }: { filters: AuditFilters; onClose: () => void }) {
  const [reason, setReason] = useState('')
  const [format, setFormat] = useState<Format>('xlsx')
  const [isBusy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()
  const take = () => {
    setBusy(true)
    download(auditApi.exportAudit, { ...filters, format, reason })
      .then(onClose, setError)
      .finally(() => setBusy(false))
  }
  return (
    <Dialog
      title={words.exportAudit}
      onClose={onClose}
      footer={
        <Button kind="primary" busy={isBusy} disabled={reason.trim().length < 2} onClick={take}>
          {words.exportAudit}
        </Button>
      }
    >
      <Stack>
        <TextArea label={words.reason} hint={words.exportWhy} value={reason} onChange={setReason} maxLength={200} autoFocus required />
        <Choice
          label={words.exportFormat}
          options={[
            { value: 'xlsx', label: 'Excel (xlsx)' },
            { value: 'csv', label: 'CSV' },
          ]}
          value={format}
          onChange={(value) => setFormat(value ?? 'xlsx')}
        />
        <ErrorNote error={error} text={words.of(error)} />
      </Stack>
    </Dialog>
  )
}
