import { useRead } from '@renxin/client'
import { Choice, Column, formatDay, formatFull, formatMoment, houseWords, IconButton, Loaded, Row, Stack, Table } from '@renxin/ui'
import { useState } from 'react'
import { type AnalyteRow, type Cell, type ResultTable, recordsApi } from '../../records-contract.ts'
import { words } from '../../words.ts'
import type { Place } from './place.ts'
import { ReportList } from './ReportList.tsx'
import { TrendDrawer } from './TrendDrawer.tsx'
import { ValueMark } from './ValueMark.tsx'

/** Laboratory results: a row for each analyte with the latest days beside one another, or report by report. */
export function ResultsTab({ place }: { place: Place }) {
  const [view, setView] = useState<'table' | 'list'>('table')
  return (
    <Stack gap={12}>
      <Choice
        label={words.records.viewLabel}
        value={view}
        onChange={(chosen) => setView(chosen === 'list' ? 'list' : 'table')}
        options={[
          { value: 'table', label: words.records.view.table },
          { value: 'list', label: words.records.view.list },
        ]}
      />
      {view === 'table' ? <Results place={place} /> : <ReportList place={place} group="laboratory" />}
    </Stack>
  )
}

function Results({ place }: { place: Place }) {
  const results = useRead(recordsApi.results, place)
  return <Loaded of={results}>{(table) => <Analytes table={table} />}</Loaded>
}

function Analytes({ table: { patientId, days, analytes } }: { table: ResultTable }) {
  const [drawn, setDrawn] = useState<AnalyteRow>()
  const w = words.records
  return (
    <>
      <Table of={analytes} rowKey={(row) => row.analyte} label={w.tabs.laboratory} empty={w.empty.laboratory} maxHeight={560}>
        {[
          <Column
            key="name"
            name={w.analyte}
            width={180}
            show={(row: AnalyteRow) => <Analyte row={row} onTrend={() => setDrawn(row)} />}
          />,
          <Column key="latest" name={w.latest} width={170} show={(row: AnalyteRow) => <Latest row={row} />} />,
          <Column key="range" name={w.range} width={110} show={(row: AnalyteRow) => row.range ?? houseWords.none} />,
          ...days.map((day, at) => (
            <Column key={day} name={formatDay(day)} width={130} show={(row: AnalyteRow) => <Value cell={row.cells[at] ?? null} />} />
          )),
        ]}
      </Table>
      {drawn && <TrendDrawer patientId={patientId} row={drawn} onClose={() => setDrawn(undefined)} />}
    </>
  )
}

function Analyte({ row, onTrend }: { row: AnalyteRow; onTrend: () => void }) {
  return (
    <Row gap={4}>
      <span title={row.group ?? undefined}>{row.name}</span>
      {row.hasTrend && <IconButton icon="chart" label={words.records.showTrend({ name: row.name })} onClick={onTrend} />}
    </Row>
  )
}

function Latest({ row: { latest, unit } }: { row: AnalyteRow }) {
  return (
    <span title={formatFull(latest.at)}>
      <Row gap={4}>
        {latest.value ?? houseWords.none} {unit && <small>{unit}</small>}
        <ValueMark mark={latest.mark} />
      </Row>
      <small className="rx-note">{formatMoment(latest.at)}</small>
    </span>
  )
}

function Value({ cell }: { cell: Cell | null }) {
  if (!cell) return houseWords.none
  return (
    <span title={formatFull(cell.at)}>
      {cell.value ?? houseWords.none} <ValueMark mark={cell.mark} />
    </span>
  )
}
