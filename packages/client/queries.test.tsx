import { contract, cursor, defineErrors, get, page, post } from '@renxin/kernel'
import { AskText, Button, Column, Page, Table } from '@renxin/ui'
import { screen, waitFor } from '@testing-library/react'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { useList, useRead, useWrite } from './queries.ts'
import { answer, renderPage } from './testing.tsx'

const Complaint = z.object({ id: z.string(), subject: z.string() })
const api = contract('feedback', {
  list: get('/complaints', {
    may: 'feedback.read',
    input: z.object({ status: z.enum(['open', 'closed']).default('open'), ...cursor }),
    reply: page(Complaint),
  }),
  count: get('/count', { may: 'feedback.read', reply: z.object({ open: z.int() }) }),
  close: post('/complaints/:id/close', {
    may: 'feedback.close',
    input: z.object({ id: z.string(), resolution: z.string() }),
    reply: Complaint,
  }),
})
const other = contract('staff', { count: get('/count', { may: 'staff.read', reply: z.object({ people: z.int() }) }) })
const errors = defineErrors('feedback', { alreadyClosed: 'conflict' })

function Complaints() {
  const complaints = useList(api.list, { status: 'open', limit: 2 })
  const count = useRead(api.count, {})
  const staff = useRead(other.count, {})
  const close = useWrite(api.close)
  return (
    <Page title="投诉">
      <p>
        {count.data?.open} 件，{staff.data?.people} 人
      </p>
      <Table of={complaints}>
        <Column name="主题" show={(c: z.infer<typeof Complaint>) => c.subject} />
        <Column
          show={(c: z.infer<typeof Complaint>) => (
            <Button busy={close.isSending} onClick={() => close.send({ id: c.id, resolution: '已致歉' })}>
              办结
            </Button>
          )}
        />
      </Table>
      {close.error && <AskText question="再试" error={close.error.code} onAnswer={() => {}} onCancel={() => {}} />}
    </Page>
  )
}

const open = new Map([
  ['1', '候诊超过两小时'],
  ['2', '找不到停车位'],
  ['3', '饭菜太凉'],
])
const rows = () => [...open].map(([id, subject]) => ({ id, subject }))

test('after a write the lists of its module are read again, and those of others are not', async () => {
  const { user, sentTo } = renderPage(<Complaints />, {
    answers: [
      answer(api.list, ({ after }) => ({
        rows: after ? rows().slice(2) : rows().slice(0, 2),
        next: after || rows().length <= 2 ? null : 'two',
      })),
      answer(api.count, () => ({ open: open.size })),
      answer(other.count, { people: 7 }),
      answer(api.close, ({ id }) => {
        open.delete(id)
        return { id, subject: '' }
      }),
    ],
  })

  await user.click(await screen.findByRole('button', { name: '继续加载' }))
  expect(await screen.findByText('饭菜太凉')).toBeTruthy()
  expect(sentTo(api.list).map((i) => i.after)).toEqual([undefined, 'two'])

  const [first] = screen.getAllByRole('button', { name: '办结' })
  await user.click(first as HTMLElement)

  await waitFor(() => expect(screen.queryByText('候诊超过两小时')).toBeNull())
  expect(await screen.findByText('2 件，7 人')).toBeTruthy()
  expect(sentTo(api.close)).toEqual([{ id: '1', resolution: '已致歉' }])
})

test('a refusal comes as a problem with its code, and nothing is lost', async () => {
  const { user } = renderPage(<Complaints />, {
    answers: [
      answer(api.list, { rows: [{ id: '9', subject: '等床太久' }], next: null }),
      answer(api.count, { open: 1 }),
      answer(other.count, { people: 7 }),
      answer(api.close, () => {
        throw errors.alreadyClosed({ id: '9' })
      }),
    ],
  })

  await user.click(await screen.findByRole('button', { name: '办结' }))

  expect(await screen.findByText('feedback.alreadyClosed')).toBeTruthy()
  expect(screen.getByText('等床太久')).toBeTruthy()
})
