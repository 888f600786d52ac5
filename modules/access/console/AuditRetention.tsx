import { useRead, useWrite } from '@renxin/client'
import { Button, Dialog, ErrorNote, NumberField, notify } from '@renxin/ui'
import { useState } from 'react'
import { auditApi, leastRetentionMonths } from '../contract.ts'
import { words } from '../words.ts'

/** How long audit rows stay in the database before they may leave as files. */
export function AuditRetention() {
  const setting = useRead(auditApi.auditSettings, {})
  const [months, setMonths] = useState<number | null>()
  const save = useWrite(auditApi.saveAuditSettings, {
    onSuccess: () => {
      setMonths(undefined)
      notify(words.retentionSaved)
    },
  })
  if (!setting.data) return null
  const { retentionMonths } = setting.data
  const isShort = typeof months === 'number' && months < leastRetentionMonths
  return (
    <>
      <Button kind="quiet" icon="archive" onClick={() => setMonths(retentionMonths)}>
        {retentionMonths === null ? words.keepAll : `${words.retentionMonths} ${retentionMonths}`}
      </Button>
      {months !== undefined && (
        <Dialog
          title={words.retention}
          onClose={() => setMonths(undefined)}
          footer={
            <Button kind="primary" busy={save.isSending} disabled={isShort} onClick={() => save.send({ retentionMonths: months })}>
              {words.save}
            </Button>
          }
        >
          <NumberField
            label={words.retentionMonths}
            hint={`${words.retentionNote} ${words.retentionEmpty}`}
            value={months}
            onChange={setMonths}
            max={600}
            autoFocus
            error={isShort ? words.retentionShort({ n: leastRetentionMonths }) : undefined}
          />
          <ErrorNote error={save.error} text={words.of(save.error)} />
        </Dialog>
      )}
    </>
  )
}
