import { screen, within } from '@testing-library/react'
import { useState } from 'react'
import { afterEach, expect, test, vi } from 'vitest'
import { draw } from '../testing.tsx'
import { Column } from './Column.tsx'
import { Table } from './Table.tsx'

type Task = { id: string; name: string }
const tasks: Task[] = ['王小明', '欧阳娜娜', '阿卜杜热合曼·买买提江'].map((name, n) => ({ id: String(n), name }))
const list = (rows: readonly Task[], more: () => void = () => {}, hasMore = false) => ({
  rows,
  error: null,
  isLoading: false,
  hasMore,
  more,
})

function Chosen({ onOpen = () => {}, more }: { onOpen?: (task: Task) => void; more?: () => void }) {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  return (
    <Table
      of={list(tasks, more, more !== undefined)}
      onOpen={onOpen}
      selection={{ chosen, onChange: setChosen, actions: <button type="button">分配 {chosen.size} 项</button> }}
    >
      <Column name="患者" show={(t: Task) => t.name} />
    </Table>
  )
}

test('J and K move, Enter opens, X selects, and the bar says how many', async () => {
  const open = vi.fn()
  const { user } = draw(<Chosen onOpen={open} />)

  await user.keyboard('jjx')
  await user.keyboard('k{Enter}')

  expect(screen.getByRole('button', { name: '分配 1 项' })).toBeTruthy()
  expect(open).toHaveBeenCalledExactlyOnceWith(tasks[0])
  expect(document.activeElement?.textContent).toContain('王小明')
})

test('moving on from the last row asks for more', async () => {
  const more = vi.fn()
  const { user } = draw(<Chosen more={more} />)

  await user.keyboard('jjjj')

  expect(more).toHaveBeenCalledOnce()
})

test('a press on a button in a row does not open the row', async () => {
  const open = vi.fn()
  const dial = vi.fn()
  const { user } = draw(
    <Table of={tasks} onOpen={open}>
      <Column name="患者" show={(t: Task) => t.name} />
      <Column
        show={(t: Task) => (
          <button type="button" onClick={dial}>
            拨打{t.name}
          </button>
        )}
      />
    </Table>,
  )

  await user.click(screen.getByRole('button', { name: '拨打王小明' }))
  expect([dial.mock.calls.length, open.mock.calls.length]).toEqual([1, 0])

  await user.click(screen.getByText('欧阳娜娜', { selector: 'td' }))
  expect(open).toHaveBeenCalledWith(tasks[1])
})

test('nothing, not yet and not at all look different', () => {
  const name = <Column name="患者" show={(t: Task) => t.name} />
  const { rerender } = draw(
    <Table of={list([])} empty="今天的随访都完成了，辛苦了。">
      {name}
    </Table>,
  )
  expect(screen.getByText('今天的随访都完成了，辛苦了。')).toBeTruthy()

  rerender(<Table<Task> of={{ data: undefined, error: null, isLoading: true }}>{name}</Table>)
  expect(screen.getByRole('status', { name: '正在加载' })).toBeTruthy()
})

/** The window of a phone, or a desk's at four times its size. */
function holdPhone() {
  vi.spyOn(window, 'matchMedia').mockImplementation((media) =>
    Object.assign(new EventTarget(), {
      matches: media.includes('max-width: 640px'),
      media,
      onchange: null,
      addListener: () => {},
      removeListener: () => {},
    }),
  )
}
afterEach(() => vi.restoreAllMocks())

test('on a phone each row is a card of its own: who it is about, then each thing with its name, then what can be done', async () => {
  holdPhone()
  const open = vi.fn()
  const { user } = draw(
    <Table of={tasks} label="今日随访" onOpen={open}>
      <Column name="患者" show={(t: Task) => t.name} />
      <Column name="病区" show={(t: Task) => (t.id === '0' ? '心内一病区' : null)} />
      <Column show={(t: Task) => <button type="button">拨打{t.name}</button>} />
    </Table>,
  )

  const cards = within(screen.getByRole('list', { name: '今日随访' })).getAllByRole('listitem')
  expect(screen.queryByRole('table')).toBeNull()
  expect(
    cards.map((c) => c.getAttribute('aria-labelledby') && document.getElementById(c.getAttribute('aria-labelledby') ?? '')?.textContent),
  ).toEqual(tasks.map((t) => t.name))
  expect(within(cards[0] as HTMLElement).getByText('心内一病区').previousSibling?.textContent).toBe('病区')
  expect(within(cards[1] as HTMLElement).getByText('—')).toBeTruthy()

  await user.click(screen.getByRole('button', { name: '拨打王小明' }))
  expect(open).not.toHaveBeenCalled()
  await user.click(screen.getByRole('button', { name: '打开 2' }))
  await user.click(screen.getByText('王小明'))
  expect(open.mock.calls.map(([t]) => t)).toEqual([tasks[1], tasks[0]])
})

test('on a phone rows are chosen one by one or all at once, and the keys do what they do at a desk', async () => {
  holdPhone()
  const open = vi.fn()
  const { user } = draw(<Chosen onOpen={open} />)

  await user.click(screen.getByRole('checkbox', { name: '选择已显示的 3 条' }))
  expect(screen.getByRole('button', { name: '分配 3 项' })).toBeTruthy()

  await user.keyboard('jx')
  await user.keyboard('{Enter}')

  expect(screen.getByRole('button', { name: '分配 2 项' })).toBeTruthy()
  expect(open).toHaveBeenCalledExactlyOnceWith(tasks[0])
})
