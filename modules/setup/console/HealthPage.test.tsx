import { answer, renderPage } from '@renxin/client/testing'
import { configure, screen, waitFor, within } from '@testing-library/react'
import { expect, test } from 'vitest'
import { type Alarm, type HealthCheck, installationApi, keysApi } from '../contract.ts'
import { HealthPage } from './HealthPage.tsx'

configure({ asyncUtilTimeout: 8000 }) // the first drawing of a page takes its time on a busy machine

const at = '2026-09-04T06:01:00.000Z'
const checks: HealthCheck[] = [
  { item: 'database', state: 'good', finding: 'databaseGood', what: '2 ms · 3.0 GB' },
  { item: 'disk', state: 'bad', finding: 'diskFull', what: '/srv/renxin 0.5 GB (1%)' },
]
const process = {
  id: '01990000-0000-7000-8000-0000000000a1',
  host: 'crm-1',
  pid: 42,
  roles: ['web', 'worker'],
  version: '1.0.0',
  startedAt: at,
  secondsSilent: 2.6,
  isLeading: true,
  megabytes: 312,
}
const keys = answer(keysApi.keys, { suite: 'aes', backupSuite: 'aes', rows: [], rotation: null })
const health = answer(installationApi.health, { at, checks, alarms: [], processes: [process] })

test('what is bad stands first, with what it means and what to do', async () => {
  renderPage(<HealthPage />, { answers: [health, keys] })

  expect(await screen.findByText('有 1 项要马上处理。')).toBeTruthy()
  const rows = within(screen.getByRole('table', { name: '检查项目' })).getAllByRole('row')
  expect(rows[1]?.textContent).toContain('磁盘空间')
  expect(rows[1]?.textContent).toContain('空间快用完了：/srv/renxin 0.5 GB (1%)')
  expect(rows[1]?.textContent).toContain('写满以后什么都不能保存')
  expect(rows[2]?.textContent).toContain('数据库')
  expect(screen.getByText(/web, worker · 负责后台任务/)).toBeTruthy()
})

test.each([
  [true, '17', /测试通过，用时 0.2 秒：写入一行并读回，队列中另有 17 条/],
  [false, 'ENOSPC: no space left on device', /测试没有通过，用时 0.2 秒：ENOSPC/],
])('a test says what came of it: %s', async (ok, what, sentence) => {
  const tried = answer(installationApi.tryHealth, { item: 'database', ok, what, fault: null, finding: null, seconds: 0.2 })
  const page = renderPage(<HealthPage />, { answers: [health, keys, tried] })

  await page.user.click(await screen.findByRole('button', { name: '测试数据库' }))

  expect(await screen.findByText(sentence)).toBeTruthy()
  expect(page.sentTo(installationApi.tryHealth)).toEqual([{ item: 'database' }])
})

test('what a test of single sign-on finds is a sentence of its own', async () => {
  const what = 'sso.hospital.cn · 0.1 s · 41.0 s'
  const sso: HealthCheck = { item: 'sso', state: 'good', finding: 'ssoUnasked', what: 'sso.hospital.cn' }
  const page = renderPage(<HealthPage />, {
    answers: [
      keys,
      answer(installationApi.health, { at, checks: [sso], alarms: [], processes: [] }),
      answer(installationApi.tryHealth, { item: 'sso', ok: false, what, fault: null, finding: 'ssoClock', seconds: 0.2 }),
    ],
  })

  await page.user.click(await screen.findByRole('button', { name: '测试统一登录' }))

  expect(await screen.findByText(/测试没有通过，用时 0.2 秒：对方的时钟差得太多.*sso\.hospital\.cn · 0\.1 s · 41\.0 s/)).toBeTruthy()
})

test('a backup that cannot be read says why in the reader’s language, and below it as the command line does', async () => {
  const what = 'There is no backup that can be used.'
  const tried = answer(installationApi.tryHealth, { item: 'backup', ok: false, what, fault: 'noBackup', finding: null, seconds: 0.2 })
  const backup: HealthCheck = { item: 'backup', state: 'warning', finding: 'backupFirst', what: '—' }
  const page = renderPage(<HealthPage />, {
    answers: [answer(installationApi.health, { at, checks: [backup], alarms: [], processes: [] }), keys, tried],
  })

  await page.user.click(await screen.findByRole('button', { name: '测试备份' }))

  expect(await screen.findByText('测试没有通过，用时 0.2 秒：没有可用的备份。请先立即备份。')).toBeTruthy()
  expect(screen.getByText(what).lang).toBe('en')
})

test('whoever put the alarms off is named there, and they can be had again', async () => {
  const putOff = { byName: '李主任', at, until: '2026-09-05T06:01:00.000Z' }
  let alarms: Alarm[] = [{ item: 'disk', finding: 'diskFull', what: '', putOff }]
  const page = renderPage(<HealthPage />, {
    answers: [
      keys,
      answer(installationApi.health, () => ({ at, checks, alarms, processes: [] })),
      answer(installationApi.recallAlarms, () => {
        alarms = alarms.map((a) => ({ ...a, putOff: null }))
        return { rows: alarms }
      }),
    ],
  })

  expect(await screen.findByText(/李主任 在 .* 看过下列各项，各页到 .* 前不再提醒：磁盘空间。/)).toBeTruthy()
  await page.user.click(screen.getByRole('button', { name: '恢复提醒' }))
  await waitFor(() => expect(screen.queryByText(/李主任/)).toBeNull())
})
