import { encounters } from '@renxin/encounters'
import { feedback } from '@renxin/feedback'
import { files } from '@renxin/files'
import { followups } from '@renxin/followups'
import { patients } from '@renxin/patients'
import { openHouse } from '@renxin/server/testing'
import { staff } from '@renxin/staff'
import { surveys } from '@renxin/surveys'
import { beforeAll, expect, test } from 'vitest'
import { analytics } from '../index.ts'
import { periodOf } from '../rules.ts'
import { answersByWard } from './answers-by-ward.ts'
import { contactsByOutcome } from './contacts-by-outcome.ts'
import { monthByMonth } from './month-by-month.ts'
import { opinionsByCategory } from './opinions-by-category.ts'
import { staysByWard } from './stays-by-ward.ts'

// Ten rows a report; the expected figures beside them were added up by hand.
const house = await openHouse([staff, patients, files, encounters, surveys, feedback, followups, analytics], {
  now: '2026-09-20T09:00+08:00',
})
const [d1, d2, w1, w2, nil] = ['d1', 'd2', 'a1', 'a2', '00'].map((end) => `00000000-0000-0000-0000-0000000000${end}`) as [
  string,
  string,
  string,
  string,
  string,
]
const period = periodOf({ from: '2026-09' }, '2026-09-20') // 1–20 September against 1–20 August; coverage up to 13 September
const put = (table: string, columns: string, rows: unknown[][]) =>
  house.sql(`insert into analytics.${table} (${columns}) select * from jsonb_to_recordset($1) as r (${typesOf(columns)})`, [
    JSON.stringify(rows.map((row) => Object.fromEntries(columns.split(', ').map((c, i) => [c, row[i]])))),
  ])
const typesOf = (columns: string) =>
  columns
    .split(', ')
    .map(
      (c) =>
        `${c} ${/^(day|month)$/.test(c) ? 'date' : c.endsWith('_id') ? 'uuid' : ['kind', 'category', 'outcome'].includes(c) ? 'text' : 'int'}`,
    )
    .join(', ')

beforeAll(async () => {
  await put('stay_days', 'day, department_id, ward_id, discharged, alive, covered', [
    ['2026-09-01', d1, w1, 10, 10, 7],
    ['2026-09-13', d1, w1, 6, 5, 4],
    ['2026-09-14', d1, w1, 4, 4, 1], // too late for the coverage
    ['2026-09-20', d1, w1, 3, 3, 0],
    ['2026-09-21', d1, w1, 99, 99, 99], // after today
    ['2026-09-05', d2, w2, 8, 8, 2],
    ['2026-08-01', d1, w1, 9, 9, 6],
    ['2026-08-20', d2, w2, 5, 4, 4],
    ['2026-08-21', d2, w2, 77, 77, 77], // not in the same part of August
    ['2026-07-31', d1, w1, 66, 66, 66], // before the period before
  ])
  await put('contact_days', 'day, department_id, ward_id, outcome, tasks', [
    ['2026-09-01', d1, w1, 'reached', 5],
    ['2026-09-02', d1, w1, 'reached', 4],
    ['2026-09-02', d2, w2, 'relativeAnswered', 3],
    ['2026-09-20', d1, w1, 'noAnswer', 2],
    ['2026-09-20', d2, w2, 'voidNumber', 1],
    ['2026-09-21', d2, w2, 'voidNumber', 50],
    ['2026-08-01', d1, w1, 'reached', 6],
    ['2026-08-20', d1, w1, 'noAnswer', 2],
    ['2026-08-21', d1, w1, 'noAnswer', 40],
    ['2026-07-31', d1, w1, 'refused', 30],
  ])
  const answers = 'month, department_id, ward_id, satisfied, no_opinion, dissatisfied, not_applicable, promoters, passives, detractors'
  await put('answer_months', answers, [
    ['2026-09-01', d1, w1, 20, 3, 1, 2, 10, 5, 5],
    ['2026-09-01', d2, w2, 8, 1, 6, 0, 2, 3, 9],
    ['2026-09-01', nil, nil, 1, 0, 0, 0, 1, 0, 0],
    ['2026-08-01', d1, w1, 15, 2, 3, 1, 8, 4, 3],
    ['2026-08-01', d2, w2, 9, 0, 1, 0, 5, 3, 2],
    ['2026-07-01', d1, w1, 11, 1, 0, 0, 6, 1, 1],
    ['2026-10-01', d1, w1, 90, 90, 90, 90, 90, 90, 90],
    ['2025-10-01', d1, w1, 4, 0, 1, 0, 3, 0, 2],
    ['2025-09-01', d1, w1, 70, 70, 70, 70, 70, 70, 70], // thirteen months ago
    ['2026-08-01', nil, nil, 0, 0, 2, 0, 0, 0, 2],
  ])
  await put('opinion_days', 'day, kind, category_id, department_id, ward_id, category, opinions', [
    ['2026-09-01', 'complaint', w1, d1, w1, '态度', 3],
    ['2026-09-02', 'complaint', w1, d1, w2, '态度', 2],
    ['2026-09-02', 'complaint', w2, d2, w2, '费用', 1],
    ['2026-09-20', 'praise', nil, d1, w1, '', 7],
    ['2026-09-21', 'praise', nil, d1, w1, '', 70],
    ['2026-08-02', 'complaint', w1, d1, w1, '态度', 4],
    ['2026-08-20', 'praise', nil, d1, w1, '', 5],
    ['2026-08-21', 'praise', nil, d1, w1, '', 50],
    ['2026-07-31', 'suggestion', w2, d2, w2, '费用', 60],
    ['2025-10-03', 'complaint', w2, d2, w2, '费用', 9],
  ])
})

const ask = <T>(report: (ctx: Parameters<typeof staysByWard>[0], p: typeof period, f: object) => Promise<T>, filter = {}) =>
  house.inside((ctx) => report(ctx, period, filter))

test('discharges and coverage by ward, now and before', async () => {
  expect((await ask(staysByWard)).sort((a, b) => (a.wardId < b.wardId ? -1 : 1))).toEqual([
    { departmentId: d1, wardId: w1, discharged: 23, dischargedBefore: 9, base: 15, covered: 11, baseBefore: 9, coveredBefore: 6 },
    { departmentId: d2, wardId: w2, discharged: 8, dischargedBefore: 5, base: 8, covered: 2, baseBefore: 4, coveredBefore: 4 },
  ])
})

test('how follow-ups ended, now and before', async () => {
  expect((await ask(contactsByOutcome)).sort((a, b) => (a.outcome < b.outcome ? -1 : 1))).toEqual([
    { outcome: 'noAnswer', tasks: 2, tasksBefore: 2 },
    { outcome: 'reached', tasks: 9, tasksBefore: 6 },
    { outcome: 'relativeAnswered', tasks: 3, tasksBefore: 0 },
    { outcome: 'voidNumber', tasks: 1, tasksBefore: 0 },
  ])
})

test('answers by ward, now and before', async () => {
  const rows = await ask(answersByWard)

  expect(
    rows
      .filter((r) => !r.isPrior)
      .map((r) => [r.wardId, r.satisfied, r.noOpinion, r.dissatisfied, r.promoters, r.passives, r.detractors])
      .sort(),
  ).toEqual([
    [nil, 1, 0, 0, 1, 0, 0],
    [w1, 20, 3, 1, 10, 5, 5],
    [w2, 8, 1, 6, 2, 3, 9],
  ])
  expect(rows.filter((r) => r.isPrior).reduce((n, r) => n + r.promoters + r.passives + r.detractors, 0)).toBe(27) // 15 + 10 + 2
})

test('opinions by kind, category and department', async () => {
  const rows = await ask(opinionsByCategory)

  expect(
    rows
      .filter((r) => r.opinions > 0)
      .map((r) => [r.kind, r.category, r.departmentId, r.opinions, r.opinionsBefore])
      .sort(),
  ).toEqual([
    ['complaint', '态度', d1, 5, 4],
    ['complaint', '费用', d2, 1, 0],
    ['praise', '', d1, 7, 5],
  ])
})

test('month by month over the year, also where a month has only one kind of rows', async () => {
  const rows = await ask(monthByMonth)

  expect(
    rows.map((r) => [r.month, r.discharged, r.base, r.covered, r.satisfied, r.promoters - r.detractors, r.complaints, r.praise]),
  ).toEqual([
    ['2025-10', 0, 0, 0, 4, 1, 9, 0],
    ['2026-07', 66, 66, 66, 11, 5, 0, 0],
    ['2026-08', 91, 90, 87, 24, 6, 4, 55],
    ['2026-09', 130, 23, 13, 29, -1, 6, 77],
  ])
})

test('of one department only its own', async () => {
  expect(await ask(staysByWard, { departmentId: d2 })).toMatchObject([{ wardId: w2, discharged: 8 }])
  expect((await ask(answersByWard, { wardId: w1 })).every((r) => r.wardId === w1)).toBe(true)
})
