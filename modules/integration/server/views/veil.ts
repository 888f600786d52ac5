import { showName } from '@renxin/patients'
import { checkIdentityCard } from '@renxin/patients/contract'
import { nobody } from '@renxin/server'
import { type ColumnMapping, type Field, type Target, targets } from '../../columns-contract.ts'
import { type Cell, plainOf, type Row, textOf } from '../columns/index.ts'
import type { OwnField } from '../own-fields.ts'

/** `138****8000`: its ends, and how long it is. A number that a spreadsheet spoilt says nothing any more. */
export function veiled(value: string): string {
  if (/E\+/i.test(value)) return value
  const [head, tail] = [Math.min(3, Math.floor(value.length / 4)), Math.min(4, Math.floor(value.length / 4))]
  return `${value.slice(0, head)}${'*'.repeat(value.length - head - tail)}${tail > 0 ? value.slice(-tail) : ''}`
}

const names = new Set(['name', 'kinName'])
const hidden = new Set(['address', 'summary', 'findings', 'conclusion'])

/** A row for whoever sets a view up: what names or finds a person is masked, by what the column is taken for and by what stands in it. */
export function veiledRow(target: Target, mapping: ColumnMapping, row: Row, own: readonly OwnField[] = []): Record<string, string | null> {
  const fields: Readonly<Record<string, Field>> = targets[target]
  const kinds = Object.entries(mapping).flatMap(([field, source]) =>
    'column' in source ? [{ field, kind: isSealed(field, own) ? 'phone' : fields[field]?.kind, column: source.column }] : [],
  )
  return Object.fromEntries(
    Object.entries(row).map(([column, cell]) => {
      const taken = kinds.filter((k) => k.column === column)
      return [column, veiledCell(cell, target, taken)]
    }),
  )
}

function veiledCell(cell: Cell, target: Target, taken: readonly { field: string; kind: Field['kind'] | undefined }[]): string | null {
  const text = textOf(cell)
  if (text === '') return cell === null || cell === undefined ? null : ''
  const isOfPerson = target !== 'staff' && target !== 'places'
  if (isOfPerson && taken.some((t) => names.has(t.field))) return showName({ actor: nobody }, text)
  if (taken.some((t) => t.kind === 'phone' || t.kind === 'identityCard') || looksPersonal(plainOf(cell))) return veiled(text)
  if (taken.some((t) => hidden.has(t.field))) return text.length > 6 ? `${text.slice(0, 6)}…` : text
  return text.length > 200 ? `${text.slice(0, 200)}…` : text
}

/** A field that the hospital itself keeps sealed. */
const isSealed = (field: string, own: readonly OwnField[]) => own.some((o) => o.name === field && o.definition.isSensitive)

/** In a column that nobody has mapped yet. */
const looksPersonal = (plain: string) => /^(?:\+?86)?1[3-9]\d{9}$|^0\d{2,3}-?\d{7,8}$/.test(plain) || checkIdentityCard(plain).isValid

/** The fields of facts that are not shown as they are. */
export function veiledFact(field: string, value: string, own: readonly OwnField[] = []): string {
  if (isSealed(field, own)) return veiled(value)
  if (field === 'name') return showName({ actor: nobody }, value)
  if (field === 'identifiers') return value.replace(/\d{14,17}[\dXx]/g, veiled)
  if (field === 'address' || field === 'summary') return value.length > 6 ? `${value.slice(0, 6)}…` : value
  return ['phones', 'kin', 'identityCard'].includes(field)
    ? value.replace(/[\d-]{7,}[\dX]/g, veiled).replace(/\p{Script=Han}{2,}/gu, (n) => showName({ actor: nobody }, n))
    : value
}
