import { listFields, readContent } from '@renxin/patients'
import type { FieldDefinition } from '@renxin/patients/contract'
import type { Context } from '@renxin/server'
import type { ColumnMapping } from '../../columns-contract.ts'
import type { ImportKind, RowProblem } from '../../imports-contract.ts'
import { plainOf, type Row, textOf, timeOf } from '../columns/index.ts'

/** A field that the hospital defined itself, under the name by which a column is put to it. */
export type OwnField = { name: string; definition: FieldDefinition }

const objects = { patients: ['patient'], encounters: ['patient', 'inpatient', 'outpatient'] } as const

/** The hospital's own fields that a table of this kind can say. */
export async function ownFieldsOf(ctx: Context, kind: ImportKind): Promise<OwnField[]> {
  if (kind !== 'patients' && kind !== 'encounters') return []
  const fields = (await listFields(ctx, objects[kind])).filter((f) => f.isActive)
  return fields.map((definition) => ({ name: `own:${definition.object}:${definition.key}`, definition }))
}

/** Columns that are called as one of the hospital's own fields is, by its label or its key, and say nothing else. */
export function guessOwn(own: readonly OwnField[], heads: readonly string[], mapping: ColumnMapping): ColumnMapping {
  const taken = new Set(Object.values(mapping).flatMap((s) => ('column' in s ? [s.column] : [])))
  const guessed: ColumnMapping = {}
  for (const { name, definition } of own) {
    const head = heads.find((h) => !taken.has(h) && [definition.label, definition.key].some((name) => plain(h) === plain(name)))
    if (head === undefined) continue
    taken.add(head)
    guessed[name] = { column: head }
  }
  return { ...mapping, ...guessed }
}

const plain = (text: string) => text.normalize('NFKC').replace(/\s/g, '').toUpperCase()

type Extra = Record<string, unknown>
type OwnRead = { person: Extra; visit: Extra; problems: RowProblem[] }

/** What a row says of the hospital's own fields. An empty cell says nothing. */
export function readOwn(own: readonly OwnField[], mapping: ColumnMapping, row: Row, heads: readonly string[], isStrict: boolean): OwnRead {
  const read: OwnRead = { person: {}, visit: {}, problems: [] }
  for (const { name, definition } of own) {
    const source = mapping[name]
    if (!source || !('column' in source)) continue
    const cell = row[source.column]
    const text = textOf(cell)
    if (text === '') continue
    const value = definition.kind === 'date' ? (timeOf(cell)?.day ?? text) : definition.kind === 'number' ? plainOf(cell) : text
    if ('problem' in readContent(definition, value)) {
      const details = { label: definition.label }
      read.problems.push({
        code: 'badOwnField',
        level: isStrict ? 'error' : 'warning',
        column: heads.indexOf(source.column),
        field: name,
        details,
      })
    } else Object.assign(definition.object === 'patient' ? read.person : read.visit, { [definition.key]: value })
  }
  return read
}
