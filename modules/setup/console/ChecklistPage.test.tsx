import { answer, renderPage } from '@renxin/client/testing'
import { configure, screen, within } from '@testing-library/react'
import { expect, test } from 'vitest'
import { type ChecklistStep, checklistApi } from '../contract.ts'
import { ChecklistPage } from './ChecklistPage.tsx'

configure({ asyncUtilTimeout: 8000 }) // the first drawing of a page takes its time on a busy machine

const step = (about: Pick<ChecklistStep, 'step' | 'state'> & Partial<ChecklistStep>): ChecklistStep => ({
  count: null,
  check: null,
  lastTry: null,
  ...about,
})
const open = [
  step({ step: 'units', state: 'done', count: 12 }),
  step({ step: 'people', state: 'open', count: 0 }),
  step({ step: 'machine', state: 'warning', check: { item: 'disk', state: 'bad', finding: 'diskFull', what: '/srv 0.5 GB' } }),
]
const rowOf = (name: RegExp) => within(screen.getByRole('row', { name }))

test('each step says how it stands and leads to where it is done', async () => {
  renderPage(<ChecklistPage />, { answers: [answer(checklistApi.checklist, { steps: open, isDone: false })] })

  expect(await screen.findByText(/还有 2 步没有完成（共 3 步）/)).toBeTruthy()
  expect(rowOf(/科室和病区/).getByText('已有 12 个科室')).toBeTruthy()
  expect(rowOf(/员工/).getByText(/还没有员工/)).toBeTruthy()
  expect(rowOf(/服务器/).getByText(/空间快用完了：\/srv 0.5 GB/)).toBeTruthy()
  expect(screen.getByRole('link', { name: '去设置：员工' })).toBeTruthy()
})

test('a link that one may not follow is not offered', async () => {
  renderPage(<ChecklistPage />, {
    me: { may: ['setup.health', 'staff.read'] },
    answers: [answer(checklistApi.checklist, { steps: open, isDone: false })],
  })

  await screen.findByText(/还有 2 步/)
  expect(screen.queryByRole('link', { name: '去设置：员工' })).toBeNull()
  expect(screen.getByRole('link', { name: '去设置：服务器' })).toBeTruthy()
})

test('a test that fails says why, with who made it', async () => {
  const tried = { at: '2026-09-04T06:01:00.000Z', byName: '王工', ok: false, what: 'MLLP 2575', fault: null }
  let steps = [step({ step: 'doors', state: 'done', count: 1 })]
  const page = renderPage(<ChecklistPage />, {
    answers: [
      answer(checklistApi.checklist, () => ({ steps, isDone: false })),
      answer(checklistApi.tryStep, () => {
        steps = [step({ step: 'doors', state: 'warning', count: 1, lastTry: tried })]
        return steps[0] ?? step({ step: 'doors', state: 'open' })
      }),
    ],
  })

  await page.user.click(await screen.findByRole('button', { name: '测试接口' }))

  expect(await screen.findByText(/王工 测试没有通过：MLLP 2575/)).toBeTruthy()
  expect(page.sentTo(checklistApi.tryStep)).toEqual([{ step: 'doors' }])
})

test('when all is done one line is left, and the steps on request', async () => {
  const { user } = renderPage(<ChecklistPage />, {
    answers: [answer(checklistApi.checklist, { steps: [step({ step: 'units', state: 'done', count: 3 })], isDone: true })],
  })

  expect(await screen.findByText('开通的每一步都完成了。')).toBeTruthy()
  expect(screen.queryByRole('table')).toBeNull()
  await user.click(screen.getByRole('button', { name: '查看全部步骤' }))
  expect(screen.getByText('已有 3 个科室')).toBeTruthy()
})

test('a backup that could not be read says why in the reader’s language, and below it as the command line does', async () => {
  const what = 'There is no backup that can be used.'
  const lastTry = { at: '2026-09-04T06:01:00.000Z', byName: '王工', ok: false, what, fault: 'noBackup' as const }
  renderPage(<ChecklistPage />, {
    answers: [answer(checklistApi.checklist, { steps: [step({ step: 'backup', state: 'open', lastTry })], isDone: false })],
  })

  expect(await screen.findByText(/王工 测试没有通过：没有可用的备份。请先立即备份。$/)).toBeTruthy()
  expect(screen.getByText(what).lang).toBe('en')
})
