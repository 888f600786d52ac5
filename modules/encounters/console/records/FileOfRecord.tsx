import { download, fetchShown, type Shown } from '@renxin/client'
import { Banner, Button, ErrorNote, Row, Stack } from '@renxin/ui'
import { type ReactNode, useEffect, useState } from 'react'
import type { DocumentCard, ReportCard, recordsApi } from '../../records-contract.ts'
import { words } from '../../words.ts'

type Filed = Pick<DocumentCard | ReportCard, 'id' | 'hasFile' | 'fileName' | 'fileProblem'>
type FileRoute = typeof recordsApi.reportFile | typeof recordsApi.documentFile

/** The PDF or picture of a record, or why there is none though one was sent. */
export function FileOfRecord({ of, route }: { of: Filed; route: FileRoute }) {
  const [error, setError] = useState<unknown>(null)
  const name = of.fileName ?? words.records.file
  if (of.fileProblem) return <Banner tone="warning">{words.records.fileProblem[of.fileProblem]({ name })}</Banner>
  if (!of.hasFile) return null
  return (
    <Stack gap={8}>
      <Look id={of.id} route={route} name={name} onError={setError}>
        <Button icon="download" onClick={() => void download(route, { id: of.id }, of.fileName ?? undefined).catch(setError)}>
          {words.records.openFile({ name })}
        </Button>
      </Look>
      <ErrorNote error={error} text={words.of(error)} />
    </Stack>
  )
}

type LookProps = { id: string; route: FileRoute; name: string; onError: (error: unknown) => void; children: ReactNode }

/** Looks at the file in the page; each look is fetched, and so audited, when it is asked for. */
function Look({ id, route, name, onError, children }: LookProps) {
  const [shown, setShown] = useState<Shown | 'cannot' | null>(null)
  const [isBusy, setBusy] = useState(false)
  useEffect(() => () => void (shown && shown !== 'cannot' && URL.revokeObjectURL(shown.address)), [shown])
  const look = async () => {
    setBusy(true)
    await fetchShown(route, { id }).then((found) => setShown(found ?? 'cannot'), onError)
    setBusy(false)
  }
  return (
    <Stack gap={8}>
      <Row>
        <Button icon="eye" busy={isBusy} onClick={() => (shown ? setShown(null) : void look())}>
          {shown ? words.records.hideFile : words.records.showFile}
        </Button>
        {children}
      </Row>
      {shown === 'cannot' && <Banner tone="info">{words.records.cannotShow}</Banner>}
      {shown && shown !== 'cannot' && <Sheet shown={shown} name={name} />}
    </Stack>
  )
}

function Sheet({ shown: { type, address }, name }: { shown: Shown; name: string }) {
  if (type === 'application/pdf')
    return <iframe title={name} src={address} style={{ width: '100%', height: '70vh', border: '1px solid var(--rx-line)' }} />
  return <img alt={name} src={address} style={{ maxWidth: '100%', border: '1px solid var(--rx-line)' }} />
}
