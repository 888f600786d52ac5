import { useAddress, useList } from '@renxin/client'
import { Column, Drawer, formatMoment, houseWords, Row, Table, Tag } from '@renxin/ui'
import { useState } from 'react'
import { type ReportCard, recordsApi } from '../../records-contract.ts'
import { words } from '../../words.ts'
import type { Place } from './place.ts'
import { ReportStatus } from './ReportStatus.tsx'
import { ReportView } from './ReportView.tsx'

/** Reports, newest first; a row opens the whole report. */
export function ReportList({ place, group }: { place: Place; group: 'laboratory' | 'examinations' }) {
  const reports = useList(recordsApi.reports, { ...place, group })
  const [opened, setOpened] = useState<string>()
  const address = useAddress()
  const w = words.records
  const isLaboratory = group === 'laboratory'
  return (
    <>
      <Table
        of={reports}
        label={w.tabs[group]}
        empty={w.empty[group]}
        onOpen={(r) => setOpened(r.id)}
        href={(r) => address('encounters.report', { id: r.id })}
        opened={opened}
        rowTone={(r) => (r.isCritical ? 'danger' : undefined)}
        maxHeight={560}
      >
        <Column name={w.at} width={140} show={(r: ReportCard) => formatMoment(r.happenedAt)} />
        <Column name={w.name} width={200} show={(r: ReportCard) => <Title report={r} isLaboratory={isLaboratory} />} />
        <Column name={w.conclusion} cut show={(r: ReportCard) => r.conclusion ?? r.findings ?? houseWords.none} />
        <Column name={w.department} width={110} show={(r: ReportCard) => r.department?.name ?? houseWords.none} />
        <Column name={w.status} width={110} show={(r: ReportCard) => <ReportStatus report={r} />} />
      </Table>
      {opened && (
        <Drawer title={w.report} onClose={() => setOpened(undefined)} size={760}>
          <ReportView id={opened} />
        </Drawer>
      )}
    </>
  )
}

function Title({ report: r, isLaboratory }: { report: ReportCard; isLaboratory: boolean }) {
  return (
    <Row gap={4}>
      <span>{r.title ?? words.records.untitled}</span>
      {!isLaboratory && <Tag>{words.records.kind[r.kind]}</Tag>}
      {r.isCritical && (
        <Tag tone="danger" icon="alarm">
          {words.records.critical}
        </Tag>
      )}
      {!r.isCritical && r.abnormalItems > 0 && <Tag tone="warning">{words.records.abnormalItems({ n: r.abnormalItems })}</Tag>}
    </Row>
  )
}
