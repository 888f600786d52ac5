import { useWrite } from '@renxin/client'
import { Button, DateField, Dialog, ErrorNote, houseWords, today } from '@renxin/ui'
import { useState } from 'react'
import { type PatientFile, patientsApi } from '../contract.ts'
import { words } from '../words.ts'

/** Marks that a person has died, or takes it back: both change what is planned, so both ask first. */
export function DeceasedButton({ file }: { file: PatientFile }) {
  const [isOpen, setOpen] = useState(false)
  const [day, setDay] = useState<string | null>(today())
  const mark = useWrite(patientsApi.markDeceased, { onSuccess: () => setOpen(false) })
  const isDead = file.deceasedAt !== null
  const verb = isDead ? words.takeBackDeath : words.markDeceased
  const send = () => {
    if (isDead) mark.send({ patientId: file.id, at: null })
    else if (day) mark.send({ patientId: file.id, at: `${day}T12:00:00Z` }) // a day; noon keeps it that day in every zone of the country
  }
  return (
    <>
      <Button onClick={() => setOpen(true)}>{verb}</Button>
      {isOpen && (
        <Dialog
          title={verb}
          onClose={() => setOpen(false)}
          footer={
            <>
              <Button onClick={() => setOpen(false)}>{houseWords.cancel}</Button>
              <Button kind="primary" busy={mark.isSending} disabled={!isDead && !day} onClick={send}>
                {verb}
              </Button>
            </>
          }
        >
          <p>{isDead ? words.takeBackDeathText : words.markDeceasedText}</p>
          {!isDead && <DateField label={words.deceasedOn} value={day} onChange={setDay} max={today()} required />}
          <ErrorNote error={mark.error} text={words.of(mark.error)} />
        </Dialog>
      )}
    </>
  )
}
