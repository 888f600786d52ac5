import { useRead } from '@renxin/client'
import { Column, formatCount, formatPercent, Panel, StatusTag, Table } from '@renxin/ui'
import { bandOf, type Coverage, supervisionApi } from '../../contract.ts'
import { words } from '../../words.ts'

const t = words.supervision
const tones = { below: 'danger', within: 'success', above: 'success' } as const

/** How much of its discharges each department has reached within a week, against its target. */
export function CoverageTable({ month, onOpen }: { month: string; onOpen: (departmentId: string) => void }) {
  const coverage = useRead(supervisionApi.coverage, { month }, { keep: true })
  return (
    <Panel flush title={t.tabs.coverage} note={t.coverageNote}>
      <Table
        of={coverage}
        label={t.tabs.coverage}
        empty={t.noCoverage}
        rowKey={(c: Coverage) => c.departmentId}
        onOpen={(c: Coverage) => onOpen(c.departmentId)}
      >
        <Column name={words.department} show={(c: Coverage) => c.departmentName} />
        <Column name={t.due} align="end" width={90} show={(c: Coverage) => formatCount(c.due)} />
        <Column name={t.inTime} align="end" width={110} show={(c: Coverage) => formatCount(c.inTime)} />
        <Column name={t.share} align="end" width={100} show={(c: Coverage) => formatPercent(c.due > 0 ? c.inTime / c.due : null)} />
        <Column name={t.band} align="end" width={110} show={(c: Coverage) => t.bandText({ low: c.low, high: c.high })} />
        <Column name={t.standing} width={110} show={(c: Coverage) => <Standing of={c} />} />
        <Column name={t.late} align="end" width={110} show={(c: Coverage) => formatCount(c.late)} />
        <Column name={t.missed} align="end" width={90} show={(c: Coverage) => formatCount(c.missed)} />
        <Column name={t.running} align="end" width={100} show={(c: Coverage) => formatCount(c.running)} />
      </Table>
    </Panel>
  )
}

function Standing({ of }: { of: Coverage }) {
  const band = bandOf(of)
  return band && <StatusTag tone={tones[band]}>{t.standings[band]}</StatusTag>
}
