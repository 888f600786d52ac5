import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { gatherInto } from './gather.ts'

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }))
afterEach(() => void vi.useRealTimers())

const [A, B, C] = [{}, {}, {}]
const turn = () => new Promise((done) => setImmediate(() => setImmediate(done)))

/** What was taken together; each transaction ends when it is told to, or by itself. */
function gathering({ ends = true } = {}) {
  const batches: string[][] = []
  const endings: (() => void)[] = []
  const { add } = gatherInto<string, string>(async (batch) => {
    batches.push(batch)
    if (!ends) await new Promise<void>((done) => endings.push(done))
    return batch.map((item) =>
      item === 'bad' ? { status: 'rejected', reason: new Error('bad') } : { status: 'fulfilled', value: `${item} kept` },
    )
  })
  return { add, batches, end: () => endings.shift()?.() }
}

test('after a quiet moment one is taken at once, and so is the next of the sender who was answered', async () => {
  const { add, batches } = gathering()
  expect(await add('1', A)).toBe('1 kept')
  expect(await add('2', A)).toBe('2 kept')
  vi.advanceTimersByTime(20)
  expect(await add('3', B)).toBe('3 kept')
  expect(batches).toEqual([['1'], ['2'], ['3']])
})

test('what comes while a transaction runs goes into the next, all of it together', async () => {
  const { add, batches, end } = gathering({ ends: false })
  const one = add('1', A)
  await turn()
  void add('2', B)
  void add('3', C)
  end()
  await one
  void add('4', A) // who was answered sends again
  await turn()
  expect(batches).toEqual([['1'], ['2', '3', '4']])
})

test('others wait 20 ms after the last, and are taken together; or until the sender who was answered sends again', async () => {
  const { add, batches } = gathering()
  await add('1', A)
  const others = [add('2', B), add('3', C)]
  await turn()
  vi.advanceTimersByTime(19)
  await turn()
  expect(batches).toEqual([['1']])
  vi.advanceTimersByTime(1)
  expect(await Promise.all(others)).toEqual(['2 kept', '3 kept'])

  const waits = add('4', A)
  await turn()
  expect(batches).toHaveLength(2)
  expect(await add('5', B)).toBe('5 kept')
  expect(await waits).toBe('4 kept')
  expect(batches).toEqual([['1'], ['2', '3'], ['4', '5']])
})

test('two hundred are taken together at most, and one that fails fails alone', async () => {
  const { add, batches } = gathering()
  const all = Array.from({ length: 450 }, (_, i) => add(i === 7 ? 'bad' : `${i}`, A))
  await expect(all[7]).rejects.toThrow('bad')
  expect((await Promise.allSettled(all)).filter((r) => r.status === 'rejected')).toHaveLength(1)
  expect(batches.map((b) => b.length)).toEqual([200, 200, 50])
})
