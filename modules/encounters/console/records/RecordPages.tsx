import { useParams, useRead } from '@renxin/client'
import { Page, Panel } from '@renxin/ui'
import { recordsApi } from '../../records-contract.ts'
import { words } from '../../words.ts'
import { PatientLink } from '../EncounterPanel.tsx'
import { DocumentView } from './DocumentsTab.tsx'
import { ReportView } from './ReportView.tsx'

/** A report by itself, where the time line or a notice leads to it. */
export function ReportPage() {
  const { id = '' } = useParams()
  const report = useRead(recordsApi.report, { id })
  return (
    <Page title={words.records.report} actions={report.data && <PatientLink patientId={report.data.patientId} />}>
      <Panel>
        <ReportView id={id} />
      </Panel>
    </Page>
  )
}

/** A document by itself. */
export function DocumentPage() {
  const { id = '' } = useParams()
  const document = useRead(recordsApi.document, { id })
  return (
    <Page title={words.records.document} actions={document.data && <PatientLink patientId={document.data.patientId} />}>
      <Panel>
        <DocumentView id={id} />
      </Panel>
    </Page>
  )
}
