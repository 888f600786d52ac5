import { useWrite } from '@renxin/client'
import { Choice, Dialog, Form, notify, TextArea, TextField } from '@renxin/ui'
import { useState } from 'react'
import { type UnusualLook, unusualApi } from '../contract.ts'
import { reasonText } from '../unusual-reason.ts'
import { words } from '../words.ts'

const t = words.unusual

/** What came of it: whom the auditor asked, and whether that explains it. */
export function DecideUnusual({ look, onClose }: { look: UnusualLook; onClose: () => void }) {
  const [state, setState] = useState<'explained' | 'followUp' | null>(look.state === 'open' ? null : look.state)
  const [asked, setAsked] = useState(look.asked ?? '')
  const [note, setNote] = useState(look.note ?? '')
  const decide = useWrite(unusualApi.decideUnusual, {
    onSuccess: () => {
      notify(t.decided)
      onClose()
    },
  })
  const isWhole = state !== null && note.trim().length >= 2
  return (
    <Dialog title={t.decideTitle({ who: look.actorName })} onClose={onClose}>
      <Form
        onSubmit={() => isWhole && decide.send({ id: look.id, state, asked: asked.trim() || null, note: note.trim() })}
        write={decide}
        verb={t.saveNote}
        disabled={!isWhole}
      >
        <p>{`${look.day} · ${t.rules[look.rule]} · ${look.reason ? reasonText(look.reason) : t.hidden}`}</p>
        <Choice
          label={t.state}
          required
          value={state}
          onChange={setState}
          options={[
            { value: 'explained', label: t.states.explained },
            { value: 'followUp', label: t.states.followUp },
          ]}
        />
        <TextField label={t.asked} placeholder={t.askedHint} value={asked} onChange={setAsked} maxLength={100} />
        <TextArea label={t.noteText} required value={note} onChange={setNote} maxLength={500} />
      </Form>
    </Dialog>
  )
}
