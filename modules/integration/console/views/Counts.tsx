import { useRead, useUrlState } from '@renxin/client'
import { CheckField, Column, Panel, Table, Tag } from '@renxin/ui'
import { viewsApi, type WardCount } from '../../views-contract.ts'
import { words } from '../../words.ts'

const keyOf = (c: WardCount) => `${c.viewId} ${c.day} ${c.wardId}`

/** Discharges by day and ward, there and here. */
export function Counts() {
  const [state, setState] = useUrlState({ all: false })
  const counts = useRead(viewsApi.viewCounts, {})
  const all = counts.data?.rows ?? []
  const rows = state.all ? all : all.filter((c) => c.theirs !== c.ours)
  return (
    <Panel
      flush
      title={words.views.counts}
      note={words.views.countsHint}
      actions={<CheckField label={words.views.onlyDifferent} value={!state.all} onChange={(only) => setState({ all: !only })} />}
    >
      <Table
        of={rows}
        label={words.views.counts}
        rowKey={keyOf}
        maxHeight={300}
        rowTone={(c: WardCount) => (c.theirs === c.ours ? undefined : 'warning')}
        empty={all.length === 0 ? words.views.noCounts : words.views.allSame}
      >
        <Column name={words.views.day} show={(c: WardCount) => c.day} width={130} />
        <Column name={words.views.ward} show={(c: WardCount) => c.wardName ?? words.views.noWard} />
        <Column name={words.views.theirs} show={(c: WardCount) => c.theirs} align="end" width={90} />
        <Column name={words.views.ours} show={(c: WardCount) => c.ours} align="end" width={90} />
        <Column name={words.views.difference} show={(c: WardCount) => <Difference of={c} />} align="end" width={90} />
      </Table>
    </Panel>
  )
}

function Difference({ of: { theirs, ours } }: { of: WardCount }) {
  const n = ours - theirs
  return n === 0 ? <>0</> : <Tag tone="warning">{n > 0 ? `+${n}` : n}</Tag>
}
