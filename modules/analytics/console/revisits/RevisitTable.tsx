import { Column, formatCount, formatPercent, Panel, Table } from '@renxin/ui'
import { type RevisitDimension, type RevisitRow, type Revisits, revisitDimensions } from '../../contract.ts'
import { words } from '../../words.ts'
import { ByChoice } from '../ByChoice.tsx'
import { AlarmTag, Verdict } from './RevisitFigures.tsx'
import { formatRatio, nameOf, rowKeyOf, spanOfRatio, spanOfShare } from './show.ts'

const t = words.revisits
const unknown = '00000000-0000-0000-0000-000000000000'
type Props = { shown: Revisits; by: RevisitDimension; onBy: (by: RevisitDimension) => void; onOpen: (row: string) => void }

/** Departments, doctors or diagnosis groups beside each other, the lowest rate first. */
export function RevisitTable({ shown: { rows, threshold }, by, onBy, onOpen }: Props) {
  return (
    <Panel
      title={<ByChoice label={t.byLabel} of={revisitDimensions} by={by} nameOf={(value) => t.by[value]} onBy={onBy} />}
      note={t.rankNote}
      flush
    >
      <Table
        of={rows}
        label={t.by[by]}
        rowKey={rowKeyOf}
        rowTone={(r) => (r.figure.alarm === 'surelyBelow' ? 'warning' : undefined)}
        onOpen={(r) => onOpen(rowKeyOf(r) || unknown)}
        empty={words.nothing}
        maxHeight={680}
      >
        <Column name={t.dimension[by]} show={(r: RevisitRow) => <Name row={r} />} />
        <Column name={t.base} align="end" show={(r: RevisitRow) => formatCount(r.figure.base)} width={92} />
        <Column name={t.rate} show={(r: RevisitRow) => <Rate row={r} threshold={threshold} />} width={210} />
        <Column name={t.expectedRate} align="end" show={(r: RevisitRow) => formatPercent(r.figure.expectedShare)} width={92} />
        <Column name={t.ratio} show={(r: RevisitRow) => <Ratio row={r} />} width={190} />
        <Column name={t.leftOut} align="end" show={(r: RevisitRow) => formatCount(r.leftOut)} width={68} />
      </Table>
    </Panel>
  )
}

function Name({ row }: { row: RevisitRow }) {
  return (
    <>
      {nameOf(row)} {row.doctorNumber && <small>{row.doctorNumber}</small>}
    </>
  )
}

function Rate({ row: { figure }, threshold }: { row: RevisitRow; threshold: number | null }) {
  if (figure.share === null) return '—'
  return (
    <>
      <strong>{formatPercent(figure.share)}</strong> <small title={words.interval}>({spanOfShare(figure)})</small>{' '}
      <AlarmTag figure={figure} threshold={threshold} />
    </>
  )
}

function Ratio({ row: { figure } }: { row: RevisitRow }) {
  if (figure.ratio === null) return '—'
  return (
    <>
      {formatRatio(figure.ratio)} <small title={words.interval}>({spanOfRatio(figure)})</small> <Verdict figure={figure} />
    </>
  )
}
