import { answer, renderPage } from '@renxin/client/testing'
import { staffApi } from '@renxin/staff/contract'
import { surveysApi } from '@renxin/surveys/contract'
import { configure, screen, waitFor, within } from '@testing-library/react'
import { expect, test } from 'vitest'
import { ProgrammeBody, previewApi, programmesApi, type Taken } from '../contract.ts'
import { ProgrammesPage } from './ProgrammesPage.tsx'

configure({ asyncUtilTimeout: 8000 }) // the first drawing of a page takes its time on a busy machine

const id = (n: number) => `01990000-0000-7000-8000-00000000000${n}`
const saved = answer(programmesApi.saveProgramme, ({ id: said, body }) => ({
  ...ProgrammeBody.parse(body),
  id: said,
  key: null,
  status: 'draft' as const,
  version: 1,
  activeFrom: null,
  planning: null,
}))
const study = ProgrammeBody.parse({
  name: '单病种随访',
  level: 'study',
  trigger: 'discharged',
  rule: { classes: ['inpatient'] },
  onReturn: 'pause',
  steps: [
    {
      name: '定期随访', unit: 'days', fromOffset: 0, byOffset: 14, repeat: { everyMonths: 3, forMonths: 24 }, channel: 'phone', assignee: 'centre', questionnaireId: null,
    },
  ],
}) // biome-ignore format: a row
const taken: Taken = {
  encounterId: id(1), patientId: id(2), patientName: '王*', sex: 'male', age: 67, class: 'inpatient', departmentName: '心血管内科', wardName: null,
  anchorAt: '2026-09-03T02:00:00.000Z', variant: 0, stayDays: 12, ever: ['everCritical'], diagnosis: { code: 'I21.900', name: '急性心肌梗死' }, range: 'I21',
} // biome-ignore format: a row
const answers = [
  answer(programmesApi.programmes, { rows: [] }),
  answer(programmesApi.templates, { rows: [{ family: 'study', body: study }] }),
  answer(previewApi.preview, { days: 30, all: 900, matching: 60, yesterday: [4] }),
  answer(previewApi.dates, {
    rows: [{ name: '定期随访 1/8', written: 1, dueFrom: '2027-02-09T00:00:00+08:00', dueBy: '2027-02-23T23:59:59+08:00', movedDays: 5 }],
  }),
  answer(previewApi.whom, { rows: [taken], next: null }),
  answer(staffApi.units, { rows: [] }),
  answer(surveysApi.questionnaires, { rows: [], next: null }),
  saved,
]
const openNew = () => renderPage(<ProgrammesPage />, { answers, search: { open: 'new' } })

test('a programme is written, and a code that cannot be read is told at its field', async () => {
  const { user, sentTo } = openNew()
  await user.click(await screen.findByRole('button', { name: '空白方案' }))
  await user.type(await screen.findByRole('textbox', { name: /^名称/ }), '心梗随访')
  await user.type(screen.getByRole('textbox', { name: /步骤名称/ }), '用药')
  await user.type(screen.getByRole('textbox', { name: /主要诊断编码/ }), 'I21，心梗')
  await user.click(screen.getByRole('button', { name: /保存/ }))
  expect(await screen.findByText('有的编码看不懂。例子：I21、I20-I25、C34.1')).toBeDefined()

  await user.clear(screen.getByRole('textbox', { name: /主要诊断编码/ }))
  await user.type(screen.getByRole('textbox', { name: /主要诊断编码/ }), 'i21，I20-I25')
  await user.click(screen.getByRole('button', { name: /保存/ }))

  await waitFor(() => expect(sentTo(programmesApi.saveProgramme)).toHaveLength(1))
  expect(sentTo(programmesApi.saveProgramme)[0]).toMatchObject({
    version: 0,
    body: { name: '心梗随访', rule: { diagnoses: ['I21', 'I20-I25'] } },
  })
})

test('begun as a study it reads as a sentence, says what yesterday would have made, and when a patient of today would be called', async () => {
  const { user } = openNew()
  await user.click(await screen.findByRole('button', { name: '科研与单病种' }))

  const sentence = await screen.findByRole('region', { name: '这个方案说的是' })
  expect(
    within(sentence)
      .getAllByRole('listitem')
      .map((li) => li.textContent),
  ).toEqual([
    '对出院的住院患者（不限科室、诊断和年龄）',
    '定期随访：每 3 个月一次，共 8 次，到期后第 0–14 天，由随访中心电话，最多 3 次',
    '再次入院时住院期间暂停，出院后继续；转到其他医院时停止；去世时停止；拒绝时只结束这一次',
  ])
  expect(await screen.findByText('昨天会产生 32 项任务（4 人次）')).toBeDefined()
  const beside = within(screen.getByRole('complementary', { name: '这个方案会做什么' }))
  expect((await beside.findByRole('list', { name: '昨天符合条件的患者' })).textContent).toBe('王*心血管内科')
  expect(beside.getByText('还有 3 人次')).toBeDefined()
  expect(await screen.findByText('定期随访 1/8')).toBeDefined()
  expect(screen.getByText('顺延 5 天')).toBeDefined()
})

test('whom the rule takes is listed with what of each it looked at', async () => {
  const { user, sentTo } = openNew()
  await user.click(await screen.findByRole('button', { name: '科研与单病种' }))
  await user.type(await screen.findByRole('textbox', { name: /主要诊断编码/ }), 'I21')
  await user.click(await screen.findByRole('button', { name: '看是哪些患者' }))

  const list = within(await screen.findByRole('table', { name: '这条规则选中的患者' }))
  expect(await list.findByText('王*')).toBeDefined()
  expect(list.getByText('心血管内科')).toBeDefined()
  await waitFor(() => expect(list.getByText('住院，I21.900 急性心肌梗死（属于 I21）')).toBeDefined())
  await waitFor(() => expect(sentTo(previewApi.whom).at(-1)?.what).toContain('"diagnoses":["I21"]'))
})

test('who may write programmes and see no patients gets the number and no list', async () => {
  const { user } = renderPage(<ProgrammesPage />, { answers, search: { open: 'new' }, me: { may: ['followups.programmes'] } })
  await user.click(await screen.findByRole('button', { name: '科研与单病种' }))
  expect(await screen.findByText('昨天会产生 32 项任务（4 人次）')).toBeDefined()
  expect(screen.queryByRole('button', { name: '看是哪些患者' })).toBeNull()
})

test('whoever writes for a department alone begins with it', async () => {
  const me = { may: { 'followups.programmes': 'department' }, departments: [id(7)] } as const
  const { user, sentTo } = renderPage(<ProgrammesPage />, { answers, search: { open: 'new' }, me })
  await user.click(await screen.findByRole('button', { name: '科研与单病种' }))

  await waitFor(() => expect(sentTo(previewApi.preview).at(-1)?.what).toContain(`"departmentIds":["${id(7)}"]`))
})

test('while the patients of earlier days are planned the page says how far it is', async () => {
  const planning = {
    id: id(5), status: 'running' as const, fromAt: '2026-08-01T00:00:00+08:00', total: 45_000, seen: 12_000, made: 9800, startedByName: '王工', startedAt: '2026-09-04T01:00:00.000Z', finishedAt: null,
  } // biome-ignore format: a row
  const programme = {
    ...study,
    id: id(3),
    key: null,
    status: 'active' as const,
    version: 1,
    activeFrom: '2026-08-01T00:00:00+08:00',
    planning,
  }
  renderPage(<ProgrammesPage />, { answers: [...answers, answer(programmesApi.programme, programme)], search: { open: id(3) } })

  expect(await screen.findByText(/已看 12,000 \/ 45,000 人次，排了 9,800 项任务/)).toBeDefined()
})
