import { accessApi } from '@renxin/access/contract'
import { useGo, useRead, useWrite } from '@renxin/client'
import { Button, Dialog, Form, formatTime, notify, TextArea, TextField } from '@renxin/ui'
import { useState } from 'react'
import { emergencyApi } from '../contract.ts'
import { words } from '../words.ts'

const t = words.emergency

/** Opens the file of a patient of another department, for some hours and a reason that the auditor reads. */
export function EmergencyButton() {
  const [isOpen, setOpen] = useState(false)
  return (
    <>
      <Button onClick={() => setOpen(true)}>{t.open}</Button>
      {isOpen && <Asked onClose={() => setOpen(false)} />}
    </>
  )
}

function Asked({ onClose }: { onClose: () => void }) {
  const go = useGo()
  const rules = useRead(accessApi.rules, {})
  const [draft, setDraft] = useState({ number: '', reason: '' })
  const open = useWrite(emergencyApi.openEmergency, {
    onSuccess: ({ patientId, until }) => {
      notify(until ? t.opened({ until: formatTime(until) }) : t.openAnyway)
      go('patients.file', { id: patientId })
    },
  })
  const isWhole = draft.number.trim().length >= 4 && draft.reason.trim().length >= 4
  return (
    <Dialog title={t.openTitle} onClose={onClose}>
      <Form onSubmit={() => isWhole && open.send(draft)} write={open} verb={t.verb} disabled={!isWhole}>
        {rules.data && <p>{t.openText({ hours: rules.data.emergencyHours })}</p>}
        <TextField label={t.number} required value={draft.number} onChange={(number) => setDraft({ ...draft, number })} maxLength={50} />
        <TextArea
          label={t.reason}
          hint={t.reasonHint}
          required
          value={draft.reason}
          onChange={(reason) => setDraft({ ...draft, reason })}
          maxLength={200}
        />
      </Form>
    </Dialog>
  )
}
