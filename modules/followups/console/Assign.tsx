import { useRead, useWrite } from '@renxin/client'
import { Button, Dialog, MultiSelectField } from '@renxin/ui'
import { useState } from 'react'
import { followupsApi } from '../contract.ts'
import { words } from '../words.ts'

/** Gives tasks to one, or to several evenly. */
export function Assign({ ids, onDone, onClose }: { ids: string[]; onDone: (count: number) => void; onClose: () => void }) {
  const workers = useRead(followupsApi.workers, {})
  const [among, setAmong] = useState<readonly string[]>([])
  const assign = useWrite(followupsApi.assign, { onSuccess: ({ rows }) => onDone(rows.length) })
  return (
    <Dialog
      title={words.assignTitle({ n: ids.length })}
      onClose={onClose}
      footer={
        <Button
          kind="primary"
          disabled={among.length === 0}
          busy={assign.isSending}
          onClick={() => assign.send({ ids, among: [...among] })}
        >
          {words.assignVerb({ n: ids.length })}
        </Button>
      }
    >
      <MultiSelectField
        label={words.assignTo}
        hint={words.assignHint}
        loading={workers.isLoading}
        value={among}
        onChange={setAmong}
        error={words.of(assign.error ?? workers.error)}
        options={(workers.data?.rows ?? []).map((w) => ({ value: w.id, label: `${w.name} · ${words.openTasks({ n: w.openTasks })}` }))}
      />
    </Dialog>
  )
}
