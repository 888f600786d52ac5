import { useParams, useRead } from '@renxin/client'
import { Loaded, Page, Panel, Stack } from '@renxin/ui'
import { encountersApi } from '../contract.ts'
import { words } from '../words.ts'
import { EncounterShort, PatientLink } from './EncounterPanel.tsx'
import { RecordsPanel } from './records/RecordsPanel.tsx'

/** One stay on a page of its own: where a link from a time line or a tab leads. */
export function StayPage() {
  const { id = '' } = useParams()
  const file = useRead(encountersApi.file, { id })
  return (
    <Page
      title={words.stay} // a name does not belong into the title of a window
      note={file.data && `${file.data.patientName} · ${file.data.number}`}
      actions={file.data && <PatientLink patientId={file.data.patientId} />}
    >
      <Stack>
        <Panel>
          <Loaded of={file}>{(encounter) => <EncounterShort encounter={encounter} />}</Loaded>
        </Panel>
        {file.data && (
          <Panel title={words.records.title}>
            <RecordsPanel place={{ patientId: file.data.patientId, encounterId: id }} />
          </Panel>
        )}
      </Stack>
    </Page>
  )
}
