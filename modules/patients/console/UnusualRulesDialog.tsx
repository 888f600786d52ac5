import { useRead, useWrite } from '@renxin/client'
import { CheckField, Dialog, Form, Loaded, MultiSelectField, NumberField, notify, Row, TextField } from '@renxin/ui'
import { useState } from 'react'
import { UnusualSettings, unusualApi, unusualRules } from '../contract.ts'
import { words } from '../words.ts'

const t = words.unusual

/** Which rules hold, and their figures. */
export function UnusualRulesDialog({ onClose }: { onClose: () => void }) {
  const settings = useRead(unusualApi.unusualSettings, {})
  return (
    <Dialog title={t.settingsTitle} onClose={onClose}>
      <Loaded of={settings}>{(data) => <Rules key={JSON.stringify(data)} data={data} onClose={onClose} />}</Loaded>
    </Dialog>
  )
}

function Rules({ data, onClose }: { data: UnusualSettings; onClose: () => void }) {
  const [said, setSaid] = useState(data)
  const change = (part: Partial<UnusualSettings>) => setSaid({ ...said, ...part })
  const save = useWrite(unusualApi.saveUnusualSettings, {
    onSuccess: () => {
      notify(t.saved)
      onClose()
    },
  })
  const isWhole = UnusualSettings.safeParse(said).success
  return (
    <Form onSubmit={() => isWhole && save.send(said)} write={save} verb={t.save} disabled={!isWhole}>
      <p className="rx-note">{t.settingsNote}</p>
      <MultiSelectField
        label={t.active}
        options={unusualRules.map((r) => ({ value: r, label: t.rules[r] }))}
        value={unusualRules.filter((r) => !said.off.includes(r))}
        onChange={(on) => change({ off: unusualRules.filter((r) => !on.includes(r)) })}
      />
      <CheckField label={t.evenAtWork} value={said.evenAtWork} onChange={(evenAtWork) => change({ evenAtWork })} />
      <Row>
        <TextField label={t.nightFrom} value={said.nightFrom} maxLength={5} onChange={(nightFrom) => change({ nightFrom })} />
        <TextField label={t.nightTo} value={said.nightTo} maxLength={5} onChange={(nightTo) => change({ nightTo })} />
      </Row>
      <NumberField label={t.usualNights} min={1} max={28} value={said.usualNights} onChange={(n) => change({ usualNights: n ?? 0 })} />
      <NumberField label={t.historyDays} min={7} max={90} value={said.historyDays} onChange={(n) => change({ historyDays: n ?? 0 })} />
      <NumberField
        label={t.factor}
        hint={t.factorHint}
        min={1}
        max={20}
        digits={1}
        value={said.factor}
        onChange={(n) => change({ factor: n ?? 0 })}
      />
      <NumberField label={t.leastSeen} min={1} max={10_000} value={said.leastSeen} onChange={(n) => change({ leastSeen: n ?? 0 })} />
    </Form>
  )
}
