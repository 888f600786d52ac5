import { forget, makeDataDir } from '@renxin/app-server/testing'
import { afterAll, expect, test } from 'vitest'
import { killsOf, runFaults } from './faults.ts'

const folder = await makeDataDir('faults')
afterAll(() => forget(folder))

test('twenty times kill -9 at server, database and both, and the destination away, with load in both directions: all that was acknowledged is there, in order, none twice', {
  timeout: 400_000,
}, async () => {
  const faults = await runFaults(folder, { kills: 20, seed: 20_261_128 })

  console.log(JSON.stringify(faults))
  expect(killsOf(faults)).toBeGreaterThanOrEqual(20)
  expect(Math.min(...Object.values(faults.kills))).toBeGreaterThan(0)
  expect(faults.messages).toBeGreaterThan(100)
  expect(faults.writtenBack).toBeGreaterThan(10)
})
