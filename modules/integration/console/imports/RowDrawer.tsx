import { useUnsaved, useWrite } from '@renxin/client'
import { Button, Drawer, Form, TextField } from '@renxin/ui'
import { useState } from 'react'
import { type CheckedRow, type ImportFile, importsApi } from '../../imports-contract.ts'
import { words } from '../../words.ts'
import { problemText } from './phrases.tsx'

const w = words.imports

/** A whole row, cell by cell. */
export function RowDrawer({ file, row, onClose }: { file: ImportFile; row: CheckedRow; onClose: () => void }) {
  const before = file.columns.map((c) => row.cells[c.index] ?? '')
  const [cells, setCells] = useState(before)
  const edit = useWrite(importsApi.editRow, { onSuccess: onClose })
  const changed = cells.flatMap((value, column) => (value === before[column] ? [] : [{ column, value }]))
  const unsaved = useUnsaved(changed.length > 0 && !edit.isSending)
  const save = () => edit.send({ id: file.id, number: row.number, cells: changed, ...(row.skip === 'byHand' && { isSkipped: false }) })
  const isAside = row.skip !== null && row.skip !== 'byHand'
  return (
    <Drawer
      title={w.editRow({ n: row.number })}
      size={560}
      onClose={onClose}
      footer={
        <>
          {!isAside && (
            <Button busy={edit.isSending} onClick={() => edit.send({ id: file.id, number: row.number, isSkipped: row.skip !== 'byHand' })}>
              {row.skip === 'byHand' ? w.takeRow : w.skipRow}
            </Button>
          )}
          <Button kind="primary" busy={edit.isSending} disabled={changed.length === 0} onClick={save} keys="Ctrl+Enter">
            {w.saveRow}
          </Button>
        </>
      }
    >
      {unsaved}
      <Form columns={2} onSubmit={save} write={edit}>
        {file.columns.map((c) => (
          <TextField
            key={c.index}
            label={c.head}
            value={cells[c.index] ?? ''}
            error={row.problems.find((p) => p.column === c.index && p.level === 'error') && problemsOf(row, c.index)}
            onChange={(value) => setCells(cells.map((v, i) => (i === c.index ? value : v)))}
          />
        ))}
      </Form>
    </Drawer>
  )
}

const problemsOf = (row: CheckedRow, column: number) =>
  row.problems
    .filter((p) => p.column === column)
    .map(problemText)
    .join('；')
