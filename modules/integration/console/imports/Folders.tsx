import { useGo, useList, useRead, useUrlState } from '@renxin/client'
import { Refusal } from '@renxin/kernel'
import { Banner, Button, Column, formatMoment, Panel, Stack, StatusTag, Table, Tag, type Tone } from '@renxin/ui'
import { type DropFolder, type DropRun, importsApi } from '../../imports-contract.ts'
import { words } from '../../words.ts'
import { FolderDrawer } from './FolderDrawer.tsx'

const w = words.imports
const NEW = 'new'

/** Folders that are looked into by themselves, and what came in them of late. */
export function Folders({ mayManage }: { mayManage: boolean }) {
  const go = useGo()
  const [state, setState] = useUrlState({ folder: '' })
  const folders = useRead(importsApi.dropFolders, {}, { everySeconds: 10 })
  const runs = useList(importsApi.dropRuns, {}, { everySeconds: 10 })
  const edited = folders.data?.rows.find((f) => f.id === state.folder)
  const add = mayManage && <Button onClick={() => setState({ folder: NEW })}>{w.newFolder}</Button>
  return (
    <Stack gap={16}>
      {folders.data && (
        <Banner tone={folders.data.place ? 'info' : 'warning'}>
          {folders.data.place ? w.foldersPlace({ place: folders.data.place }) : w.noPlace}
        </Banner>
      )}
      <Panel flush title={w.foldersTitle} actions={(folders.data?.rows.length ?? 0) > 0 && add}>
        <Table
          of={folders}
          label={w.foldersTitle}
          plain
          onOpen={mayManage ? (f: DropFolder) => setState({ folder: f.id }) : undefined}
          opened={state.folder}
          empty={w.emptyFolders}
          emptyAction={add}
        >
          <Column name={w.folderPath} show={(f: DropFolder) => f.path} />
          <Column name={w.pattern} show={(f: DropFolder) => f.pattern} width={200} />
          <Column name={w.kind} show={(f: DropFolder) => w.kinds[f.kind]} width={140} />
          <Column name={w.lastLook} show={(f: DropFolder) => f.lastLookAt && formatMoment(f.lastLookAt)} width={150} />
          <Column name={w.statusTitle} show={(f: DropFolder) => <FolderState of={f} />} width={320} />
        </Table>
      </Panel>
      <Panel flush title={w.runsTitle}>
        <Table
          of={runs}
          label={w.runsTitle}
          onOpen={(r: DropRun) => r.importId && go('integration.import', { id: r.importId })}
          empty={w.emptyRuns}
        >
          <Column name={w.seenAt} show={(r: DropRun) => formatMoment(r.seenAt)} width={150} />
          <Column name={w.name} show={(r: DropRun) => r.fileName} cut />
          <Column
            name={w.statusTitle}
            show={(r: DropRun) => <StatusTag tone={tones[r.result]}>{w.runResult[r.result]}</StatusTag>}
            width={110}
          />
          <Column name={w.countsTitle} show={outcomeOf} />
        </Table>
      </Panel>
      {(edited || state.folder === NEW) && <FolderDrawer key={state.folder} folder={edited} onClose={() => setState({ folder: '' })} />}
    </Stack>
  )
}

const tones: Record<DropRun['result'], Tone> = { taken: 'info', done: 'success', repeated: 'plain', refused: 'danger' }

function FolderState({ of: f }: { of: DropFolder }) {
  if (!f.isActive) return <Tag>{w.isOff}</Tag>
  return f.problem ? <Tag tone="danger">{w.folderProblem({ code: f.problem })}</Tag> : <Tag tone="success">{w.isActive}</Tag>
}

function outcomeOf(r: DropRun) {
  if (r.counts) return w.countsLine(r.counts)
  if (r.result === 'repeated') return w.dropRepeated({ name: r.reason ?? '' })
  return r.result === 'refused' ? words.of(new Refusal(`integration.${r.reason}`, 'invalid')) : null
}
