import { GoLink, useMe, useRead, useWrite } from '@renxin/client'
import {
  Button,
  CheckField,
  Column,
  Form,
  houseWords,
  notify,
  Panel,
  Row,
  SelectField,
  Stack,
  Table,
  TextArea,
  TextField,
} from '@renxin/ui'
import { useState } from 'react'
import { type ContactPerson, cleanPhone, PersonKind, type PersonTie, peopleApi, Relation, type SearchHit } from '../contract.ts'
import { words } from '../words.ts'
import { sexAndAge } from './PatientCard.tsx'
import { PatientSearch } from './PatientSearch.tsx'

const t = words.people

export function PersonForm({ id: given, person, onDone }: { id: string; person?: ContactPerson; onDone: () => void }) {
  const [id] = useState(given)
  const [draft, setDraft] = useState({
    kind: person?.kind ?? ('family' as PersonKind),
    name: person?.name ?? '',
    organisation: person?.organisation ?? '',
    phone: '',
    note: person?.note ?? '',
    isActive: person?.isActive ?? true,
  })
  const [isTried, setTried] = useState(false)
  const save = useWrite(peopleApi.savePerson, {
    onSuccess: ({ name }) => {
      notify(t.saved({ name }))
      onDone()
    },
  })
  const change = (part: Partial<typeof draft>) => setDraft({ ...draft, ...part })
  const wrongName = draft.name.trim() === '' ? houseWords.pleaseFill : undefined
  const wrongPhone = draft.phone.trim() !== '' && !cleanPhone(draft.phone)?.mayContact ? words.errors.badPhone : undefined
  const submit = () => {
    setTried(true)
    if (wrongName || wrongPhone) return
    const { phone, ...said } = draft
    save.send({ id, ...said, ...(phone.trim() === '' ? {} : { phone }) })
  }
  return (
    <Form onSubmit={submit} write={save} verb={houseWords.save}>
      <TextField
        label={words.name}
        required
        value={draft.name}
        onChange={(name) => change({ name })}
        error={isTried ? wrongName : undefined}
        maxLength={60}
      />
      <SelectField<PersonKind>
        label={t.kindTitle}
        required
        value={draft.kind}
        onChange={(kind) => change({ kind: kind ?? 'family' })}
        options={PersonKind.options.map((k) => ({ value: k, label: t.kind[k] }))}
      />
      <TextField
        label={words.phone}
        type="tel"
        value={draft.phone}
        onChange={(phone) => change({ phone })}
        error={isTried ? wrongPhone : undefined}
        hint={person?.masked ? t.phoneKept({ masked: person.masked }) : undefined}
      />
      <TextField label={t.organisation} value={draft.organisation} onChange={(organisation) => change({ organisation })} maxLength={80} />
      <TextArea label={t.note} value={draft.note} onChange={(note) => change({ note })} maxLength={300} />
      <CheckField label={t.isActive} value={draft.isActive} onChange={(isActive) => change({ isActive })} />
    </Form>
  )
}

/** The patients to whom somebody is tied, and a new one. */
export function PersonTies({ personId }: { personId: string }) {
  const { may } = useMe()
  const ties = useRead(peopleApi.tiesOfPerson, { personId })
  const [patient, setPatient] = useState<SearchHit>()
  const [relation, setRelation] = useState<Relation>('other')
  const tie = useWrite(peopleApi.tiePerson, { onSuccess: () => setPatient(undefined) })
  const untie = useWrite(peopleApi.untiePerson)
  const mayEdit = may('patients.edit')
  return (
    <Panel title={t.ties}>
      <Stack>
        <Table of={ties} label={t.ties} empty={t.noTies} plain>
          <Column
            name={words.name}
            show={(row: PersonTie) => (
              <Row gap={8}>
                <GoLink to="patients.file" params={{ id: row.patientId }}>
                  {row.patient.name || words.unnamed}
                </GoLink>
                <span>{sexAndAge(row.patient)}</span>
              </Row>
            )}
          />
          <Column name={t.relationFor} show={(row: PersonTie) => words.relation[row.relation]} />
          {mayEdit && (
            <Column
              show={(row: PersonTie) => (
                <Button
                  size="small"
                  label={`${t.untie} ${row.patient.name || words.unnamed}`}
                  onClick={() => untie.send({ personId, patientId: row.patientId })}
                >
                  {t.untie}
                </Button>
              )}
            />
          )}
        </Table>
        {mayEdit && (
          <>
            {!patient && <span className="rx-note">{t.pick}</span>}
            <PatientSearch autoFocus={false} onPick={setPatient} />
          </>
        )}
        {patient && (
          <Row gap={12}>
            <strong>{patient.name || words.unnamed}</strong>
            <div style={{ width: 160 }}>
              <SelectField<Relation>
                label={t.relationFor}
                value={relation}
                onChange={(r) => setRelation(r ?? 'other')}
                options={Relation.options.filter((r) => r !== 'self').map((r) => ({ value: r, label: words.relation[r] }))}
              />
            </div>
            <Button kind="primary" busy={tie.isSending} onClick={() => tie.send({ personId, patientId: patient.id, relation })}>
              {t.tie}
            </Button>
          </Row>
        )}
      </Stack>
    </Panel>
  )
}
