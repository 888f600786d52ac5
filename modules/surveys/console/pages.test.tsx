import { answer, renderPage } from '@renxin/client/testing'
import { staffApi } from '@renxin/staff/contract'
import { screen, waitFor } from '@testing-library/react'
import { expect, test } from 'vitest'
import { inspect, type QuestionnaireCard, type QuestionResult, surveysApi } from '../contract.ts'
import { console as pages } from './index.tsx'
import { QuestionnairesPage } from './QuestionnairesPage.tsx'
import { ResultsPage } from './ResultsPage.tsx'

const id = '01990000-0000-7000-8000-00000000000a'
const card: QuestionnaireCard = {
  id,
  key: null,
  title: '出院后恢复情况随访',
  status: 'active',
  currentVersionId: id,
  currentNumber: 2,
  hasDraft: true,
  updatedAt: '2026-09-04T01:00:00.000Z',
}

function openList() {
  return renderPage(<QuestionnairesPage />, {
    consoles: [pages],
    answers: [
      answer(surveysApi.questionnaires, { rows: [card], next: null }),
      answer(surveysApi.inspect, ({ definition }) => {
        const { form, findings } = inspect(definition)
        return { title: form.title.text, questions: form.byLinkId.size, findings }
      }),
    ],
  })
}

const file = (text: string) => new File([text], 'form.json', { type: 'application/json' })

test('a file that is no JSON is told beside the field, and nothing is sent', async () => {
  const page = openList()
  await page.user.click(screen.getByRole('button', { name: '导入' }))

  await page.user.upload(screen.getByLabelText(/JSON 文件/), file('<xml/>'))

  expect(await screen.findByText(/不是 JSON，没有导入/)).toBeTruthy()
  expect(page.sentTo(surveysApi.inspect)).toEqual([])
  expect(screen.getByRole('button', { name: '导入为草稿' })).toHaveProperty('disabled', true)
})

test('what a file has that our forms do not do is told item by item before it is imported', async () => {
  const page = openList()
  await page.user.click(screen.getByRole('button', { name: '导入' }))
  const definition = {
    resourceType: 'Questionnaire',
    title: '外来问卷',
    item: [
      { linkId: 'photo', type: 'attachment', text: '照片' },
      { linkId: 'q', type: 'string', text: '?' },
    ],
  }

  await page.user.upload(screen.getByLabelText(/JSON 文件/), file(`\uFEFF${JSON.stringify(definition)}`))

  expect(await screen.findByText(/外来问卷/)).toBeTruthy()
  expect(screen.getByText('photo').parentElement?.textContent).toContain('题型“attachment”暂不能在这里作答')
  expect(screen.getByRole('button', { name: '导入为草稿' })).toHaveProperty('disabled', false)
})

test('the list says what is in use and what has changes that are not', async () => {
  openList()

  expect(await screen.findByText('出院后恢复情况随访')).toBeTruthy()
  expect(screen.getByText('使用中')).toBeTruthy()
  expect(screen.getByText('有未发布的修改')).toBeTruthy()
  expect(screen.getByText('第 2 版')).toBeTruthy()
})

const shown: QuestionResult = {
  isHidden: false,
  linkId: 'overall',
  text: '对这次住院总的来说',
  kind: 'choice',
  isFilled: false,
  measure: 'satisfaction',
  n: 12,
  options: [{ key: '5', label: '很满意', count: 11, share: 11 / 12 }],
  mean: 4.8333,
  smallest: null,
  largest: null,
  verdicts: { satisfied: 11, dissatisfied: 1, notApplicable: 2 },
  nps: null,
  texts: [],
}

function openResults(n: number, questions: QuestionResult[]) {
  return renderPage(<ResultsPage />, {
    path: '/surveys/:id/results',
    params: { id },
    search: { from: '2026-08-01', to: '2026-09-01' },
    consoles: [pages],
    answers: [
      answer(surveysApi.results, { title: '住院患者满意度', n, least: 5, questions }),
      answer(staffApi.units, { rows: [] }),
      answer(surveysApi.smallSamples, { least: 5 }),
      answer(surveysApi.saveSmallSamples, { least: 8 }),
    ],
  })
}

test('each figure stands with its number of people, and “does not apply” is in no base', async () => {
  openResults(14, [shown, { isHidden: true, linkId: 'food', text: '医院的膳食' }])

  expect(await screen.findByText('n=12 · 平均 4.83')).toBeTruthy()
  expect(screen.getByText(/满意 11（91\.7%） · 不满意 1（8\.3%） · 不适用 2 · n=12/)).toBeTruthy()
  expect(screen.getByText('样本不足 5 份，或由它可以推算出不足 5 份的，为保护填写人不显示明细。')).toBeTruthy() // the food
})

test('fewer than five responses show nothing but a way to a longer time', async () => {
  const page = openResults(4, [])
  await page.user.click(await screen.findByRole('button', { name: '放宽时间' }))

  await waitFor(() => expect(page.address()).toContain('from=2026-05-01'))
})

test('whoever keeps the questionnaires says below how many answers nothing is shown, and not below five', async () => {
  const page = openResults(14, [shown])
  await page.user.click(await screen.findByRole('button', { name: '保护填写人' }))
  const least = await screen.findByLabelText(/少于多少份不显示/)

  await page.user.clear(least)
  await page.user.type(least, '3')
  expect(least).toHaveProperty('value', '5')
  await page.user.clear(least)
  await page.user.type(least, '8')
  await page.user.click(screen.getByRole('button', { name: '保存' }))

  expect(page.sentTo(surveysApi.saveSmallSamples)).toEqual([{ least: 8 }])
})
