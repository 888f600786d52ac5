import { forget, makeDataDir } from '@renxin/app-server/testing'
import { afterAll, expect, test } from 'vitest'
import { runFaults } from './faults.ts'

const folder = await makeDataDir('faults')
afterAll(() => forget(folder))

test('a minute of kills at server, database and destination, with load in both directions: inbox and outbox complete, in order, none twice', {
  timeout: 400_000,
}, async () => {
  const faults = await runFaults(folder, { seconds: 60, seed: 20_261_128 })

  console.log(JSON.stringify(faults))
  expect(Math.min(...Object.values(faults.kills))).toBeGreaterThan(0)
  expect(faults.messages).toBeGreaterThan(100)
  expect(faults.writtenBack).toBeGreaterThan(10)
})
