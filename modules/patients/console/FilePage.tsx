import { Panels, useMe, useParams, useRead } from '@renxin/client'
import { Button, Columns, Description, formatDay, formatMoment, houseWords, Loaded, Page, Panel, Row, Stack } from '@renxin/ui'
import { useState } from 'react'
import { type PatientFile, patientsApi } from '../contract.ts'
import { words } from '../words.ts'
import { Conflicts } from './Conflicts.tsx'
import { ContactsPanel } from './ContactsPanel.tsx'
import { DeceasedButton } from './DeceasedButton.tsx'
import { EditPatient } from './EditPatient.tsx'
import { PatientHeader, sexAndAge } from './PatientCard.tsx'
import { PatientTimeline } from './PatientTimeline.tsx'
import { PreferencesPanel } from './PreferencesPanel.tsx'
import { RevealAddress, RevealIdentityCard } from './Reveal.tsx'
import { TagsButton } from './TagsButton.tsx'

/** Everything about one person: who this is, how to reach them, what they wish, and all that happened. */
export function FilePage() {
  const { id = '' } = useParams()
  const file = useRead(patientsApi.file, { id })
  return <Loaded of={file}>{(patient) => <File key={patient.id} file={patient} />}</Loaded>
}

function File({ file }: { file: PatientFile }) {
  const { may } = useMe()
  const [isEditing, setEditing] = useState(false)
  const mayEdit = may('patients.edit')
  return (
    <Page
      title={words.fileTitle} // a name does not belong into the title of a window
      note={<PatientHeader card={file} isLink={false} />}
      actions={
        mayEdit && (
          <Row>
            <TagsButton file={file} />
            <DeceasedButton file={file} />
            <Button icon="edit" onClick={() => setEditing(true)}>
              {words.edit}
            </Button>
          </Row>
        )
      }
    >
      <Stack>
        <Conflicts file={file} />
        <Columns sizes="minmax(0, 1fr) 360px">
          <Stack>
            <Basics file={file} />
            <ContactsPanel file={file} />
            <PreferencesPanel file={file} />
            <Panels slot="patients.file" params={{ patientId: file.id }} />
          </Stack>
          <Panel title={words.timeline}>
            <PatientTimeline patientId={file.id} />
          </Panel>
        </Columns>
      </Stack>
      {isEditing && <EditPatient file={file} onClose={() => setEditing(false)} />}
    </Page>
  )
}

const isKnownType = (type: string): type is keyof typeof words.numberType => Object.hasOwn(words.numberType, type)

function Basics({ file }: { file: PatientFile }) {
  const card = file.identityCard && (
    <>
      <RevealIdentityCard patientId={file.id} masked={file.identityCard} />
      {file.identityCardIsValid === false && <span className="rx-note"> {words.identityCardWrong}</span>}
    </>
  )
  return (
    <Panel title={words.basics}>
      <Description
        items={[
          { label: words.name, value: [file.name || words.unnamed, file.namePinyin].filter(Boolean).join(' ') },
          { label: `${words.sex} · ${words.age}`, value: sexAndAge(file) },
          { label: words.birthOn, value: file.birthOn },
          { label: words.identityCard, value: card },
          { label: words.identityClass, value: file.identityClass },
          { label: words.payer, value: file.payer },
          { label: words.address, value: file.address && <RevealAddress patientId={file.id} masked={file.address} /> },
          { label: words.ethnic, value: file.ethnic },
          { label: words.marital, value: file.marital },
          { label: words.job, value: file.job },
          file.deceasedAt ? { label: words.warning.deceased, value: formatDay(file.deceasedAt) } : null,
          { label: words.numbers, value: <Numbers file={file} />, wide: true },
          file.mergedFrom.length > 0 && { label: words.mergedFrom, value: <MergedFrom file={file} />, wide: true },
        ]}
      />
    </Panel>
  )
}

function Numbers({ file }: { file: PatientFile }) {
  if (file.identifiers.length === 0) return houseWords.none
  return (
    <Row gap={16}>
      {file.identifiers.map(({ system, type, value }) => (
        <span key={`${system}${type}${value}`} title={system}>
          {isKnownType(type) ? words.numberType[type] : words.numberType.other} {value}
        </span>
      ))}
    </Row>
  )
}

function MergedFrom({ file }: { file: PatientFile }) {
  return file.mergedFrom.map((m) => (
    <div key={m.id}>
      {m.name || words.unnamed} · {formatMoment(m.mergedAt)}
    </div>
  ))
}
