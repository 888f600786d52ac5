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
export function fieldLabel(field: string): string {
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

export const problemTitle = ({ code, field }: { code: string; field: string | null }): string =>
  field ? `${fieldLabel(field)} · ${problemName(code)}` : problemName(code)

/** `第 37 行 · 手机号 · 少 1 位`. */
export const wholeProblem = (number: number, { field, ...problem }: RowProblem): string =>
  [`${w.rowNumber} ${number}`, field && fieldLabel(field), problemText(problem)].filter(Boolean).join(' · ')

export function changeText({ field, before, after }: FieldChange): string {
  const label = fieldLabel(field)
  if (before === null && after === null) return w.changesHidden({ field: label })
  return w.changesOf({ field: label, before: before ?? '—', after: after ?? '—' })
}

export const isWorking = ({ status }: Pick<ImportFile, 'status'>): boolean => ['checking', 'applying', 'undoing'].includes(status)
export const isOver = ({ status }: Pick<ImportFile, 'status'>): boolean => ['applying', 'done', 'undoing', 'undone'].includes(status)
