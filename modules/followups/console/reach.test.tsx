import { answer, renderPage } from '@renxin/client/testing'
import { Refusal } from '@renxin/kernel'
import { configure, screen, waitFor } from '@testing-library/react'
import { expect, test } from 'vitest'
import { followupsApi, type Reach, type Task } from '../contract.ts'
import { TodayPage } from './TodayPage.tsx'
import { answers, id, row, task } from './today.fixture.ts'

configure({ asyncUtilTimeout: 8000 }) // the first drawing of a page takes its time on a busy machine

const number = { name: null, kind: 'mobile', isBad: false, tries: 0, answered: 0 }
const contacts: Task['contacts'] = [
  { ...number, id: id(6), relation: 'self', masked: '138****8000', tries: 2 },
  { ...number, id: id(7), relation: 'daughter', masked: '139****9000', tries: 3, answered: 2 },
]
const reach: Reach = {
  contactId: id(7),
  why: 'answered',
  answered: 2,
  tries: 3,
  hour: 18,
  hourWhy: 'answered',
  hourAnswered: 2,
  hourTries: 2,
}
const asked = (more: Partial<Task>) => answer(followupsApi.task, { ...task, questionnaire: null, contacts, reach, ...more })
const daughterDialled = answer(followupsApi.dial, ({ attemptId, contactId }) => ({
  attemptId,
  patientId: row.patientId,
  contactId,
  relation: 'daughter',
  number: '13900139000',
  startedAt: row.nextAt,
}))

test('the page proposes whom to ring and when, says why, and the one key rings that number', async () => {
  const { user, sentTo } = renderPage(<TodayPage />, { answers: [asked({}), daughterDialled, ...answers] })
  const said = await screen.findByText(/建议打：女儿 139\*\*\*\*9000。/)

  expect(said.textContent).toBe('建议打：女儿 139****9000。以前打这个号码接通过 2 次（共打 3 次）。多在 18 点到 19 点接通（2/2 次）。')
  expect(screen.getByText('接通 2/3')).toBeDefined()
  await user.keyboard('{F2}')

  await waitFor(() => expect(sentTo(followupsApi.dial)).toMatchObject([{ contactId: id(7) }]))
})

test('a relative answers: whose telephone it is, until the nurse says who it was', async () => {
  const { user, sentTo } = renderPage(<TodayPage />, { answers: [asked({}), daughterDialled, ...answers] })
  await screen.findByText(/建议打/)
  await user.keyboard('{F2}')
  await screen.findByRole('link', { name: '139 0013 9000' })
  await user.keyboard('r')
  const who = await screen.findByRole('combobox', { name: '谁接听' })
  expect(screen.getByTitle('女儿')).toBeDefined()

  await user.click(who)
  await user.click(await screen.findByTitle('配偶'))
  await user.click(screen.getByRole('button', { name: /完成并下一位/ }))

  await waitFor(() => expect(sentTo(followupsApi.complete)).toMatchObject([{ outcome: 'relativeAnswered', answeredBy: 'spouse' }]))
})

test('somebody else called today: it says who and when, and nothing is dialled', async () => {
  const calledToday = { byName: '林芳', at: '2025-11-04T01:12:00.000Z' }
  const { user, sentTo } = renderPage(<TodayPage />, { answers: [asked({ calledToday }), ...answers] })
  expect(await screen.findByText(/林芳 今天 09:12 已经给这位患者打过电话。同一天只由一个人联系/)).toBeDefined()

  await user.keyboard('{F2}')

  expect(sentTo(followupsApi.dial)).toHaveLength(0)
})

test('somebody else was quicker by a moment: the refusal says who', async () => {
  const refused = answer(followupsApi.dial, () => {
    throw new Refusal('followups.calledByOther', 'conflict', { byName: '林芳', at: '2025-11-04T01:12:00.000Z' })
  })
  const { user } = renderPage(<TodayPage />, { answers: [asked({}), refused, ...answers] })
  await screen.findByText(/建议打/)

  await user.keyboard('{F2}')

  expect(await screen.findByText(/林芳 今天已经给这位患者打过电话，没有拨打。/)).toBeDefined()
})
