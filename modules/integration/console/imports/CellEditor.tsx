import { useWrite } from '@renxin/client'
import { Button, isComposing, Row, TextField } from '@renxin/ui'
import { type KeyboardEvent, useState } from 'react'
import { type CheckedRow, importsApi, type RowProblem } from '../../imports-contract.ts'
import { words } from '../../words.ts'
import { labelOf, problemText, wholeProblem } from './phrases.tsx'

type Props = { id: string; row: CheckedRow; problem: RowProblem; column: number }

/** One cell with what is wrong with it, to be put right in the list itself; Enter saves and looks at the row again. */
export function CellEditor({ id, row, problem, column }: Props) {
  const before = row.cells[column] ?? ''
  const [value, setValue] = useState(before)
  const edit = useWrite(importsApi.editRow)
  const save = () => {
    if (value !== before) edit.send({ id, number: row.number, cells: [{ column, value }] })
  }
  const onKeyDown = (event: KeyboardEvent) => {
    event.stopPropagation() // a letter typed here is no key of the list
    if (event.key === 'Enter' && !isComposing(event.nativeEvent)) {
      event.preventDefault()
      save()
    }
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only keeps clicks and keys of the field from the row
    <div onKeyDown={onKeyDown} onClick={(event) => event.stopPropagation()}>
      <Row gap={8}>
        <span>
          {labelOf(problem)} · {problemText(problem)}
        </span>
        <TextField label={wholeProblem(row.number, problem)} hideLabel value={value} onChange={setValue} error={words.of(edit.error)} />
        {value !== before && (
          <Button size="small" busy={edit.isSending} onClick={save} label={`${words.imports.saveRow} ${row.number}`}>
            {words.imports.saveRow}
          </Button>
        )}
      </Row>
    </div>
  )
}
