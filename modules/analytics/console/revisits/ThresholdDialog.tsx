import { useRead, useWrite } from '@renxin/client'
import { Button, Dialog, ErrorNote, Loaded, NumberField, notify, Stack } from '@renxin/ui'
import { useState } from 'react'
import { type RevisitThresholds, revisitKinds, revisitsApi } from '../../contract.ts'
import { words } from '../../words.ts'

const t = words.revisits

/** From which rate down a department, a doctor or a diagnosis group is marked. */
export function ThresholdDialog({ onClose }: { onClose: () => void }) {
  const thresholds = useRead(revisitsApi.revisitThresholds, {})
  return <Loaded of={thresholds}>{(set) => <Asked set={set} onClose={onClose} />}</Loaded>
}

const percentOf = (share: number | null) => (share === null ? null : Number((share * 100).toFixed(1)))

function Asked({ set, onClose }: { set: RevisitThresholds; onClose: () => void }) {
  const [percents, setPercents] = useState({ discharged: percentOf(set.discharged), outpatient: percentOf(set.outpatient) })
  const save = useWrite(revisitsApi.setRevisitThresholds, {
    onSuccess: () => {
      notify(t.thresholdSaved)
      onClose()
    },
  })
  return (
    <Dialog
      title={t.thresholdTitle}
      onClose={onClose}
      footer={
        <Button kind="primary" busy={save.isSending} onClick={() => save.send(percents)}>
          {t.setThreshold}
        </Button>
      }
    >
      <Stack gap={12}>
        {revisitKinds.map((kind) => (
          <NumberField
            key={kind}
            label={t.kind[kind]}
            hint={kind === 'discharged' ? t.thresholdHint : undefined}
            unit="%"
            min={1}
            max={100}
            digits={1}
            value={percents[kind]}
            onChange={(n) => setPercents({ ...percents, [kind]: n })}
          />
        ))}
        {save.error !== null && <ErrorNote error={words.of(save.error)} />}
      </Stack>
    </Dialog>
  )
}
