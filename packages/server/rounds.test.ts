import { expect, test, vi } from 'vitest'
import type { House } from './house.ts'
import { startRounds } from './rounds.ts'

const options = { everyMs: 3_600_000, failed: 'the rounds failed' }
const silent = () => {
  const error = vi.fn()
  return { error, house: { log: { error } } as unknown as House } // the rounds ask a house for nothing but its log
}

test('as long as there is work one round follows the other, and then comes a pause that a stop ends at once', async () => {
  let left = 5
  const round = vi.fn(async () => left-- > 0)
  const rounds = startRounds(silent().house, options, round)
  await vi.waitFor(() => expect(left).toBe(-1))

  await rounds.stop() // not in an hour
  expect(round).toHaveBeenCalledTimes(6)
})

test('a round that fails is told, and the next one comes', async () => {
  const { house, error } = silent()
  let times = 0
  const rounds = startRounds(house, { ...options, everyMs: 1 }, async () => {
    times += 1
    if (times === 1) throw new Error('no database')
    return false
  })
  await vi.waitFor(() => expect(times).toBeGreaterThan(1))
  await rounds.stop()
  expect(error).toHaveBeenCalledExactlyOnceWith({ err: new Error('no database') }, 'the rounds failed')
})

test('a stop waits for the round that runs, and none begins after it', async () => {
  let end = () => {}
  const round = vi.fn(() => new Promise<boolean>((done) => (end = () => done(true))))
  const rounds = startRounds(silent().house, options, round)
  await vi.waitFor(() => expect(round).toHaveBeenCalled())

  const stopped = rounds.stop()
  expect(rounds.isStopping()).toBe(true)
  expect(await Promise.race([stopped, Promise.resolve('still running')])).toBe('still running')
  end()
  await stopped
  expect(round).toHaveBeenCalledOnce()
})
