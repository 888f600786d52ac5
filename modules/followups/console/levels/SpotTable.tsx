import { useList } from '@renxin/client'
import { Column, formatDay, formatDuration, formatMoment, Panel, StatusTag, Table, type TableProps } from '@renxin/ui'
import { type Spot, supervisionApi } from '../../contract.ts'
import { words } from '../../words.ts'

const t = words.supervision
const tones = { none: 'danger', tried: 'warning', late: 'warning', inTime: 'success' } as const

/** The sample that the department's supervisor looks into, with what level 1 did. */
export function SpotList({ of }: { of: { departmentId?: string } }) {
  const list = useList(supervisionApi.spots, of, { keep: true })
  return (
    <Panel flush title={t.tabs.spots} note={t.spotsNote}>
      <SpotTable of={list} />
    </Panel>
  )
}

export function SpotTable({ of }: { of: TableProps<Spot>['of'] }) {
  return (
    <Table of={of} label={t.tabs.spots} empty={t.noSpots}>
      <Column name={words.patient} width={110} show={(s: Spot) => <strong>{s.patientName}</strong>} />
      <Column name={words.department} width={160} show={(s: Spot) => s.departmentName} />
      <Column name={t.dischargedOn} width={120} show={(s: Spot) => formatDay(s.dischargedOn)} />
      <Column name={t.checkBy} width={120} show={(s: Spot) => formatDay(s.checkBy)} />
      <Column name={t.call} width={140} show={(s: Spot) => <StatusTag tone={tones[s.call]}>{t.calls[s.call]}</StatusTag>} />
      <Column name={t.caller} width={110} show={(s: Spot) => s.callerName} />
      <Column name={t.calledAt} width={150} show={(s: Spot) => formatMoment(s.calledAt)} />
      <Column name={t.length} align="end" width={100} show={(s: Spot) => formatDuration(s.seconds)} />
      <Column name={words.tries} align="end" width={70} show={(s: Spot) => s.tries} />
      <Column name={t.levelTwo.lookedInto} width={180} show={(s: Spot) => s.checked && <Looked of={s.checked} />} />
    </Table>
  )
}

/** What level 2 did about it, and whether within the two weeks. */
function Looked({ of: checked }: { of: NonNullable<Spot['checked']> }) {
  return (
    <StatusTag tone={checked.isInTime ? 'success' : 'warning'}>
      {`${t.levelTwo.looks[checked.how]} ${checked.byName} ${formatMoment(checked.at)}`}
    </StatusTag>
  )
}
