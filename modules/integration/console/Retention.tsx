import { useMe, useRead, useWrite } from '@renxin/client'
import { Button, Dialog, ErrorNote, NumberField, notify } from '@renxin/ui'
import { useState } from 'react'
import { integrationApi } from '../contract.ts'
import { words } from '../words.ts'

/** For how many days messages are kept; whoever manages the interfaces may change it. */
export function Retention() {
  const { may } = useMe()
  const setting = useRead(integrationApi.retention, {})
  const [days, setDays] = useState<number | null>()
  const save = useWrite(integrationApi.saveRetention, {
    onSuccess: ({ keepDays }) => {
      setDays(undefined)
      notify(words.retention({ n: keepDays }))
    },
  })
  if (!setting.data) return null
  const { keepDays } = setting.data
  if (!may('integration.manage')) return <span className="rx-note">{words.retention({ n: keepDays })}</span>
  return (
    <>
      <Button kind="quiet" icon="archive" onClick={() => setDays(keepDays)}>
        {words.retention({ n: keepDays })}
      </Button>
      {days !== undefined && (
        <Dialog
          title={words.retentionTitle}
          onClose={() => setDays(undefined)}
          footer={
            <Button
              kind="primary"
              busy={save.isSending}
              disabled={days === null || days < 7}
              onClick={() => days !== null && save.send({ keepDays: days })}
            >
              {words.save}
            </Button>
          }
        >
          <NumberField
            label={words.retentionDays}
            hint={words.retentionHint}
            value={days}
            onChange={setDays}
            max={3650}
            unit={words.days}
            autoFocus
            error={days === null || days < 7 ? words.retentionRange : undefined}
          />
          <ErrorNote error={save.error} text={words.of(save.error)} />
        </Dialog>
      )}
    </>
  )
}
