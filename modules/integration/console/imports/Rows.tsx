import { useList } from '@renxin/client'
import { Column, Panel, SelectField, Stack, Table, Toolbar } from '@renxin/ui'
import { useState } from 'react'
import { type CheckedRow, type ImportFile, importsApi, RowResult } from '../../imports-contract.ts'
import { words } from '../../words.ts'
import { CellEditor } from './CellEditor.tsx'
import { changeText, fieldLabel, isOver, labelOf, problemText, ResultTag } from './phrases.tsx'
import { RowDrawer } from './RowDrawer.tsx'

const w = words.imports
const COLUMNS_SHOWN = 3

type RowsProps = {
  file: ImportFile
  problem?: { code: string; field: string | null } | undefined
  result: string
  onResult: (result: string) => void
  onlyKept?: boolean
}

/** The rows of the file: what becomes of each, and what is wrong with it, to be put right where it stands. */
export function Rows({ file, problem, result, onResult, onlyKept = false }: RowsProps) {
  const [opened, setOpened] = useState<number>()
  const wanted = RowResult.safeParse(result).data
  const filter = {
    ...(wanted && { result: wanted }),
    ...(problem && { problem: problem.code, ...(problem.field && { field: problem.field }) }),
    ...(onlyKept && { kept: true }),
  }
  const rows = useList(importsApi.importRows, { id: file.id, ...filter, limit: 50 }, { keep: true })
  const mayEdit = file.status === 'checked'
  const labels = isOver(file) ? w.resultsDone : w.results
  const shown = file.columns.filter((c) => c.fields.length > 0).slice(0, COLUMNS_SHOWN)
  const row = rows.rows.find((r) => r.number === opened)
  return (
    <Stack gap={8}>
      <Toolbar label={w.rowsTitle}>
        <SelectField
          label={w.willBe}
          hideLabel
          placeholder={w.allRows}
          value={wanted ?? null}
          onChange={(value) => onResult(value ?? '')}
          options={RowResult.options.map((value) => ({ value, label: `${labels[value]} ${file.counts?.[value] ?? 0}` }))}
        />
      </Toolbar>
      <Panel flush title={w.rowsTitle}>
        <Table
          of={rows}
          label={w.rowsTitle}
          rowKey={(r: CheckedRow) => String(r.number)}
          onOpen={mayEdit ? (r: CheckedRow) => setOpened(r.number) : undefined}
          opened={opened === undefined ? undefined : String(opened)}
          empty={w.emptyRows}
        >
          <Column name={w.rowNumber} show={(r: CheckedRow) => r.number} width={64} align="end" />
          <Column
            name={isOver(file) ? w.became : w.willBe}
            show={(r: CheckedRow) => r.result && <ResultTag result={r.result} isOver={isOver(file)} />}
            width={100}
          />
          {shown.map((c) => (
            <Column key={c.index} name={c.head} show={(r: CheckedRow) => r.cells[c.index]} width={140} cut />
          ))}
          <Column name={w.whatIsWrong} show={(r: CheckedRow) => <Remarks row={r} file={file} mayEdit={mayEdit} />} />
        </Table>
      </Panel>
      {row && <RowDrawer key={row.number} file={file} row={row} onClose={() => setOpened(undefined)} />}
    </Stack>
  )
}

function Remarks({ row, file, mayEdit }: { row: CheckedRow; file: ImportFile; mayEdit: boolean }) {
  return (
    <Stack gap={4}>
      {row.skip && <span className="rx-note">{w.skip[row.skip]}</span>}
      {row.problems.map((p) =>
        mayEdit && p.level === 'error' && p.column !== null ? (
          <CellEditor key={`${p.code} ${p.column}`} id={file.id} row={row} problem={p} column={p.column} />
        ) : (
          <span key={`${p.code} ${p.field}`}>{[labelOf(p), problemText(p)].filter(Boolean).join(' · ')}</span>
        ),
      )}
      {row.changes.map((c) => (
        <span key={c.field}>{changeText(c)}</span>
      ))}
      {row.kept.map((k) => (
        <span key={`${k.field} ${k.reason}`}>{[k.field && fieldLabel(k.field), w.kept[k.reason]].filter(Boolean).join(' · ')}</span>
      ))}
    </Stack>
  )
}
