import { useGo, useList, useMe, useUrlState } from '@renxin/client'
import { Button, Column, formatMoment, Page, Panel, Table, Tabs } from '@renxin/ui'
import { ImportKind, type ImportRow, importsApi } from '../../imports-contract.ts'
import { words } from '../../words.ts'
import { Folders } from './Folders.tsx'
import { NewImport } from './NewImport.tsx'
import { ImportState } from './phrases.tsx'

const w = words.imports

/** What was imported, by whom, and what became of it; and the folders that are imported by themselves. */
export function ImportsPage() {
  const { may } = useMe()
  const [state, setState] = useUrlState({ tab: '', add: '' })
  const start = (
    <Button kind="primary" icon="add" onClick={() => setState({ add: '1' })}>
      {w.newImport}
    </Button>
  )
  return (
    <Page title={w.title} actions={start}>
      <Tabs
        label={w.title}
        value={state.tab === 'folders' ? 'folders' : 'list'}
        onChange={(tab) => setState({ tab: tab === 'list' ? '' : tab })}
        tabs={[
          { key: 'list', label: w.list, content: <Imports onStart={() => setState({ add: '1' })} /> },
          { key: 'folders', label: w.foldersTitle, content: <Folders mayManage={may('integration.manage')} /> },
        ]}
      />
      {state.add && <NewImport kind={ImportKind.safeParse(state.add).data} onClose={() => setState({ add: '' })} />}
    </Page>
  )
}

function Imports({ onStart }: { onStart: () => void }) {
  const go = useGo()
  const imports = useList(importsApi.imports, {}, { keep: true, everySeconds: 5 })
  return (
    <Panel flush>
      <Table
        of={imports}
        label={w.list}
        memory="integration.imports"
        onOpen={(i: ImportRow) => go('integration.import', { id: i.id })}
        empty={w.empty}
        emptyAction={<Button onClick={onStart}>{w.newImport}</Button>}
      >
        <Column name={w.name} show={(i: ImportRow) => i.name} cut />
        <Column name={w.kind} show={(i: ImportRow) => w.kinds[i.kind]} width={130} />
        <Column name={w.statusTitle} show={(i: ImportRow) => <ImportState of={i} />} width={110} />
        <Column name={w.countsTitle} show={resultOf} width={400} />
        <Column name={w.when} show={(i: ImportRow) => formatMoment(i.createdAt)} width={130} />
        <Column
          name={w.who}
          show={(i: ImportRow) => (i.folderName ? w.byFolder({ name: i.folderName }) : i.createdByName)}
          width={140}
          cut
        />
      </Table>
    </Panel>
  )
}

const resultOf = (i: ImportRow) => {
  if (i.counts) return w.countsLine(i.counts)
  return i.rows > 0 ? w.progress({ ready: i.ready, rows: i.rows }) : null
}
