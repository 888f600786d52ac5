import { accessApi, type Me } from '@renxin/access/contract'
import { goTo } from '@renxin/client'
import { answer, renderPage } from '@renxin/client/testing'
import { act, screen } from '@testing-library/react'
import { expect, test, vi } from 'vitest'
import { ConsoleApp } from './ConsoleApp.tsx'

vi.mock('../modules.ts', async () => {
  const { defineConsole } = await import('@renxin/client')
  const { Page, TextArea } = await import('@renxin/ui')
  const { useState } = await import('react')
  const { accessApi: api } = await import('@renxin/access/contract')
  const { useWrite } = await import('@renxin/client')
  function Notes() {
    const [text, setText] = useState('')
    const save = useWrite(api.setLanguage)
    return (
      <Page
        title="备注页"
        actions={
          <button type="button" onClick={() => save.send({ language: 'zh' })}>
            保存
          </button>
        }
      >
        <TextArea label="备注" value={text} onChange={setText} />
      </Page>
    )
  }
  const page = (name: string, title: string, may: string, order: number) => ({
    name,
    path: `/${name}`,
    title: () => title,
    may,
    menu: { group: 'work' as const, order, icon: null },
    load: async () => Notes,
  })
  return {
    consoles: [
      defineConsole({
        module: 'sample',
        pages: [
          page('later', '以后', 'sample.read', 20),
          page('notes', '备注页', 'sample.read', 10),
          page('secret', '秘密', 'sample.secret', 1),
        ],
      }),
    ],
  }
})

class SilentSource {
  static CLOSED = 2
  addEventListener() {}
  close() {}
}

const me: Me = {
  user: {
    id: '1',
    name: 'li',
    displayName: '李护士',
    personId: null,
    language: 'zh',
    mustChangePassword: false,
    mustAddFactor: false,
    hasSecondFactor: false,
    hasPin: false,
    isPersona: false,
  },
  idleMinutes: 60,
  hospital: { id: 1, name: '仁心示范医院', shortName: '仁心', isDemo: false, zone: 'Asia/Shanghai' },
  permissions: { 'sample.read': 'hospital' },
  roles: [],
  viewing: null,
  departments: [],
  wards: [],
}

function open(path: string, answers: Parameters<typeof renderPage>[1] = {}) {
  vi.stubGlobal('EventSource', SilentSource)
  return renderPage(<ConsoleApp me={me} onMe={() => {}} />, { path, ...answers })
}

test('the menu offers what one may open, and one begins at its first page', async () => {
  const { address } = open('/')

  expect(await screen.findByRole('heading', { name: '备注页', level: 1 })).toBeTruthy()
  expect(address()).toBe('/notes')
  expect(screen.getAllByRole('link').map((l) => l.textContent)).toEqual(['跳到正文', '仁心示范医院', '备注页', '以后'])
  expect(screen.getByRole('link', { name: '备注页' }).getAttribute('aria-current')).toBe('page')
})

test('a page without permission and a page that is none say so', async () => {
  open('/secret')
  expect(await screen.findByText(/没有这个页面的权限/)).toBeTruthy()

  act(() => goTo('/nowhere'))
  expect(await screen.findByRole('heading', { name: '没有这个页面' })).toBeTruthy()
})

test('when the session ends, what was typed is still there after signing in again', async () => {
  let isSignedIn = false
  const { houseErrors } = await import('@renxin/kernel')
  const { user, sentTo } = open('/notes', {
    answers: [
      answer(accessApi.setLanguage, () => {
        if (!isSignedIn) throw houseErrors.unauthenticated()
        return me
      }),
      answer(accessApi.signIn, () => {
        isSignedIn = true
        return me
      }),
    ],
  })
  await user.type(await screen.findByRole('textbox', { name: '备注' }), '睡眠好转')

  await user.click(screen.getByRole('button', { name: '保存' }))
  expect(await screen.findByText(/离开时间较长/)).toBeTruthy()
  await user.type(screen.getByLabelText('密码'), 'Secret-1')
  await user.click(screen.getByRole('button', { name: '登录' }))

  expect(await screen.findByDisplayValue('睡眠好转')).toBeTruthy()
  expect(screen.queryByText(/离开时间较长/)).toBeNull()
  expect(sentTo(accessApi.signIn)).toEqual([{ hospitalId: 1, name: 'li', password: 'Secret-1' }])
})
