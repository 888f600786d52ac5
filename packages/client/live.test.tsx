import { QueryClient } from '@tanstack/react-query'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { goLive, isLive } from './live.ts'

class FakeSource {
  static CLOSED = 2
  static last: FakeSource
  static opened = 0
  readyState = 0
  onopen = () => {}
  onmessage = (_: { data: string }) => {}
  onerror = () => {}
  heard = new Map<string, () => void>()
  addEventListener(name: string, hear: () => void) {
    this.heard.set(name, hear)
  }
  constructor() {
    FakeSource.last = this
    FakeSource.opened += 1
  }
  close() {}
}

const told = (module: string) => FakeSource.last.onmessage({ data: JSON.stringify({ module }) })
let queries: QueryClient
let stop: () => void
const yours: boolean[] = []

beforeEach(() => {
  vi.useFakeTimers()
  vi.stubGlobal('EventSource', FakeSource)
  FakeSource.opened = 0
  queries = new QueryClient()
  for (const module of ['followups', 'staff']) queries.setQueryData([module, 'list', {}], [])
  yours.length = 0
  stop = goLive(queries, undefined, (isSure) => yours.push(isSure))
  FakeSource.last.onopen()
})
afterEach(() => {
  stop()
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

const isStale = (module: string) => queries.getQueryState([module, 'list', {}])?.isInvalidated

test('what the server says has changed is read again, a burst once, and nothing else', () => {
  const invalidate = vi.spyOn(queries, 'invalidateQueries')

  told('followups')
  told('followups')
  vi.advanceTimersByTime(200)

  expect([isStale('followups'), isStale('staff')]).toEqual([true, false])
  expect(invalidate).toHaveBeenCalledOnce()
})

test('what shows something of another module is read again when that one changed', () => {
  queries
    .getQueryCache()
    .find({ queryKey: ['staff', 'list', {}] })
    ?.setOptions({ queryKey: ['staff', 'list', {}], meta: { alsoOf: ['followups'] } })

  told('followups')
  vi.advanceTimersByTime(200)

  expect(isStale('staff')).toBe(true)
})

test('that one’s own rights or place have changed is passed on; after a break they may have', () => {
  FakeSource.last.heard.get('you')?.()
  expect(yours).toEqual([true])

  FakeSource.last.onerror()
  FakeSource.last.onopen()

  expect(yours).toEqual([true, false])
})

test('after a break everything is read again, since nobody knows what was missed', () => {
  FakeSource.last.onerror()
  expect(isLive()).toBe(false)

  FakeSource.last.onopen()

  expect(isLive()).toBe(true)
  expect([isStale('followups'), isStale('staff')]).toEqual([true, true])
})

test('where the browser gives up, it is tried again later and later', () => {
  FakeSource.last.readyState = FakeSource.CLOSED
  FakeSource.last.onerror()
  vi.advanceTimersByTime(2000)
  expect(FakeSource.opened).toBe(2)

  FakeSource.last.readyState = FakeSource.CLOSED
  FakeSource.last.onerror()
  vi.advanceTimersByTime(3999)
  expect(FakeSource.opened).toBe(2)
  vi.advanceTimersByTime(1)
  expect(FakeSource.opened).toBe(3)
})

test('a tab that nobody looks at gives its connection back, and catches up when it is looked at', () => {
  const hidden = vi.spyOn(document, 'hidden', 'get').mockReturnValue(true)
  document.dispatchEvent(new Event('visibilitychange'))
  vi.advanceTimersByTime(30_000)
  expect(isLive()).toBe(false)

  hidden.mockReturnValue(false)
  document.dispatchEvent(new Event('visibilitychange'))
  FakeSource.last.onopen()

  expect(FakeSource.opened).toBe(2)
  expect([isStale('followups'), isStale('staff')]).toEqual([true, true])
  hidden.mockRestore()
})
