import { useMe, useParams, useRead, useWrite } from '@renxin/client'
import { OwnFields } from '@renxin/patients/console'
import { Loaded, Page, Panel, Stack } from '@renxin/ui'
import { type EncounterClass, encountersApi } from '../contract.ts'
import { words } from '../words.ts'
import { EncounterShort, PatientLink } from './EncounterPanel.tsx'
import { CheckUps } from './records/CheckUps.tsx'
import { RecordsPanel } from './records/RecordsPanel.tsx'

/** One stay on a page of its own: where a link from a time line or a tab leads. */
export function StayPage() {
  const { id = '' } = useParams()
  const { may } = useMe()
  const file = useRead(encountersApi.file, { id })
  return (
    <Page
      title={titleOf(file.data?.class)} // a name does not belong into the title of a window
      note={file.data && `${file.data.patientName} · ${file.data.number}`}
      actions={file.data && <PatientLink patientId={file.data.patientId} />}
    >
      <Stack>
        <Panel>
          <Loaded of={file}>{(encounter) => <EncounterShort encounter={encounter} />}</Loaded>
        </Panel>
        {file.data?.class === 'checkUp' && may('encounters.results') && (
          <Panel title={words.checkUps.title}>
            <CheckUps place={{ patientId: file.data.patientId, encounterId: id }} isAlone />
          </Panel>
        )}
        <FieldsOfStay id={id} />
        {file.data && (
          <Panel title={words.records.title}>
            <RecordsPanel place={{ patientId: file.data.patientId, encounterId: id }} />
          </Panel>
        )}
      </Stack>
    </Page>
  )
}

function titleOf(kind: EncounterClass | undefined): string {
  if (kind === 'checkUp') return words.checkUps.one
  return kind === 'outpatient' || kind === 'emergency' ? words.visit : words.stay
}

/** The hospital's own fields of this stay or visit. */
function FieldsOfStay({ id }: { id: string }) {
  const { may } = useMe()
  const fields = useRead(encountersApi.fields, { id })
  const save = useWrite(encountersApi.setFields)
  if (!fields.data) return null
  return (
    <OwnFields
      object={fields.data.object}
      values={fields.data.values}
      onSave={may('patients.edit') ? (values) => save.sendAsync({ id, values }) : undefined}
    />
  )
}
