import { useRead, useWrite } from '@renxin/client'
import { PeopleSelect, UnitsSelect } from '@renxin/staff/console'
import { CheckField, Choice, Form, notify, SelectField, TextArea } from '@renxin/ui'
import { useState } from 'react'
import { feedbackApi, type Grade, type Opinion } from '../contract.ts'
import { words } from '../words.ts'

export const grades = ['minor', 'moderate', 'serious'] as const satisfies readonly Grade[]

/** The words of an opinion and whom it concerns, added after it was recorded. */
export function AmendForm({ opinion, onDone }: { opinion: Opinion; onDone: (opinion: Opinion) => void }) {
  const categories = useRead(feedbackApi.categories, {})
  const [draft, setDraft] = useState(() => ({
    categoryId: opinion.categoryId,
    grade: opinion.grade,
    isImportant: opinion.isImportant,
    text: opinion.text,
    unitIds: opinion.units.map((u) => u.id),
    personIds: opinion.people.map((p) => p.id),
  }))
  const amend = useWrite(feedbackApi.amend, {
    onSuccess: (saved) => {
      notify(words.amended)
      onDone(saved)
    },
  })
  const change = (part: Partial<typeof draft>) => setDraft({ ...draft, ...part })
  return (
    <Form onSubmit={() => amend.send({ id: opinion.id, ...draft })} write={amend} verb={words.save} keys>
      <TextArea label={words.text} value={draft.text} onChange={(text) => change({ text })} rows={4} maxLength={4000} autoFocus />
      <SelectField
        label={words.category}
        value={draft.categoryId}
        onChange={(categoryId) => change({ categoryId })}
        options={(categories.data?.rows ?? []).map((c) => ({ value: c.id, label: c.name }))}
      />
      <Choice
        label={words.gradeTitle}
        value={draft.grade}
        onChange={(grade) => change({ grade })}
        options={grades.map((g) => ({ value: g, label: words.grade[g] }))}
      />
      <CheckField label={words.important} value={draft.isImportant} onChange={(isImportant) => change({ isImportant })} />
      <UnitsSelect label={words.units} value={draft.unitIds} onChange={(unitIds) => change({ unitIds })} />
      <PeopleSelect label={words.people} known={opinion.people} value={draft.personIds} onChange={(personIds) => change({ personIds })} />
    </Form>
  )
}
