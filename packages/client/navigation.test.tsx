import { act, screen, waitFor } from '@testing-library/react'
import { useState } from 'react'
import { expect, test } from 'vitest'
import { defineConsole } from './consoles.ts'
import { GoLink, useFilters, useGo, useParams, useUnsaved, useUrlState } from './navigation.tsx'
import { goTo } from './router.ts'
import { renderPage } from './testing.tsx'

const load = async () => () => null
const consoles = [
  defineConsole({
    module: 'sample',
    pages: [
      { name: 'sample.list', path: '/sample', title: () => '列表', may: 'signedIn', load },
      { name: 'sample.one', path: '/sample/:id', title: () => '一条', may: 'signedIn', load },
    ],
  }),
]

function Filters() {
  const [filters, setFilters] = useUrlState({ status: 'open', page: 1, mine: false, units: [] as string[] })
  return (
    <>
      <output>{JSON.stringify(filters)}</output>
      <button type="button" onClick={() => setFilters({ status: 'closed', page: 2, mine: true, units: ['a', 'b'] })}>
        改
      </button>
      <button type="button" onClick={() => setFilters({ status: 'open', page: 1, mine: false, units: [] })}>
        还原
      </button>
    </>
  )
}

test('filters stand in the address, as far as they differ from the default', async () => {
  const { user, address } = renderPage(<Filters />, { path: '/sample', search: { page: 3, other: 'kept' } })
  expect(screen.getByRole('status').textContent).toBe('{"status":"open","page":3,"mine":false,"units":[]}')

  await user.click(screen.getByRole('button', { name: '改' }))
  expect(screen.getByRole('status').textContent).toBe('{"status":"closed","page":2,"mine":true,"units":["a","b"]}')
  expect(address()).toBe('/sample?other=kept&status=closed&page=2&mine=true&units=a&units=b')

  await user.click(screen.getByRole('button', { name: '还原' }))
  expect(address()).toBe('/sample?other=kept')
})

const none = { status: '', unit: '' }

function Searched() {
  const { filters, draft, change, search } = useFilters(none)
  return (
    <>
      <output>{JSON.stringify([filters, draft])}</output>
      <button type="button" onClick={() => change({ status: 'closed' })}>
        填
      </button>
      <button type="button" onClick={() => search()}>
        查询
      </button>
      <button type="button" onClick={() => search({ unit: 'b' })}>
        只看
      </button>
      <button type="button" onClick={() => search(none)}>
        重置
      </button>
    </>
  )
}

test('what is typed into a search holds once it is searched for, with what was picked from the list, until it begins anew', async () => {
  const { user, address } = renderPage(<Searched />, { path: '/sample', search: { unit: 'a', open: 'kept' } })
  const press = (name: string) => user.click(screen.getByRole('button', { name }))
  expect(screen.getByRole('status').textContent).toBe('[{"status":"","unit":"a"},{"status":"","unit":"a"}]')

  await press('填')
  expect(screen.getByRole('status').textContent).toBe('[{"status":"","unit":"a"},{"status":"closed","unit":"a"}]')
  await press('查询')
  expect(address()).toBe('/sample?open=kept&status=closed&unit=a')
  await press('只看')
  expect(address()).toBe('/sample?open=kept&status=closed&unit=b')
  await press('重置')
  expect(address()).toBe('/sample?open=kept')
  expect(screen.getByRole('status').textContent).toBe('[{"status":"","unit":""},{"status":"","unit":""}]')
})

function One() {
  const { id } = useParams()
  const go = useGo()
  return (
    <>
      <p>第 {id} 条</p>
      <GoLink to="sample.one" params={{ id: '甲/乙' }}>
        另一条
      </GoLink>
      <button type="button" onClick={() => go('sample.list', {}, { status: 'closed' })}>
        列表
      </button>
    </>
  )
}

test('pages are reached by name, and parameters arrive as they were sent', async () => {
  const { user, address } = renderPage(<One />, { path: '/sample/:id', params: { id: '7' }, consoles })
  expect(screen.getByText('第 7 条')).toBeTruthy()

  await user.click(screen.getByRole('link', { name: '另一条' }))
  expect(await screen.findByText('第 甲/乙 条')).toBeTruthy()

  await user.click(screen.getByRole('button', { name: '列表' }))
  expect(address()).toBe('/sample?status=closed')
})

function Writing() {
  const [text, setText] = useState('')
  const asks = useUnsaved(text !== '')
  return (
    <>
      <input aria-label="备注" value={text} onChange={(e) => setText(e.target.value)} />
      {asks}
    </>
  )
}

test('leaving with something unsaved asks, 继续编辑 stays, 放弃 goes', async () => {
  const { user, address } = renderPage(<Writing />, { path: '/sample' })
  await user.type(screen.getByRole('textbox', { name: '备注' }), '睡眠好转')

  act(() => goTo('/elsewhere'))
  await user.click(await screen.findByRole('button', { name: '继续编辑' }))
  expect(address()).toBe('/sample')

  act(() => goTo('/elsewhere'))
  await user.click(await screen.findByRole('button', { name: '放弃' }))
  await waitFor(() => expect(address()).toBe('/elsewhere'))
})
