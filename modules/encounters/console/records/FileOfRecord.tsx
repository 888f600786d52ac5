import { download } from '@renxin/client'
import { Banner, Button, ErrorNote } from '@renxin/ui'
import { useState } from 'react'
import type { DocumentCard, ReportCard, recordsApi } from '../../records-contract.ts'
import { words } from '../../words.ts'

type Filed = Pick<DocumentCard | ReportCard, 'id' | 'hasFile' | 'fileName' | 'fileProblem'>

/** The PDF or picture of a record, or why there is none though one was sent. */
export function FileOfRecord({ of, route }: { of: Filed; route: typeof recordsApi.reportFile | typeof recordsApi.documentFile }) {
  const [error, setError] = useState<unknown>(null)
  const name = of.fileName ?? words.records.file
  if (of.fileProblem) return <Banner tone="warning">{words.records.fileProblem[of.fileProblem]({ name })}</Banner>
  if (!of.hasFile) return null
  return (
    <div>
      <Button icon="file" onClick={() => void download(route, { id: of.id }, of.fileName ?? undefined).catch(setError)}>
        {words.records.openFile({ name })}
      </Button>
      <ErrorNote error={error} text={words.of(error)} />
    </div>
  )
}
