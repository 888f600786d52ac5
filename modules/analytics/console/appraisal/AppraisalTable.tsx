import { Column, Count, formatCount, formatPercent, Panel, Table } from '@renxin/ui'
import { type Appraisal, type AppraisalDimension, type AppraisalRow, appraisalDimensions } from '../../contract.ts'
import { nameOfAppraised, nameOfOutcome, words } from '../../words.ts'
import { ByChoice } from '../ByChoice.tsx'
import { BandTag, type LookAt, Moves } from './AppraisalFigures.tsx'
import { type AppraisedShare, formatWork, ofRow, shareOf } from './show.ts'

const t = words.appraisal
type Props = { of: Appraisal; by: AppraisalDimension; onBy: (by: AppraisalDimension) => void; look: LookAt }

/** Levels, units, people or classes beside each other; each number opens what it counts. */
export function AppraisalTable({ of: { rows }, by, onBy, look }: Props) {
  const open = (row: AppraisalRow, part: string) => () => look(part, ofRow(by, row.key))
  const count = (row: AppraisalRow, name: 'due' | 'stopped' | 'tries' | 'talks') => (
    <Count n={row.counts[name]} label={`${nameOfAppraised(by, row)} ${t[name]}`} onOpen={open(row, name)} />
  )
  const part = (name: AppraisedShare) => (row: AppraisalRow) => (
    <>
      <Count n={row.counts[name]} label={`${nameOfAppraised(by, row)} ${t[name]}`} onOpen={open(row, name)} />{' '}
      <small>{formatPercent(shareOf(row.counts, name))}</small>
    </>
  )
  const time = (row: AppraisalRow) => (
    <Count
      n={row.counts.measured}
      text={formatWork(row.counts)}
      label={`${nameOfAppraised(by, row)} ${t.time}`}
      onOpen={open(row, 'measured')}
    />
  )
  const moved = (time: 'before' | 'yearAgo') => (row: AppraisalRow) => (
    <Moves
      row={row}
      name="reachedInTime"
      of={nameOfAppraised(by, row)}
      isShort
      times={[time]}
      onOpen={() => look('reachedInTime', { ...ofRow(by, row.key), time })}
    />
  )
  return (
    <Panel
      title={<ByChoice label={t.byLabel} of={appraisalDimensions} by={by} nameOf={(value) => t.by[value]} onBy={onBy} />}
      note={t.list}
      flush
    >
      <Table
        of={rows}
        label={t.by[by]}
        rowKey={(r) => `${r.key}.${r.departmentName ?? ''}`}
        rowTone={(r) => (r.standing === 'below' ? 'warning' : undefined)}
        empty={words.nothing}
        maxHeight={680}
      >
        <Column name={t.dimension[by]} show={(r: AppraisalRow) => <Name row={r} by={by} />} />
        <Column name={t.due} align="end" show={(r: AppraisalRow) => count(r, 'due')} width={64} />
        <Column name={t.done} align="end" show={part('done')} width={96} />
        <Column name={t.doneInTime} align="end" show={part('doneInTime')} width={96} />
        <Column name={t.reached} align="end" show={part('reached')} width={96} />
        <Column name={t.reachedInTime} align="end" show={part('reachedInTime')} width={96} />
        <Column name={t.band} show={(r: AppraisalRow) => <BandTag row={r} />} width={84} />
        <Column name={t.onMonth} align="end" show={moved('before')} width={90} />
        <Column name={t.onYear} align="end" show={moved('yearAgo')} width={90} />
        <Column name={t.tries} align="end" show={(r: AppraisalRow) => count(r, 'tries')} width={64} />
        <Column name={t.talks} align="end" show={(r: AppraisalRow) => count(r, 'talks')} width={64} />
        <Column name={t.time} align="end" show={time} width={88} />
        <Column name={t.stopped} align="end" show={(r: AppraisalRow) => count(r, 'stopped')} width={64} />
      </Table>
    </Panel>
  )
}

function Name({ row, by }: { row: AppraisalRow; by: AppraisalDimension }) {
  return (
    <>
      {nameOfAppraised(by, row)} {row.departmentName && row.departmentName !== row.name && <small>{row.departmentName}</small>}
    </>
  )
}

/** Why those due were not reached, with the share of all due; each opens them. */
export function NotReached({ of: { notReached, total }, look }: { of: Appraisal; look: LookAt }) {
  const sum = notReached.reduce((n, r) => n + r.n, 0)
  return (
    <Panel title={t.notReached} note={sum > 0 && `${formatCount(sum)} · ${formatPercent(sum / total.counts.due)}`} flush>
      <Table of={notReached} label={t.notReached} rowKey={(r) => r.outcome} empty={words.nothing} plain>
        <Column name={words.outcome} show={(r: Reason) => nameOfOutcome(r.outcome)} />
        <Column
          name={words.count}
          align="end"
          show={(r: Reason) => <Count n={r.n} label={nameOfOutcome(r.outcome)} onOpen={() => look('notReached', { outcome: r.outcome })} />}
          width={100}
        />
        <Column name={t.shareOfDue} align="end" show={(r: Reason) => formatPercent(r.n / total.counts.due)} width={110} />
      </Table>
    </Panel>
  )
}
type Reason = Appraisal['notReached'][number]
