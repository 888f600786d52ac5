import { useRead, useWrite } from '@renxin/client'
import { Button, Dialog, Form, Loaded, NumberField, notify } from '@renxin/ui'
import { useState } from 'react'
import { largestHidden, type SmallSamples, smallestSample, surveysApi } from '../contract.ts'
import { words } from '../words.ts'

const w = words.results

/** Below how many answers the hospital shows nothing. */
export function SmallSamplesButton() {
  const [isOpen, setOpen] = useState(false)
  return (
    <>
      <Button onClick={() => setOpen(true)}>{w.least}</Button>
      {isOpen && <Asked onClose={() => setOpen(false)} />}
    </>
  )
}

function Asked({ onClose }: { onClose: () => void }) {
  const kept = useRead(surveysApi.smallSamples, {})
  return (
    <Dialog title={w.least} onClose={onClose}>
      <p>{w.leastHelp({ min: smallestSample })}</p>
      <Loaded of={kept}>{(before) => <LeastForm before={before} onClose={onClose} />}</Loaded>
    </Dialog>
  )
}

function LeastForm({ before, onClose }: { before: SmallSamples; onClose: () => void }) {
  const [least, setLeast] = useState<number | null>(before.least)
  const save = useWrite(surveysApi.saveSmallSamples, {
    onSuccess: (after) => {
      notify(w.leastSaved({ least: after.least }))
      onClose()
    },
  })
  const isReady = least !== null && least >= smallestSample && least <= largestHidden
  return (
    <Form onSubmit={() => isReady && save.send({ least })} write={save} verb={w.saveLeast} disabled={!isReady || least === before.least}>
      <NumberField label={w.leastField} required value={least} onChange={setLeast} min={smallestSample} max={largestHidden} />
    </Form>
  )
}
