import { Panels, useMe, usePanels, useParams, useRead, useUrlState } from '@renxin/client'
import { Button, Columns, Loaded, Page, Panel, Row, Skeleton, Stack, type TabItem, Tabs } from '@renxin/ui'
import { type ReactNode, Suspense, useState } from 'react'
import { overviewApi, type PatientFile, patientsApi } from '../contract.ts'
import { words } from '../words.ts'
import { Basics } from './Basics.tsx'
import { Conflicts } from './Conflicts.tsx'
import { ContactsPanel } from './ContactsPanel.tsx'
import { DeceasedButton } from './DeceasedButton.tsx'
import { EditPatient } from './EditPatient.tsx'
import { FieldsOfPatient } from './ExtraFields.tsx'
import { HeadBand } from './HeadBand.tsx'
import { FileHeader } from './PatientCard.tsx'
import { PatientTimeline } from './PatientTimeline.tsx'
import { PreferencesPanel } from './PreferencesPanel.tsx'
import { PrivacyButton } from './PrivacyButton.tsx'
import { RightsButton } from './RightsButton.tsx'
import { SegmentButton } from './SegmentButton.tsx'
import { TagsButton } from './TagsButton.tsx'
import { Viewers } from './Viewers.tsx'

/** Everything about one person: who this is and what to mind at a glance, and behind tabs all that happened. */
export function FilePage() {
  const { id = '' } = useParams()
  const head = useRead(overviewApi.head, { id }, { alsoOf: ['encounters', 'followups', 'feedback'] })
  const file = useRead(patientsApi.file, { id })
  return (
    <Page
      title={words.fileTitle} // a name does not belong into the title of a window
      note={head.data && <FileHeader head={head.data} />}
      actions={file.data && <Actions file={file.data} />}
    >
      <Stack>
        <Loaded of={head} lines={2}>
          {(patient) => <HeadBand head={patient} />}
        </Loaded>
        {file.data && <Conflicts file={file.data} />}
        {head.data && <Panels slot="patients.head" params={{ patientId: head.data.id }} />}
        <FileTabs key={id} id={head.data?.id ?? id} basics={<Loaded of={file}>{(patient) => <Papers file={patient} />}</Loaded>} />
      </Stack>
    </Page>
  )
}

function Actions({ file }: { file: PatientFile }) {
  const { may } = useMe()
  const [isEditing, setEditing] = useState(false)
  if (!may('patients.edit'))
    return (
      <Row>
        <PrivacyButton patientId={file.id} />
        <RightsButton patientId={file.id} />
      </Row>
    )
  return (
    <Row>
      <TagsButton file={file} />
      <SegmentButton patientId={file.id} />
      <PrivacyButton patientId={file.id} />
      <RightsButton patientId={file.id} />
      <DeceasedButton file={file} />
      <Button icon="edit" onClick={() => setEditing(true)}>
        {words.edit}
      </Button>
      {isEditing && <EditPatient file={file} onClose={() => setEditing(false)} />}
    </Row>
  )
}

const t = words.overview

/** The time line, what other modules show of a patient, and who saw it: one at a time, kept in the address. */
function FileTabs({ id, basics }: { id: string; basics: ReactNode }) {
  const { may } = useMe()
  const [{ tab }, setState] = useUrlState({ tab: 'timeline' })
  const panels = usePanels('patients.file')
  const tabs: TabItem[] = [
    { key: 'timeline', label: t.tabs.timeline, content: <Sheet label={t.tabs.timeline}><PatientTimeline patientId={id} hasFilters /></Sheet> }, // biome-ignore format: one line
    { key: 'basics', label: t.tabs.basics, content: basics },
    ...panels.map(({ name, title, Component }) => ({
      key: name,
      label: title(),
      content: (
        <Sheet label={title()}>
          <Suspense fallback={<Skeleton />}>
            <Component patientId={id} />
          </Suspense>
        </Sheet>
      ),
    })),
    ...(may('patients.viewers') ? [{ key: 'viewers', label: t.tabs.viewers, content: <Viewers patientId={id} /> }] : []),
  ]
  const chosen = tabs.some(({ key }) => key === tab) ? tab : 'timeline'
  return <Tabs tabs={tabs} value={chosen} onChange={(key) => setState({ tab: key })} label={t.tabsLabel} />
}

/** The tab above names it already. */
const Sheet = ({ label, children }: { label: string; children: ReactNode }) => (
  <section aria-label={label}>
    <Panel>{children}</Panel>
  </section>
)

function Papers({ file }: { file: PatientFile }) {
  return (
    <Columns sizes="minmax(0, 1fr) minmax(0, 1fr)">
      <Stack>
        <Basics file={file} />
        <FieldsOfPatient patientId={file.id} />
      </Stack>
      <Stack>
        <ContactsPanel file={file} />
        <PreferencesPanel file={file} />
      </Stack>
    </Columns>
  )
}
