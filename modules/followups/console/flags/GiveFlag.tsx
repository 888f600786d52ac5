import { useRead, useWrite } from '@renxin/client'
import { Button, Dialog, ErrorNote, notify, SelectField, Stack, TextField } from '@renxin/ui'
import { useState } from 'react'
import { type Flag, flagsApi } from '../../contract.ts'
import { words } from '../../words.ts'

const w = words.flags

/** Gives a red flag to a doctor who can see to it; whoever has it sees what the giver said. */
export function GiveFlag({ flag, onClose }: { flag: Flag; onClose: () => void }) {
  const doctors = useRead(flagsApi.flagDoctors, {})
  const [doctorId, setDoctorId] = useState<string | null>(null)
  const [note, setNote] = useState('')
  const give = useWrite(flagsApi.giveFlag, {
    onSuccess: (f) => {
      notify(w.given({ name: f.doctorName ?? '' }))
      onClose()
    },
  })
  return (
    <Dialog
      title={w.giveTitle({ title: flag.title })}
      onClose={onClose}
      footer={
        <Button
          kind="primary"
          disabled={doctorId === null}
          busy={give.isSending}
          onClick={() => doctorId !== null && give.send({ id: flag.id, doctorId, note })}
        >
          {w.give}
        </Button>
      }
    >
      <Stack gap={12}>
        <SelectField
          label={w.giveTo}
          required
          value={doctorId}
          onChange={setDoctorId}
          loading={doctors.isLoading}
          options={(doctors.data?.rows ?? []).map((d) => ({
            value: d.id,
            label: [d.name, d.title, w.openFlags({ n: d.openFlags })].filter(Boolean).join(' · '),
          }))}
        />
        <TextField label={w.giveNote} maxLength={500} value={note} onChange={setNote} />
        <ErrorNote error={give.error} text={words.of(give.error)} />
      </Stack>
    </Dialog>
  )
}
