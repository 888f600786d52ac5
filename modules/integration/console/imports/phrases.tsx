import { StatusTag, Tag, type Tone } from '@renxin/ui'
import type { FieldChange, ImportFile, ImportRow, ImportStatus, RowProblem, RowResult } from '../../imports-contract.ts'
import { words } from '../../words.ts'

const w = words.imports

const tones: Record<ImportStatus, Tone> = {
  mapping: 'warning',
  checking: 'info',
  checked: 'warning',
  applying: 'info',
  done: 'success',
  undoing: 'info',
  undone: 'plain',
  discarded: 'plain',
  failed: 'danger',
}

export const ImportState = ({ of: { status } }: { of: Pick<ImportRow, 'status'> }) => (
  <StatusTag tone={tones[status]}>{w.status[status]}</StatusTag>
)

const resultTones: Record<RowResult, Tone> = { new: 'success', changed: 'info', unchanged: 'plain', skipped: 'plain', failed: 'danger' }

export function ResultTag({ result, isOver }: { result: RowResult; isOver: boolean }) {
  return <Tag tone={resultTones[result]}>{(isOver ? w.resultsDone : w.results)[result]}</Tag>
}

/** What a field is called; a column's field, or one that an import changes without a column of that name. */
export function fieldLabel(field: string, own: ImportFile['ownFields'] = []): string {
  const ours = own.find((o) => o.name === field)
  if (ours) return ours.label
  const named = w.changedFields[field as keyof typeof w.changedFields] ?? words.columns.fields[field as keyof typeof words.columns.fields] // a field without a name is shown as it is
  return field === 'patientNumber' ? w.patientNumber : (named ?? field)
}

/** What is wrong: `少 1 位`. */
export function problemText({ code, details }: Pick<RowProblem, 'code' | 'details'>): string {
  const say = w.problems[code as keyof typeof w.problems] as ((d: RowProblem['details']) => string) | string | undefined // each sentence takes what its problem brings
  return typeof say === 'function' ? say(details) : (say ?? code)
}

/** The same where many rows are meant. */
export function problemName(code: string): string {
  const named = w.problemNames[code as keyof typeof w.problemNames] // most problems need no other name
  return named ?? problemText({ code, details: {} })
}

export const problemTitle = ({ code, field }: { code: string; field: string | null }, own: ImportFile['ownFields']): string =>
  field ? `${fieldLabel(field, own)} · ${problemName(code)}` : problemName(code)

/** The column's field by its name; of the hospital's own fields the problem brings it. */
export const labelOf = ({ field, details }: Pick<RowProblem, 'field' | 'details'>): string =>
  details.label === undefined ? (field ? fieldLabel(field) : '') : String(details.label)

/** `第 37 行 · 手机号 · 少 1 位`. */
export const wholeProblem = (number: number, problem: RowProblem): string =>
  [`${w.rowNumber} ${number}`, labelOf(problem), problemText(problem)].filter(Boolean).join(' · ')

export function changeText({ field, before, after }: FieldChange): string {
  const label = fieldLabel(field)
  if (before === null && after === null) return w.changesHidden({ field: label })
  return w.changesOf({ field: label, before: before ?? '—', after: after ?? '—' })
}

export const isWorking = ({ status }: Pick<ImportFile, 'status'>): boolean => ['checking', 'applying', 'undoing'].includes(status)
export const isOver = ({ status }: Pick<ImportFile, 'status'>): boolean => ['applying', 'done', 'undoing', 'undone'].includes(status)
