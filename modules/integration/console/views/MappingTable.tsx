import { Column, Columns, SelectField, Table, TextField } from '@renxin/ui'
import { type ColumnMapping, type ColumnSource, type Field, type Target, targets } from '../../columns-contract.ts'
import { words } from '../../words.ts'
import { longWord, useOwnFields } from '../own-fields.ts'
import { columnWord } from './phrases.tsx'

const CONSTANT = '\u0000constant'

type Listed = { id: string; isRequired: boolean }
type Cells = Readonly<Record<string, string | null>>

type Props = {
  target: Target
  columns: readonly string[]
  rows: readonly Cells[]
  mapping: ColumnMapping
  onChange: (mapping: ColumnMapping) => void
}

/** Whose own fields the rows of a table can say. */
const ownOf: Partial<Record<Target, readonly string[]>> = { patients: ['patient'], encounters: ['patient', 'inpatient', 'outpatient'] }

/** Which column says what, field by field; what the view does not have may be a constant. */
export function MappingTable({ target, columns, rows, mapping, onChange }: Props) {
  const own = useOwnFields().filter((o) => ownOf[target]?.includes(o.object))
  const wordOf = (id: string) => {
    const field = own.find((o) => o.name === id)
    return field ? longWord(field) : columnWord(target, id)
  }
  const listed = [
    ...Object.entries<Field>(targets[target]).map(([id, { isRequired = false }]): Listed => ({ id, isRequired })),
    ...own.map((o): Listed => ({ id: o.name, isRequired: false })),
  ]
  const known = [...new Set([...columns, ...Object.values(mapping).flatMap((from) => ('column' in from ? [from.column] : []))])]
  const options = [...known.map((value) => ({ value, label: value })), { value: CONSTANT, label: words.views.useConstant }]
  const set = (name: string, from: ColumnSource | undefined) => {
    const { [name]: _, ...others } = mapping
    onChange(from ? { ...others, [name]: from } : others)
  }
  const choose = (name: string, chosen: string | null) =>
    set(name, chosen === null ? undefined : chosen === CONSTANT ? { constant: name === 'class' ? '住院' : '是' } : { column: chosen })
  return (
    <Table of={listed} label={words.views.mappingTitle} plain>
      <Column name={words.views.field} show={({ id, isRequired }: Listed) => (isRequired ? `${wordOf(id)} *` : wordOf(id))} width={180} />
      <Column
        name={words.views.column}
        show={({ id }: Listed) => {
          const from = mapping[id]
          return (
            <Columns sizes={from && 'constant' in from ? '1fr 1fr' : '1fr'} gap={8}>
              <SelectField
                label={`${wordOf(id)} ${words.views.column}`}
                hideLabel
                placeholder={words.views.notMapped}
                value={!from ? null : 'column' in from ? from.column : CONSTANT}
                onChange={(chosen) => choose(id, chosen)}
                options={options}
              />
              {from && 'constant' in from && (
                <TextField
                  label={`${wordOf(id)} ${words.views.constant}`}
                  hideLabel
                  maxLength={200}
                  value={from.constant}
                  onChange={(constant) => constant !== '' && set(id, { constant })}
                />
              )}
            </Columns>
          )
        }}
      />
      <Column name={words.views.samples} show={({ id }: Listed) => exampleOf(mapping[id], rows)} width={300} cut />
    </Table>
  )
}

/** What stands in the column that a field takes, and how many digits its numbers have. */
function exampleOf(from: ColumnSource | undefined, rows: readonly Cells[]): string | null {
  if (!from || 'constant' in from) return null
  const digits = from.width ? [words.views.digits({ n: from.width })] : []
  return [...digits, samplesOf(rows, from.column, 3)].filter(Boolean).join(' · ')
}

/** The first different values of a column. */
export const samplesOf = (rows: readonly Cells[], column: string, most: number): string =>
  [...new Set(rows.flatMap((cells) => cells[column] || []))].slice(0, most).join(' · ')
