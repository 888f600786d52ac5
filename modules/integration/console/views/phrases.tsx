import { Banner, formatMoment, Row, StatusTag, Tag } from '@renxin/ui'
import type { ColumnProblem, Target } from '../../columns-contract.ts'
import type { OwnFieldName } from '../../own-fields-contract.ts'
import type { Answer, From, View } from '../../views-contract.ts'
import { words } from '../../words.ts'
import { ownWord } from '../own-fields.ts'

const isOwn = <T extends object>(of: T, key: string): key is Extract<keyof T, string> => Object.hasOwn(of, key)

/** What a target calls a field. */
export function columnWord(target: Target, field: string, own: readonly OwnFieldName[] = []): string {
  if (target === 'staff' && field === 'title') return words.columns.titleOfStaff
  if (target === 'places' && field === 'departmentCode') return words.columns.parentOfPlace
  return isOwn(words.columns.fields, field) ? words.columns.fields[field] : (ownWord(field, own) ?? field)
}

export function problemWord(target: Target, { field, code, value }: ColumnProblem, own: readonly OwnFieldName[] = []): string {
  const about = { field: columnWord(target, field, own), problem: words.columns.problems[code] }
  return value === '' || code === 'noColumn' ? words.columns.problem(about) : words.columns.problemWithValue({ ...about, value })
}

export const fromWord = (from: From): string =>
  'select' in from ? from.select.replace(/\s+/g, ' ') : [from.schema, from.name].filter(Boolean).join('.')

/** How a view fares, in a word. */
export function ViewState({ of: { view, isOn } }: { of: { view: View; isOn: boolean } }) {
  if (!view.isActive || !isOn) return <StatusTag>{words.views.off}</StatusTag>
  if (view.failing) return <StatusTag tone="danger">{words.views.failing({ since: formatMoment(view.failing.since) })}</StatusTag>
  if (view.isReading) return <StatusTag tone="info">{words.views.reading({ n: view.readRows })}</StatusTag>
  return view.lastOkAt ? <StatusTag tone="success">{words.views.ok}</StatusTag> : <StatusTag tone="plain">{words.views.never}</StatusTag>
}

/** What somebody should look at. */
export function ViewWarnings({ of: view }: { of: View }) {
  return (
    <Row gap={4}>
      {view.waiting > 0 && <Tag tone="warning">{words.views.waiting({ n: view.waiting })}</Tag>}
      {view.noted > 0 && <Tag>{words.views.noted({ n: view.noted })}</Tag>}
      {view.missingColumns.length > 0 && (
        <Tag tone="warning">{words.views.missingColumns({ columns: view.missingColumns.join('、') })}</Tag>
      )}
      {view.rowsWithoutKey > 0 && <Tag tone="warning">{words.views.rowsWithoutKey({ n: view.rowsWithoutKey })}</Tag>}
      {view.hasFutureRows && <Tag tone="warning">{words.views.hasFutureRows}</Tag>}
    </Row>
  )
}

/** What went wrong on the other side, what to do, and what it says itself. */
export function Failure({ of: answer, isLate }: { of: Answer | undefined; isLate: boolean }) {
  if (isLate) return <Banner tone="warning">{words.views.late}</Banner>
  if (answer?.what !== 'failed') return null
  return (
    <Banner tone="danger">
      {words.views.failures[answer.code]} {answer.detail && words.views.detail({ detail: answer.detail })}
    </Banner>
  )
}
