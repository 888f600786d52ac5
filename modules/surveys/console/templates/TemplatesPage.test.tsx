import { answer, renderPage } from '@renxin/client/testing'
import { screen, waitFor, within } from '@testing-library/react'
import { expect, test } from 'vitest'
import { type Questionnaire, surveysApi, type TemplateCard } from '../../contract.ts'
import { console as pages } from '../index.tsx'
import { TemplatesPage } from './TemplatesPage.tsx'

const id = '01990000-0000-7000-8000-00000000000a'
const basis = {
  title: '国家基本公共卫生服务规范（第三版）',
  issuer: '原国家卫生和计划生育委员会',
  year: 2017,
  part: '随访服务记录表',
  link: null,
}
const card = (key: string, title: string, specialty: string, taken: TemplateCard['taken'] = null): TemplateCard => ({
  key,
  title: [title, key],
  specialty,
  about: '出院患者',
  edition: 2,
  questions: 12,
  filled: 3,
  bases: [basis],
  taken,
})
const definition = {
  resourceType: 'Questionnaire' as const,
  title: '高血压随访',
  item: [{ linkId: 'q', type: 'boolean', text: '头晕吗？' }],
}
const questionnaire: Questionnaire = {
  id, key: 'hypertension', title: '高血压随访', status: 'active', currentVersionId: id, currentNumber: 1, hasDraft: false, updatedAt: '2026-09-04T01:00:00.000Z',
  versions: [], draft: null, revision: 0, findings: [],
} // biome-ignore format: a questionnaire

function open(taken: TemplateCard['taken'] = null) {
  const rows = [card('hypertension', '高血压随访', '心血管内科', taken), card('copd', '慢阻肺随访', '呼吸内科')]
  return renderPage(<TemplatesPage />, {
    path: '/surveys/templates',
    consoles: [pages],
    answers: [
      answer(surveysApi.templates, { rows }),
      answer(surveysApi.template, ({ key }) => ({ ...(rows.find((r) => r.key === key) ?? rows[0] ?? card('x', 'x', 'x')), definition })),
      answer(surveysApi.takeTemplate, questionnaire),
      answer(surveysApi.questionnaire, questionnaire),
      answer(surveysApi.renewTemplate, { ...questionnaire, hasDraft: true }),
    ],
  })
}

test('a template is found by its name, looked through with what it follows, and taken', async () => {
  const page = open()
  await page.user.type(await screen.findByLabelText('找模板'), '高血压{Enter}')
  await waitFor(() => expect(screen.queryByText('慢阻肺随访')).toBeNull())

  await page.user.click(screen.getByText('高血压随访'))
  const drawer = await screen.findByRole('dialog')
  expect(await within(drawer).findByText('国家基本公共卫生服务规范（第三版）')).toBeTruthy()
  expect(within(drawer).getByText(/原国家卫生和计划生育委员会 · 2017 年 · 随访服务记录表/)).toBeTruthy()
  expect(within(drawer).getByText(/头晕吗/)).toBeTruthy()
  await page.user.click(within(drawer).getByRole('button', { name: '启用' }))

  await waitFor(() => expect(page.sentTo(surveysApi.takeTemplate)).toHaveLength(1))
  expect(page.sentTo(surveysApi.takeTemplate)[0]).toMatchObject({ key: 'hypertension' })
})

test('one that goes back to an earlier edition says so and can be brought up to date', async () => {
  const page = open({ id, status: 'active', currentNumber: 1, hasDraft: false, edition: 1 })
  expect(await screen.findByText('使用中 · 第 1 版')).toBeTruthy()
  expect(screen.getByText('有新版模板')).toBeTruthy()

  await page.user.click(screen.getByText('高血压随访'))
  await page.user.click(await screen.findByRole('button', { name: '更新到新版' }))

  await waitFor(() => expect(page.sentTo(surveysApi.renewTemplate)[0]).toMatchObject({ key: 'hypertension', revision: 0 }))
})
