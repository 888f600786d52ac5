import { useRead, useWrite } from '@renxin/client'
import { Choice, Form, Loaded, NumberField, notify, Panel } from '@renxin/ui'
import { useState } from 'react'
import { type ExportLimits, exportsApi } from '../contract.ts'
import { words } from '../words.ts'

const t = words.exporting.limits
type Figure = 'aloneRows' | 'mostRows' | 'takeHours'
const figures = {
  aloneRows: { hint: t.aloneHint, min: 0, max: 50_000 },
  mostRows: { hint: t.mostHint, min: 1, max: 50_000 },
  takeHours: { hint: t.takeHint, min: 1, max: 168 },
} as const

/** From how many rows on an export waits for another person. */
export function ExportLimitsPanel() {
  const limits = useRead(exportsApi.exportLimits, {})
  return (
    <Panel title={t.title} note={t.note}>
      <Loaded of={limits}>{(set) => <LimitsForm key={JSON.stringify(set)} limits={set} />}</Loaded>
    </Panel>
  )
}

function LimitsForm({ limits }: { limits: ExportLimits }) {
  const [draft, setDraft] = useState(limits)
  const save = useWrite(exportsApi.saveExportLimits, { onSuccess: () => notify(words.saved) })
  const isTurned = draft.aloneRows > draft.mostRows
  const figure = (name: Figure) => (
    <NumberField
      label={t[name]}
      hint={figures[name].hint}
      required
      min={figures[name].min}
      max={figures[name].max}
      value={draft[name]}
      onChange={(n) => setDraft({ ...draft, [name]: n ?? figures[name].min })}
      error={name === 'aloneRows' && isTurned ? t.turned : undefined}
    />
  )
  return (
    <Form columns={2} onSubmit={() => !isTurned && save.send(draft)} write={save} verb={words.save} disabled={isTurned}>
      {figure('aloneRows')}
      {figure('mostRows')}
      {figure('takeHours')}
      <Choice
        label={t.plain}
        value={draft.plainWaits}
        onChange={(plainWaits) => setDraft({ ...draft, plainWaits: plainWaits ?? false })}
        options={[
          { value: true, label: t.plainAlways },
          { value: false, label: t.plainByRows },
        ]}
      />
    </Form>
  )
}
