import { useWrite } from '@renxin/client'
import { newId } from '@renxin/kernel'
import { CheckField, Choice, DateField, Form, houseWords, notify, TextField, today } from '@renxin/ui'
import { useState } from 'react'
import { type Job, type Person, staffApi } from '../contract.ts'
import { words } from '../words.ts'
import { UnitsSelect } from './selects.tsx'

const jobs = ['doctor', 'nurse', 'technician', 'manager', 'other'] as const satisfies readonly Job[]

export function PersonForm({ person, onDone }: { person: Person | undefined; onDone: () => void }) {
  const [draft, setDraft] = useState(() => ({
    id: person?.id ?? newId(),
    number: person?.number ?? '',
    name: person?.name ?? '',
    job: person?.job ?? jobs[1],
    title: person?.title ?? '',
    startedOn: person?.startedOn ?? null,
    isActive: person?.isActive ?? true,
    unitIds: person?.units.map((u) => u.id) ?? [],
  }))
  const [isTried, setTried] = useState(false)
  const save = useWrite(staffApi.savePerson, {
    onSuccess: () => {
      notify(words.saved)
      onDone()
    },
  })
  const change = (part: Partial<typeof draft>) => setDraft({ ...draft, ...part })
  const submit = () => {
    setTried(true)
    if (draft.name.trim() !== '') save.send({ ...draft, number: draft.number.trim() || null, title: draft.title.trim() || null })
  }
  return (
    <Form onSubmit={submit} write={save} verb={words.save}>
      <TextField
        label={words.personName}
        required
        value={draft.name}
        onChange={(name) => change({ name })}
        maxLength={100}
        error={isTried && draft.name.trim() === '' ? houseWords.pleaseFill : undefined}
      />
      <TextField label={words.number} value={draft.number} onChange={(number) => change({ number })} maxLength={64} />
      <Choice
        label={words.jobTitle}
        value={draft.job}
        onChange={(job) => change({ job })}
        options={jobs.map((j) => ({ value: j, label: words.job[j] }))}
      />
      <TextField label={words.post} value={draft.title} onChange={(title) => change({ title })} maxLength={50} />
      <DateField label={words.startedOn} value={draft.startedOn} onChange={(startedOn) => change({ startedOn })} max={today()} />
      <UnitsSelect label={words.memberOf} hint={words.memberOfHint} value={draft.unitIds} onChange={(unitIds) => change({ unitIds })} />
      <CheckField label={words.isActive} value={draft.isActive} onChange={(isActive) => change({ isActive })} />
    </Form>
  )
}
