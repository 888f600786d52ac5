import { fireEvent, screen } from '@testing-library/react'
import { afterEach, expect, test, vi } from 'vitest'
import { Drawer } from '../layers/Drawer.tsx'
import { draw } from '../testing.tsx'
import { setKeySettings } from './settings.ts'
import { namedKeys, useKeys } from './use-keys.ts'

afterEach(() => setKeySettings({ singleKeys: true, changed: {} }))

function Keys({ of, everywhere = false }: { of: Parameters<typeof useKeys>[0]; everywhere?: boolean }) {
  useKeys(of, { everywhere })
  return <textarea aria-label="备注" />
}

test('a combination works in a text field, a single key does not', async () => {
  const finish = vi.fn()
  const next = vi.fn()
  const { user } = draw(<Keys of={{ 'Ctrl+Enter': finish, J: next }} />)

  await user.click(screen.getByRole('textbox'))
  await user.keyboard('j{Control>}{Enter}{/Control}')

  expect(finish).toHaveBeenCalledOnce()
  expect(next).not.toHaveBeenCalled()
})

test('while an input method composes, no key does anything', () => {
  const run = vi.fn()
  draw(<Keys of={{ 'Ctrl+Enter': run, Enter: run, '1': run }} />)

  fireEvent.keyDown(document.body, { key: 'Enter', isComposing: true })
  fireEvent.keyDown(document.body, { key: 'Enter', keyCode: 229 })
  fireEvent.keyDown(document.body, { key: '1', keyCode: 229 })
  fireEvent.keyDown(document.body, { key: 'Enter', ctrlKey: true, isComposing: true })
  expect(run).not.toHaveBeenCalled()

  fireEvent.keyDown(document.body, { key: 'Enter' })
  expect(run).toHaveBeenCalledOnce()
})

test('a key that is held down sends once', () => {
  const send = vi.fn()
  draw(<Keys of={{ 'Ctrl+Enter': send }} />)

  fireEvent.keyDown(document.body, { key: 'Enter', ctrlKey: true })
  fireEvent.keyDown(document.body, { key: 'Enter', ctrlKey: true, repeat: true })

  expect(send).toHaveBeenCalledOnce()
})

test('Enter and Space belong to the button that has the focus', async () => {
  const open = vi.fn()
  const press = vi.fn()
  const { user } = draw(
    <>
      <Keys of={{ Enter: open, Space: open }} />
      <button type="button" onClick={press}>
        拨打
      </button>
    </>,
  )

  screen.getByRole('button').focus()
  await user.keyboard('{Enter} ')

  expect(press).toHaveBeenCalledTimes(2)
  expect(open).not.toHaveBeenCalled()
})

test('beneath a drawer the keys of the page are silent, those of the drawer work', async () => {
  const below = vi.fn()
  const above = vi.fn()
  const always = vi.fn()
  const { user } = draw(
    <>
      <Keys of={{ J: below }} />
      <Keys of={{ F2: always }} everywhere />
      <Drawer title="任务" onClose={() => {}}>
        <Keys of={{ J: above }} />
      </Drawer>
    </>,
  )

  await user.keyboard('j{F2}')

  expect([below, above, always].map((f) => f.mock.calls.length)).toEqual([0, 1, 1])
})

test('a person may switch single keys off and choose another key', async () => {
  const next = vi.fn()
  const finish = vi.fn()
  const { user } = draw(<Keys of={{ J: { name: '下一行', run: next }, 'Ctrl+Enter': { name: '完成', run: finish } }} />)

  setKeySettings({ singleKeys: false, changed: { 'Ctrl+Enter': 'F8' } })
  await user.keyboard('j{F8}{Control>}{Enter}{/Control}')

  expect(next).not.toHaveBeenCalled()
  expect(finish).toHaveBeenCalledOnce()
  expect(namedKeys()).toContainEqual({ key: 'Ctrl+Enter', pressed: 'F8', name: '完成' })
})
