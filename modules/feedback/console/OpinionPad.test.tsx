import { answer, renderPage } from '@renxin/client/testing'
import { Refusal } from '@renxin/kernel'
import { staffApi } from '@renxin/staff/contract'
import { Choice, TextField } from '@renxin/ui'
import { screen, waitFor, within } from '@testing-library/react'
import { useState } from 'react'
import { expect, test } from 'vitest'
import { feedbackApi, type Opinion } from '../contract.ts'
import { OpinionPad } from './OpinionPad.tsx'

const id = (n: number) => `0190a000-0000-7000-8000-${String(n).padStart(12, '0')}`
const categories = [
  '服务态度',
  '沟通告知',
  '服务流程',
  '等候时间',
  '收费',
  '医疗质量',
  '医疗安全',
  '环境设施',
  '隐私保护',
  '其他',
  '行业作风',
].map((name, at) => ({
  id: id(at + 1),
  key: `k${at}`,
  name,
  position: at,
  isActive: true,
}))
const said = (input: { id: string; kind: Opinion['kind']; categoryId?: string | null | undefined }): Opinion => ({
  id: input.id,
  kind: input.kind,
  categoryId: input.categoryId ?? null,
  category: categories.find((c) => c.id === input.categoryId)?.name ?? null,
  grade: null,
  isImportant: false,
  text: '',
  patientId: id(90),
  patientName: '王芳',
  encounterId: null,
  source: 'call',
  units: [],
  people: [],
  receivedAt: '2026-09-04T01:00:00.000Z',
  recordedByName: '李护士',
  speakerName: null,
  isOwn: true,
  withdrawnAt: null,
  complaint: input.kind === 'complaint' ? { number: 'TS2026-0042', status: 'accepted' } : null,
})

/** A questionnaire beside the pad: its options take digits too. */
function Screen() {
  const [value, setValue] = useState<string | null>(null)
  const [text, setText] = useState('')
  return (
    <>
      <Choice
        label="恢复情况"
        numbered
        value={value}
        onChange={setValue}
        options={['好', '一般', '差'].map((v) => ({ value: v, label: v }))}
      />
      <TextField label="备注" value={text} onChange={setText} />
      <OpinionPad patientId={id(90)} source="call" origin={{ kind: 'followups.task', id: id(91) }} />
    </>
  )
}

const answers = [
  answer(feedbackApi.categories, { rows: categories }),
  answer(feedbackApi.record, said),
  answer(staffApi.units, { rows: [] }),
]

test('two keys record a complaint of waiting, out of the middle of a questionnaire, which keeps its answer and the cursor', async () => {
  const page = renderPage(<Screen />, { answers })
  const option = screen.getByRole('radio', { name: /一般/ })
  await page.user.click(option)
  await waitFor(() => expect(page.sentTo(feedbackApi.categories)).toHaveLength(1))

  await page.user.keyboard('t4')

  expect(await screen.findByText('TS2026-0042')).toBeDefined()
  expect(page.sentTo(feedbackApi.record)).toEqual([
    expect.objectContaining({
      kind: 'complaint',
      categoryId: id(4),
      patientId: id(90),
      source: 'call',
      origin: { kind: 'followups.task', id: id(91) },
    }),
  ])
  expect(option).toHaveProperty('checked', true)
  expect(document.activeElement).toBe(option)
})

test('in a text field the letters are letters', async () => {
  const page = renderPage(<Screen />, { answers })

  await page.user.type(screen.getByLabelText('备注'), 't4by')

  expect(screen.getByLabelText('备注')).toHaveProperty('value', 't4by')
  expect(page.sentTo(feedbackApi.record)).toEqual([])
})

test('the tenth and the eleventh category have keys too, and Esc goes back without recording', async () => {
  const page = renderPage(<Screen />, { answers })
  await waitFor(() => expect(page.sentTo(feedbackApi.categories)).toHaveLength(1))

  await page.user.keyboard('b{Escape}')
  await page.user.keyboard('y0')
  await waitFor(() => expect(page.sentTo(feedbackApi.record)).toHaveLength(1))
  await screen.findByRole('button', { name: /补充内容/ })
  await page.user.keyboard('q-')

  await waitFor(() => expect(page.sentTo(feedbackApi.record)).toHaveLength(2))
  expect(page.sentTo(feedbackApi.record).map((r) => [r.kind, r.categoryId])).toEqual([
    ['suggestion', id(10)],
    ['remark', id(11)],
  ])
})

test('after a failure the same press sends the same opinion again', async () => {
  let isDown = true
  const page = renderPage(<Screen />, {
    answers: [
      answer(feedbackApi.categories, { rows: categories }),
      answer(feedbackApi.record, (input) => {
        if (isDown) throw new Refusal('house.busy', 'unavailable')
        return said(input)
      }),
    ],
  })
  await waitFor(() => expect(page.sentTo(feedbackApi.categories)).toHaveLength(1))

  await page.user.keyboard('t1')
  await screen.findByRole('alert')
  isDown = false
  await page.user.keyboard('1')

  await screen.findByText('TS2026-0042')
  const [first, second] = page.sentTo(feedbackApi.record)
  expect(second?.id).toBe(first?.id)
})

test('what was recorded by mistake is taken back by the undo bar', async () => {
  const page = renderPage(<Screen />, {
    answers: [
      ...answers,
      answer(feedbackApi.withdraw, ({ id: opinionId }) => ({
        ...said({ id: opinionId, kind: 'praise' }),
        withdrawnAt: '2026-09-04T01:01:00.000Z',
      })),
    ],
  })
  await waitFor(() => expect(page.sentTo(feedbackApi.categories)).toHaveLength(1))
  await page.user.keyboard('b1')
  const list = await screen.findByRole('list', { name: '本次已记录' })
  expect(within(list).getByText('服务态度')).toBeDefined()

  await page.user.keyboard('{Control>}z{/Control}')

  await waitFor(() => expect(page.sentTo(feedbackApi.withdraw)).toHaveLength(1))
  await waitFor(() => expect(screen.queryByRole('list', { name: '本次已记录' })).toBeNull())
})
