import { answer, renderPage } from '@renxin/client/testing'
import { screen } from '@testing-library/react'
import { expect, test } from 'vitest'
import { staffApi } from '../contract.ts'
import { HolidaysPage } from './HolidaysPage.tsx'

const year2027 = { year: 2027, isAnnounced: false, days: [{ day: '2027-01-01', isWorking: false, name: '元旦' }], announcedYears: [2026] }

test('a year that is not announced says so, and is saved as announced with its days', async () => {
  const page = renderPage(<HolidaysPage />, {
    search: { year: 2027 },
    answers: [answer(staffApi.holidays, year2027), answer(staffApi.saveHolidays, { ...year2027, isAnnounced: true })],
  })

  await screen.findByText(/2027 年的放假安排还没有录入/)
  await page.user.click(screen.getByRole('checkbox', { name: '本年安排已公布并录全' }))
  await page.user.click(screen.getByRole('button', { name: '保存' }))

  expect(page.sentTo(staffApi.saveHolidays)).toEqual([{ year: '2027', isAnnounced: true, days: year2027.days }])
})
