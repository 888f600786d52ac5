import { useMe, useRead, useUrlState } from '@renxin/client'
import { Banner, Button, Column, formatMoment, Page, Panel, Table, Tag } from '@renxin/ui'
import { type Source, type View, viewsApi } from '../../views-contract.ts'
import { words } from '../../words.ts'
import { Counts } from './Counts.tsx'
import { fromWord, ViewState, ViewWarnings } from './phrases.tsx'
import { SourceDrawer } from './SourceDrawer.tsx'
import { ViewDrawer } from './ViewDrawer.tsx'
import { ViewRowsDrawer } from './ViewRowsDrawer.tsx'

const NEW = 'new'

type Listed = { id: string; view: View; source: Source; isOn: boolean }

/** The databases of the hospital that we read: how each view fares, and whether both sides count the same. */
export function ViewsPage() {
  const { may } = useMe()
  const [state, setState] = useUrlState({ source: '', view: '', of: '', rows: '' })
  const sources = useRead(viewsApi.sources, {}, { everySeconds: 15 })
  const all = sources.data?.rows ?? []
  const listed = all.flatMap((source) =>
    source.views.map((view): Listed => ({ id: view.id, view, source, isOn: source.isActive && view.isActive })),
  )
  const mayEdit = may('integration.manage')
  const edited = all.find((s) => s.id === state.source)
  const opened = listed.find((l) => l.id === state.view)
  const shown = listed.find((l) => l.id === state.rows)
  const owner = opened?.source ?? all.find((s) => s.id === state.of)
  const add = mayEdit && <Button onClick={() => setState({ source: NEW })}>{words.views.newSource}</Button>
  return (
    <Page title={words.views.title}>
      {listed
        .filter((l) => l.isOn && l.view.failing)
        .map((l) => (
          <Failing key={l.id} of={l} />
        ))}
      <Panel flush title={words.views.source} actions={all.length > 0 && add}>
        <Table
          of={sources}
          label={words.views.source}
          maxHeight={240}
          onOpen={mayEdit ? (s: Source) => setState({ source: s.id }) : undefined}
          opened={state.source}
          empty={words.views.emptySources}
          emptyAction={add}
        >
          <Column name={words.name} show={(s: Source) => s.name} />
          <Column name={words.views.kind} show={(s: Source) => words.views.kinds[s.kind]} width={200} />
          <Column name={words.views.address} show={(s: Source) => `${s.host}:${s.port} · ${s.database}`} cut />
          <Column name={words.views.statusTitle} show={(s: Source) => !s.isActive && <Tag>{words.views.off}</Tag>} width={90} />
          <Column
            show={(s: Source) =>
              mayEdit && (
                <Button size="small" label={`${words.views.addView} ${s.name}`} onClick={() => setState({ of: s.id, view: NEW })}>
                  {words.views.addView}
                </Button>
              )
            }
            width={110}
          />
        </Table>
      </Panel>
      {listed.length > 0 && (
        <Panel flush title={words.views.relation}>
          <Table
            of={listed}
            label={words.views.relation}
            maxHeight={320}
            onOpen={mayEdit ? (l: Listed) => setState({ view: l.id }) : undefined}
            opened={state.view}
          >
            <Column name={words.views.source} show={(l: Listed) => l.source.name} width={140} cut />
            <Column name={words.views.subject} show={(l: Listed) => words.views.subjects[l.view.subject]} width={90} />
            <Column name={words.views.relation} show={(l: Listed) => fromWord(l.view.from)} cut />
            <Column name={words.views.statusTitle} show={(l: Listed) => <ViewState of={l} />} width={140} />
            <Column name={words.views.lastOk} show={(l: Listed) => l.view.lastOkAt && formatMoment(l.view.lastOkAt)} width={110} />
            <Column name={words.views.mark} show={(l: Listed) => l.view.mark?.slice(0, 16)} width={140} />
            <Column name={words.views.rows} show={(l: Listed) => l.view.rows} align="end" width={80} />
            <Column name={words.views.warnings} show={(l: Listed) => <ViewWarnings of={l.view} />} width={160} />
            <Column
              show={(l: Listed) =>
                l.view.waiting + l.view.noted > 0 && (
                  <Button
                    size="small"
                    label={`${words.views.seeRows} ${words.views.rowsTitle} ${l.source.name} ${words.views.subjects[l.view.subject]}`}
                    onClick={() => setState({ rows: l.id })}
                  >
                    {words.views.seeRows}
                  </Button>
                )
              }
              width={80}
            />
          </Table>
        </Panel>
      )}
      {listed.some((l) => l.view.subject === 'discharges' || l.view.subject === 'encounters') && <Counts />}
      {(edited || state.source === NEW) && <SourceDrawer key={state.source} source={edited} onClose={() => setState({ source: '' })} />}
      {owner && (opened || state.view === NEW) && (
        <ViewDrawer key={state.view} source={owner} view={opened?.view} onClose={() => setState({ view: '', of: '' })} />
      )}
      {shown && <ViewRowsDrawer view={shown.view} source={shown.source} onClose={() => setState({ rows: '' })} />}
    </Page>
  )
}

function Failing({ of: { view, source } }: { of: Listed }) {
  if (!view.failing) return null
  const { code, detail, nextAt } = view.failing
  return (
    <Banner tone="danger">
      {words.views.viewOf({ source: source.name, subject: words.views.subjects[view.subject] })} · {words.views.failures[code]}{' '}
      {detail && words.views.detail({ detail })} {words.views.nextTry({ at: formatMoment(nextAt) })}
    </Banner>
  )
}
