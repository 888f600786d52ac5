import { useRead, useWrite } from '@renxin/client'
import type { Reply } from '@renxin/kernel'
import { Button, Dialog, ErrorNote, NumberField, notify, Stack } from '@renxin/ui'
import { useState } from 'react'
import { auditApi, leastRetentionMonths } from '../contract.ts'
import { words } from '../words.ts'

/** How long audit rows stay in the database before they may leave as files, and how long those are kept. */
export function AuditRetention() {
  const setting = useRead(auditApi.auditSettings, {})
  const [draft, setDraft] = useState<Reply<typeof auditApi.auditSettings>>()
  const save = useWrite(auditApi.saveAuditSettings, {
    onSuccess: () => {
      setDraft(undefined)
      notify(words.retentionSaved)
    },
  })
  if (!setting.data) return null
  const { retentionMonths } = setting.data
  const isShort = (months: number | null) => months !== null && months < leastRetentionMonths
  const isSoon =
    draft !== undefined && draft.deletionMonths !== null && draft.deletionMonths < (draft.retentionMonths ?? Number.POSITIVE_INFINITY)
  const isWrong = draft !== undefined && (isShort(draft.retentionMonths) || isShort(draft.deletionMonths) || isSoon)
  return (
    <>
      <Button kind="quiet" icon="archive" onClick={() => setDraft(setting.data)}>
        {retentionMonths === null ? words.keepAll : `${words.retentionMonths} ${retentionMonths}`}
      </Button>
      {draft && (
        <Dialog
          title={words.retention}
          onClose={() => setDraft(undefined)}
          footer={
            <Button kind="primary" busy={save.isSending} disabled={isWrong} onClick={() => save.send(draft)}>
              {words.save}
            </Button>
          }
        >
          <Stack>
            <NumberField
              label={words.retentionMonths}
              hint={`${words.retentionNote} ${words.retentionEmpty}`}
              value={draft.retentionMonths}
              onChange={(retentionMonths) => setDraft({ ...draft, retentionMonths })}
              max={600}
              autoFocus
              error={isShort(draft.retentionMonths) ? words.retentionShort({ n: leastRetentionMonths }) : undefined}
            />
            <NumberField
              label={words.deletionMonths}
              hint={words.deletionNote}
              value={draft.deletionMonths}
              onChange={(deletionMonths) => setDraft({ ...draft, deletionMonths })}
              max={600}
              error={
                isShort(draft.deletionMonths) ? words.retentionShort({ n: leastRetentionMonths }) : isSoon ? words.deletionSoon : undefined
              }
            />
            <ErrorNote error={save.error} text={words.of(save.error)} />
          </Stack>
        </Dialog>
      )}
    </>
  )
}
