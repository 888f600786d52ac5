import { useRead } from '@renxin/client'
import { Button, Column, Page, Panel, StatusTag, Table } from '@renxin/ui'
import { useState } from 'react'
import { type ImageArchive, imagesApi } from '../../images-contract.ts'
import { words } from '../../words.ts'
import { ArchiveDrawer } from './ArchiveDrawer.tsx'

/** Where the hospital's images lie, and how one looks at them. */
export function ArchivesPage() {
  const archives = useRead(imagesApi.archives, {})
  const [edited, setEdited] = useState<ImageArchive | 'new'>()
  const w = words.records.archives
  const add = (
    <Button icon="add" onClick={() => setEdited('new')}>
      {w.add}
    </Button>
  )
  return (
    <Page title={w.title} note={w.note} actions={add}>
      <Panel flush>
        <Table of={archives} label={w.title} empty={w.empty} onOpen={setEdited} opened={edited === 'new' ? undefined : edited?.id}>
          <Column name={w.name} width={180} show={(a: ImageArchive) => a.name} />
          <Column name={w.qidoUrl} cut show={(a: ImageArchive) => a.qidoUrl} />
          <Column name={w.viewerUrl} cut show={(a: ImageArchive) => a.viewerUrl} />
          <Column name={w.isActive} width={110} show={(a: ImageArchive) => <State archive={a} />} />
        </Table>
      </Panel>
      {edited && <ArchiveDrawer archive={edited === 'new' ? undefined : edited} onClose={() => setEdited(undefined)} />}
    </Page>
  )
}

const State = ({ archive: { isActive } }: { archive: ImageArchive }) => (
  <StatusTag tone={isActive ? 'success' : 'plain'}>{words.records.archives[isActive ? 'active' : 'inactive']}</StatusTag>
)
