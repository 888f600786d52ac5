import { screen } from '@testing-library/react'
import { expect, test, vi } from 'vitest'
import { draw } from '../testing.tsx'
import { ErrorNote } from './ErrorNote.tsx'

const refused = { code: 'house.busy', kind: 'unavailable', details: { after: 10 }, requestId: '0190a1b2' }

test('an error says what happened and what to do, with its code and the number of the request', () => {
  draw(<ErrorNote error={refused} />)

  const note = screen.getByRole('alert')
  expect(note.textContent).toContain('系统正忙，还没有保存成功。请稍等 10 秒再试，内容不会丢。')
  expect(note.textContent).toContain('house.busy')
  expect(note.textContent).toContain('0190a1b2')
})

test('复制详情 copies what whoever mends it needs', async () => {
  const { user } = draw(<ErrorNote error={refused} />)

  await user.click(screen.getByRole('button', { name: '复制详情' }))

  expect(await navigator.clipboard.readText()).toMatch(/house\.busy[\s\S]*0190a1b2[\s\S]*"after":10/)
  expect(screen.getByRole('button', { name: '已复制' })).toBeTruthy()
})

test('重试 tries again, and without an error there is nothing', async () => {
  const again = vi.fn()
  const { user } = draw(
    <>
      <ErrorNote error={null} onRetry={again} />
      <ErrorNote error={new TypeError('x')} onRetry={again} />
    </>,
  )

  await user.click(screen.getByRole('button', { name: '重试' }))

  expect(again).toHaveBeenCalledOnce()
  expect(screen.getAllByRole('alert')).toHaveLength(1)
})
