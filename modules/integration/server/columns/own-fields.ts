import { readContent } from '@renxin/patients'
import type { FieldDefinition } from '@renxin/patients/contract'
import type { ColumnMapping } from '../../columns-contract.ts'
import type { OwnField, OwnSaid } from '../own-fields.ts'
import type { Cells } from './cells.ts'
import { plainOf, textOf, timeOf } from './values.ts'

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

/** What a row says of the hospital's own fields. An empty cell says nothing. */
export function readOwn(cells: Cells, own: readonly OwnField[]): OwnSaid {
  const read: OwnSaid = { person: {}, visit: {} }
  for (const { name, definition } of own) {
    const cell = cells.isMapped(name) ? cells.asItStands(name) : undefined
    const text = textOf(cell)
    if (text === '') continue
    const value = fieldContent(definition, {
      text,
      number: plainOf(cell),
      day: timeOf(cell)?.day,
      meaning: (code) => cells.codes.get(name)?.get(code),
    })
    if ('problem' in readContent(definition, value)) cells.note(name, 'badOwnField', text)
    else Object.assign(definition.object === 'patient' ? read.person : read.visit, { [definition.key]: value })
  }
  return read
}

type Written = { text: string; number: string; day: string | undefined; meaning: (code: string) => string | undefined }

/** What a system wrote, as the field takes it: a day out of a time, an option for its code. */
export function fieldContent({ kind, options }: FieldDefinition, { text, number, day, meaning }: Written): string {
  const inWords = (code: string) => meaning(code.trim()) ?? code
  if (kind === 'date') return day ?? text
  if (kind === 'number') return number
  if (kind !== 'multiple' || options.includes(text)) return inWords(text)
  return text
    .split(/[,，;；、|]/u)
    .map(inWords)
    .join(';')
}
