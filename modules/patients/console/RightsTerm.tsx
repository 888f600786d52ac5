import { useRead, useWrite } from '@renxin/client'
import { Button, Dialog, Form, houseWords, Loaded, NumberField, notify } from '@renxin/ui'
import { useState } from 'react'
import { rightsApi } from '../contract.ts'
import { words } from '../words.ts'

const t = words.rights

/** How many days the hospital gives itself to answer. */
export function RightsTerm() {
  const [isOpen, setOpen] = useState(false)
  const term = useRead(rightsApi.rightsTerm, {})
  return (
    <>
      <Button icon="settings" onClick={() => setOpen(true)}>
        {t.term}
      </Button>
      {isOpen && (
        <Dialog title={t.term} onClose={() => setOpen(false)}>
          <Loaded of={term}>{({ answerDays }) => <TermForm before={answerDays} onSaved={() => setOpen(false)} />}</Loaded>
        </Dialog>
      )}
    </>
  )
}

function TermForm({ before, onSaved }: { before: number | null; onSaved: () => void }) {
  const [answerDays, setDays] = useState(before)
  const save = useWrite(rightsApi.saveRightsTerm, {
    onSuccess: () => {
      notify(t.termSaved)
      onSaved()
    },
  })
  return (
    <Form onSubmit={() => save.send({ answerDays })} write={save} verb={houseWords.save}>
      <NumberField label={t.term} hint={t.termHint} value={answerDays} onChange={setDays} min={1} max={365} />
    </Form>
  )
}
