import { useMe, useRead, useWrite } from '@renxin/client'
import { newId } from '@renxin/kernel'
import { patientsApi } from '@renxin/patients/contract'
import { PeopleSelect, UnitsSelect } from '@renxin/staff/console'
import { CheckField, Choice, Form, formatDay, houseWords, MomentField, notify, SelectField, TextArea, TextField } from '@renxin/ui'
import { useState } from 'react'
import { feedbackApi, type Grade, OpinionKind, type Source } from '../contract.ts'
import { words } from '../words.ts'
import { grades } from './AmendForm.tsx'

const sources = ['walkIn', 'letter', 'hotline', 'visit', 'call'] as const satisfies readonly Source[]

const blank = () => ({
  id: newId(),
  kind: null as OpinionKind | null, // widened: these are chosen later
  source: 'walkIn' as Source,
  categoryId: null as string | null,
  grade: null as Grade | null,
  isImportant: false,
  text: '',
  unitIds: [] as string[],
  personIds: [] as string[],
  patientId: null as string | null,
  speakerName: '',
  speakerPhone: '',
  receivedAt: null as string | null,
})

/** What came in by letter, at the counter or on the hotline. */
export function NewOpinion({ onDone }: { onDone: () => void }) {
  const { may } = useMe()
  const categories = useRead(feedbackApi.categories, {})
  const [draft, setDraft] = useState(blank)
  const [isTried, setTried] = useState(false)
  const record = useWrite(feedbackApi.record, {
    onSuccess: (opinion) => {
      notify(words.recorded({ kind: words.kind[opinion.kind] }))
      onDone()
    },
  })
  const change = (part: Partial<typeof draft>) => setDraft({ ...draft, ...part })
  const submit = () => {
    setTried(true)
    const { kind, receivedAt, speakerName, speakerPhone, ...rest } = draft
    if (!kind || rest.text.trim() === '') return
    record.send({
      ...rest,
      kind,
      speakerName: speakerName.trim() || null,
      speakerPhone: speakerPhone.trim() || null,
      ...(receivedAt && { receivedAt }),
    })
  }
  return (
    <Form onSubmit={submit} write={record} verb={words.save} keys>
      <Choice
        label={words.kindTitle}
        required
        numbered
        value={draft.kind}
        onChange={(kind) => change({ kind })}
        options={OpinionKind.options.map((k) => ({ value: k, label: words.kind[k] }))}
        error={isTried && !draft.kind ? words.mustChoose : undefined}
      />
      <Choice
        label={words.sourceTitle}
        value={draft.source}
        onChange={(source) => change({ source })}
        options={sources.map((s) => ({ value: s, label: words.source[s] }))}
      />
      <SelectField
        label={words.category}
        value={draft.categoryId}
        onChange={(categoryId) => change({ categoryId })}
        options={(categories.data?.rows ?? []).map((c) => ({ value: c.id, label: c.name }))}
      />
      <TextArea
        label={words.text}
        required
        rows={4}
        maxLength={4000}
        value={draft.text}
        onChange={(text) => change({ text })}
        error={isTried && draft.text.trim() === '' ? houseWords.pleaseFill : undefined}
      />
      {may('patients.read') && <PatientField value={draft.patientId} onChange={(patientId) => change({ patientId })} />}
      <TextField label={words.speaker} value={draft.speakerName} onChange={(speakerName) => change({ speakerName })} maxLength={50} />
      <TextField
        label={words.speakerPhone}
        type="tel"
        value={draft.speakerPhone}
        onChange={(speakerPhone) => change({ speakerPhone })}
        maxLength={30}
      />
      <UnitsSelect label={words.units} value={draft.unitIds} onChange={(unitIds) => change({ unitIds })} />
      <PeopleSelect label={words.people} value={draft.personIds} onChange={(personIds) => change({ personIds })} />
      <MomentField label={words.receivedAt} value={draft.receivedAt} onChange={(receivedAt) => change({ receivedAt })} />
      <Choice
        label={words.gradeTitle}
        value={draft.grade}
        onChange={(grade) => change({ grade })}
        options={grades.map((g) => ({ value: g, label: words.grade[g] }))}
      />
      <CheckField label={words.important} value={draft.isImportant} onChange={(isImportant) => change({ isImportant })} />
    </Form>
  )
}

function PatientField({ value, onChange }: { value: string | null; onChange: (id: string | null) => void }) {
  const [search, setSearch] = useState('')
  const found = useRead(patientsApi.search, { q: search, limit: 10 }, { enabled: search.trim().length > 1, keep: true })
  const [chosen, setChosen] = useState<{ value: string; label: string }>()
  const hits = (found.data?.rows ?? []).map((p) => ({
    value: p.id,
    label: [p.name, houseWords.sex[p.sex], p.birthOn && formatDay(p.birthOn), p.medicalRecordNumber].filter((part) => part).join(' · '),
  }))
  const options = chosen && !hits.some((h) => h.value === chosen.value) ? [chosen, ...hits] : hits
  return (
    <SelectField
      label={words.patient}
      placeholder={words.searchPatient}
      value={value}
      onSearch={setSearch}
      loading={found.isFetching}
      options={options}
      onChange={(id) => {
        setChosen(options.find((o) => o.value === id))
        onChange(id)
      }}
    />
  )
}
