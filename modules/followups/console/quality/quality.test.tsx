import { answer, renderPage } from '@renxin/client/testing'
import { configure, screen, waitFor } from '@testing-library/react'
import { expect, test } from 'vitest'
import { type QualityCheck, qualityApi } from '../../contract.ts'
import { CheckQuality } from './CheckQuality.tsx'
import { QualityPanel } from './QualityPanel.tsx'

configure({ asyncUtilTimeout: 8000 }) // the first drawing of a page takes its time on a busy machine

const id = (n: number) => `01990000-0000-7000-8000-00000000000${n}`
const item = (linkId: string, text: string) => ({
  linkId,
  text,
  type: 'choice',
  required: true,
  answerOption: ['做到', '没有做到'].map((display, n) => ({ valueCoding: { code: `${n}`, display } })),
})
const definition = {
  resourceType: 'Questionnaire' as const,
  title: '通话质检',
  item: [item('opening', '说明来意'), item('manner', '有耐心')],
}
const check: QualityCheck = {
  id: id(1),
  taskId: id(2),
  patientId: id(3),
  patientName: '李*',
  departmentId: null,
  departmentName: '骨科',
  ownerId: id(4),
  ownerName: '陈静',
  checkedAt: '2025-11-04T02:00:00.000Z',
  checkedOn: '2025-11-04',
  checkedByName: '高建国',
  points: 9,
  most: 12,
  remarks: '第三题有诱导',
}

test('a check is saved only when every item is judged', async () => {
  const { user, sentTo } = renderPage(<CheckQuality taskId={id(2)} onClose={() => {}} />, {
    answers: [answer(qualityApi.qualityForm, { versionId: id(5), title: '通话质检', definition }), answer(qualityApi.checkQuality, check)],
  })
  const [first, second] = await screen.findAllByText('做到')
  await user.click(first as HTMLElement)
  await user.click(screen.getByRole('button', { name: '保存评分' }))
  expect(sentTo(qualityApi.checkQuality)).toHaveLength(0)
  await user.click(second as HTMLElement)
  await user.click(screen.getByRole('button', { name: '保存评分' }))

  await waitFor(() =>
    expect(sentTo(qualityApi.checkQuality)).toMatchObject([{ id: id(2), versionId: id(5), answers: { opening: ['0'], manner: ['0'] } }]),
  )
})

test('each person’s share stands above the checks of the month', async () => {
  renderPage(<QualityPanel month="2025-11" of={{}} owner="" onOwner={() => {}} />, {
    answers: [
      answer(qualityApi.qualityByPerson, { rows: [{ ownerId: id(4), ownerName: '陈静', checks: 2, points: 9, most: 12 }] }),
      answer(qualityApi.qualityChecks, { rows: [check], next: null }),
    ],
  })

  expect(await screen.findByText('75.0%')).toBeDefined()
  expect(await screen.findByText('9 / 12')).toBeDefined()
  expect(screen.getByText('第三题有诱导')).toBeDefined()
})
