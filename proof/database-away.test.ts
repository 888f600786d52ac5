import { askAs } from '@renxin/app-server/testing'
import { installationApi, setupApi } from '@renxin/setup/contract'
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { expectToldAndSurvived, openAway, PASSWORD } from './away.ts'

vi.setConfig({ testTimeout: 200_000, hookTimeout: 200_000 }) // a process of its own, on a machine that may be busy

let away: Awaited<ReturnType<typeof openAway>>
beforeAll(async () => {
  away = await openAway()
})
beforeEach(() => away.beWell())
afterAll(() => away.close())

test('a database that is gone: /readyz says so, whoever asks is told that the system is busy, and once it is back all goes on', async () => {
  await expectToldAndSurvived(away, 'gone', 15)
})

test('a database that is slow is slow and nothing worse: pages are answered, and the page of health says so in amber', async () => {
  const system = await askAs(away.product.url, 'system', PASSWORD)
  away.way.become('slow')

  const state = await (await away.get('/api/setup/state')).json()
  const { checks } = await system(installationApi.health, {})

  expect(setupApi.state.reply.parse(state).isEmpty).toBe(false)
  expect(checks).toContainEqual(expect.objectContaining({ item: 'database', state: 'warning', finding: 'databaseSlow' }))
})
