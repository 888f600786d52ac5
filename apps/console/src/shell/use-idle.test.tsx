// @vitest-environment jsdom
import { renderHook } from '@testing-library/react'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { useIdle } from './use-idle.ts'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())
const after = (minutes: number) => vi.advanceTimersByTime(minutes * 60_000 + 5000)

test('a page that nobody touches for as long as the hospital says is locked; a key or a press begins the time anew', () => {
  const lock = vi.fn()
  renderHook(() => useIdle(10, true, lock))

  after(9)
  window.dispatchEvent(new KeyboardEvent('keydown'))
  after(9)
  window.dispatchEvent(new Event('pointerdown'))
  after(9)
  expect(lock).not.toHaveBeenCalled()
  after(1)
  expect(lock).toHaveBeenCalled()
})

test('work in another tab of the same browser keeps this one open, and a page that is locked already watches nothing', () => {
  const lock = vi.fn()
  const { rerender } = renderHook(({ isOn }) => useIdle(10, isOn, lock), { initialProps: { isOn: true } })

  after(9)
  localStorage.setItem('renxin-used-at', String(vi.getMockedSystemTime()?.getTime()))
  after(9)
  expect(lock).not.toHaveBeenCalled()
  rerender({ isOn: false })
  after(60)
  expect(lock).not.toHaveBeenCalled()
})
