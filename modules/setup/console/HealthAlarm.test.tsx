import { answer, renderPage } from '@renxin/client/testing'
import { configure, screen } from '@testing-library/react'
import { expect, test, vi } from 'vitest'
import { type Alarm, installationApi } from '../contract.ts'
import { HealthAlarm } from './HealthAlarm.tsx'

configure({ asyncUtilTimeout: 8000 })

const disk: Alarm = { item: 'disk', finding: 'diskFull', what: '/srv 0.5 GB', putOff: null }
const backup: Alarm = { item: 'backup', finding: 'backupBad', what: '72.0 h', putOff: null }
const until = '2026-09-05T06:01:00.000Z'

test('one alarm is one sentence, with the way to what to do', async () => {
  renderPage(<HealthAlarm />, { answers: [answer(installationApi.alarms, { rows: [disk] })] })

  expect(await screen.findByText('磁盘空间：空间快用完了：/srv 0.5 GB')).toBeTruthy()
  expect(screen.getByRole('link', { name: '查看怎么办' })).toBeTruthy()
})

test('several are one sentence too; what somebody has put off is not among them', async () => {
  const putOff = { byName: '李主任', at: '2026-09-04T06:01:00.000Z', until }
  const page = renderPage(<HealthAlarm />, {
    answers: [
      answer(installationApi.alarms, { rows: [disk, backup, { item: 'clock', finding: 'clockWrong', what: '90 s', putOff }] }),
      answer(installationApi.putOffAlarms, { rows: [] }),
    ],
  })

  expect(await screen.findByText('系统有 2 项要马上处理：磁盘空间、备份。')).toBeTruthy()
  await page.user.click(screen.getByRole('button', { name: '明天再提醒' }))
  expect(page.sentTo(installationApi.putOffAlarms)).toEqual([{ items: ['disk', 'backup'] }])
})

test('where nothing is red there is nothing to see; what turns red is told within a minute', async () => {
  vi.useFakeTimers({ shouldAdvanceTime: true })
  let rows: Alarm[] = []
  renderPage(<HealthAlarm />, { answers: [answer(installationApi.alarms, () => ({ rows }))] })
  await vi.advanceTimersByTimeAsync(1000)
  expect(screen.queryByRole('complementary', { name: '系统报警' })).toBeNull()

  rows = [disk]
  await vi.advanceTimersByTimeAsync(59_000)
  vi.useRealTimers()

  expect(await screen.findByText(/空间快用完了/)).toBeTruthy()
})
