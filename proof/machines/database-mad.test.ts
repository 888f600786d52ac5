import { afterAll, beforeAll, beforeEach, test, vi } from 'vitest'
import { expectToldAndSurvived, openAway } from '../away.ts'

vi.setConfig({ testTimeout: 200_000, hookTimeout: 200_000 }) // a process of its own, on a machine that may be busy

let away: Awaited<ReturnType<typeof openAway>>
beforeAll(async () => {
  away = await openAway()
})
beforeEach(() => away.beWell())
afterAll(() => away.close())

test.each([
  ['rubbish', 15],
  ['silent', 30],
] as const)(
  'a database that is %s: /readyz says so, whoever asks is told that the system is busy, and once it is back all goes on',
  async (manner, withinSeconds) => {
    await expectToldAndSurvived(away, manner, withinSeconds)
  },
)
