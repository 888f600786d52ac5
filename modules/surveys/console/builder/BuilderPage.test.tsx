import { answer, renderPage } from '@renxin/client/testing'
import type { Reply } from '@renxin/kernel'
import { screen, waitFor, within } from '@testing-library/react'
import { expect, test } from 'vitest'
import { type Definition, type Questionnaire, readForm, surveyErrors, surveysApi } from '../../contract.ts'
import { console as pages } from '../index.tsx'
import { BuilderPage } from './BuilderPage.tsx'
import { renameLinkId } from './change-definition.ts'
import { addRule } from './change-red-flags.ts'

const id = '01990000-0000-7000-8000-00000000000a'
const start: Definition = {
  resourceType: 'Questionnaire',
  title: '术后随访',
  item: [{ linkId: 'q1', type: 'boolean', text: '还疼吗?', strange: 1 }],
}
const questionnaire = (over: Partial<Questionnaire> = {}): Questionnaire => ({
  id,
  key: null,
  title: '术后随访',
  status: 'draft',
  currentVersionId: null,
  currentNumber: null,
  hasDraft: true,
  updatedAt: '2026-09-04T01:00:00.000Z',
  versions: [],
  draft: start,
  revision: 3,
  findings: [],
  ...over,
})

const sources: Reply<typeof surveysApi.sources>['rows'] = [
  { path: 'encounter.dischargedAt', group: ['就诊', 'Visit'], title: ['出院时间', 'Discharged at'], kind: 'dateTime', takesChoice: false },
  {
    path: 'laboratory.latestAmount',
    group: ['检验结果', 'Laboratory results'],
    title: ['最近一次数值', 'Latest number'],
    kind: 'number',
    takesChoice: true,
  },
]
const analytes: Reply<typeof surveysApi.sourceChoices>['rows'] = [{ value: 'HGB', title: ['血红蛋白 HGB（g/L）', '血红蛋白 HGB（g/L）'] }]

type Save = { definition: Definition; revision: number }

function open(options: { refuse?: boolean } = {}) {
  let revision = 3
  return renderPage(<BuilderPage />, {
    path: '/surveys/:id/edit',
    params: { id },
    consoles: [pages],
    answers: [
      answer(surveysApi.questionnaire, questionnaire()),
      answer(surveysApi.saveDraft, () => {
        if (options.refuse) throw surveyErrors.editedByOthers({ id })
        revision += 1
        return questionnaire({ revision })
      }),
      answer(surveysApi.sources, { rows: sources }),
      answer(surveysApi.sourceChoices, ({ search }) => ({ rows: analytes.filter((a) => a.title[0].includes(search ?? '')) })),
      answer(surveysApi.publish, questionnaire({ status: 'active', currentNumber: 1, draft: null, revision: 4 })),
    ],
  })
}

const saves = (page: ReturnType<typeof open>) => page.sentTo(surveysApi.saveDraft) as unknown as Save[] // what the route was sent

test('a change is seen in the preview at once, and kept by itself within two seconds', async () => {
  const page = open()
  await page.user.click(await screen.findByRole('option', { name: /还疼吗/ }))

  await page.user.type(screen.getByRole('textbox', { name: /题目文字/ }), '现在')

  expect(screen.getByRole('radiogroup', { name: /还疼吗\?现在/ })).toBeTruthy()
  await waitFor(() => expect(saves(page)).toHaveLength(1), { timeout: 2500 })
  expect(saves(page)[0]).toMatchObject({ revision: 3, definition: { item: [{ linkId: 'q1', text: '还疼吗?现在', strange: 1 }] } })
  expect(await screen.findByText(/已自动保存/)).toBeTruthy()
})

test('publishing keeps what was just written first, and publishes that', async () => {
  const page = open()
  await page.user.type(
    await screen.findByRole('textbox', { name: '问卷名称 *' }).catch(() => screen.getAllByRole('textbox')[0] ?? document.body),
    '二',
  )

  await page.user.click(screen.getByRole('button', { name: '发布' }))

  await waitFor(() => expect(page.sentTo(surveysApi.publish)).toHaveLength(1))
  expect(saves(page)[0]?.definition.title).toBe('术后随访二')
  expect(page.sentTo(surveysApi.publish)[0]).toMatchObject({ id, revision: 4 })
})

test('what somebody else changed meanwhile is told, and nothing written is lost', async () => {
  const page = open({ refuse: true })
  await page.user.click(await screen.findByRole('option', { name: /还疼吗/ }))
  await page.user.type(screen.getByRole('textbox', { name: /题目文字/ }), '!')

  expect(await screen.findByText(/刚被别人改过/, {}, { timeout: 3000 })).toBeTruthy()
  expect(screen.getByDisplayValue('还疼吗?!')).toBeTruthy()
})

test('a question is added, moved and deleted by keyboard, and the deletion can be undone', async () => {
  const page = open()
  await page.user.click(await screen.findByRole('button', { name: '加题' }))
  await page.user.click(await screen.findByText('单行文字题'))
  const list = screen.getByRole('listbox', { name: '题目' })
  await waitFor(() => expect(within(list).getAllByRole('option')).toHaveLength(2))
  const added = within(list).getByRole('option', { name: /没有文字/ })
  added.focus()

  await page.user.keyboard('{Alt>}{ArrowUp}{/Alt}')
  expect(
    within(list)
      .getAllByRole('option')
      .map((o) => o.textContent),
  ).toEqual(['（没有文字）单行文字题', '还疼吗?是否题'])
  await page.user.keyboard('{Delete}')
  expect(within(list).getAllByRole('option')).toHaveLength(1)
  await page.user.click(screen.getByRole('button', { name: '撤销' }))

  expect(within(list).getAllByRole('option')).toHaveLength(2)
})

test('what must be mended keeps it from being published and leads to the question', async () => {
  const page = open()
  await page.user.click(await screen.findByRole('option', { name: /还疼吗/ }))
  await page.user.clear(screen.getByRole('textbox', { name: /题号标识/ }))

  expect(await screen.findByText(/发布前要改正的/)).toBeTruthy()
  expect(screen.getByRole('button', { name: '发布' })).toHaveProperty('disabled', true)
})

test('an item that the records fill is added, and it is chosen from what', async () => {
  const page = open()
  await page.user.click(await screen.findByRole('button', { name: '加题' }))
  await page.user.click(await screen.findByText('初始项（由医院记录带入）'))
  expect(await screen.findByText(/这个初始项没有选好来源/)).toBeTruthy()

  await page.user.click(screen.getByRole('combobox', { name: /^来源/ }))
  await page.user.click(await screen.findByText('检验结果 · 最近一次数值'))
  expect(screen.getByText(/这个初始项没有选好来源/)).toBeTruthy() // of a result it must be said which
  await page.user.click(screen.getByRole('combobox', { name: /^具体项目/ }))
  await page.user.click(await screen.findByText('血红蛋白 HGB（g/L）'))

  await waitFor(() => expect(screen.queryByText(/这个初始项没有选好来源/)).toBeNull())
  expect(screen.getByText('随访时由系统带入')).toBeTruthy()
  await waitFor(
    () =>
      expect(saves(page).at(-1)?.definition).toMatchObject({
        item: expect.arrayContaining([
          expect.objectContaining({
            type: 'decimal',
            text: '血红蛋白 HGB（g/L）',
            extension: [{ url: 'urn:renxin:fhir:source', valueString: 'laboratory.latestAmount:HGB' }],
          }),
        ]),
      }),
    { timeout: 3000 },
  )
})

test('a red flag is written: which answer, what is said, how long the doctor has', async () => {
  const page = open()
  await page.user.click(await screen.findByRole('button', { name: '加规则' }))
  const rule = screen.getByRole('region', { name: '新规则' })
  expect(within(screen.getByRole('region', { name: '红旗规则' })).getAllByRole('region', { name: /第 1 条回答/ })).toHaveLength(1)

  await page.user.type(within(rule).getByRole('textbox', { name: /名称/ }), '还疼')
  await page.user.type(screen.getByRole('textbox', { name: /护士现在说什么/ }), '我报告医生')
  await page.user.type(screen.getByRole('textbox', { name: /请患者怎么做/ }), '请来复诊')
  await page.user.type(screen.getByRole('textbox', { name: /医生处理时限/ }), '30')
  await page.user.tab()

  await waitFor(() => expect(JSON.stringify(saves(page).at(-1)?.definition.extension)).toContain('"value":30'), { timeout: 4000 })
  expect(readForm(saves(page).at(-1)?.definition).redFlags).toMatchObject([
    {
      title: { text: '还疼' },
      say: { text: '我报告医生' },
      tell: { text: '请来复诊' },
      deadlineMinutes: 30,
      conditions: [{ question: 'q1', operator: '=', expected: [{ name: 'Boolean', content: true }] }],
    },
  ])
})

test('a rule follows its question when that is given another name', () => {
  const definition = addRule(start, [...readForm(start).byLinkId.values()][0] ?? expect.fail('there is no question'))

  const renamed = renameLinkId(definition, [0], 'pain')

  expect(readForm(renamed).redFlags[0]?.conditions[0]?.question).toBe('pain')
})
