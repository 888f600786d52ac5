import { answer, renderPage } from '@renxin/client/testing'
import { configure, screen, within } from '@testing-library/react'
import { expect, test } from 'vitest'
import { type Keys, keysApi } from '../contract.ts'
import { KeysPanel } from './KeysPanel.tsx'

configure({ asyncUtilTimeout: 8000 }) // the first drawing of a page takes its time on a busy machine

const at = '2026-09-04T06:01:00.000Z'
const keys: Keys = {
  suite: 'aes',
  backupSuite: 'aes',
  rows: [
    { purpose: 'index', number: 1, suite: 'aes', since: at, state: 'current' },
    { purpose: 'seal', number: 2, suite: 'aes', since: at, state: 'current' },
  ],
  rotation: { number: 2, startedAt: at, startedBy: '钱工', pass: 3, resealed: 1234, finishedAt: at },
}

test('whoever may changes the data key after being asked, and to 国密 where that is chosen', async () => {
  const page = renderPage(<KeysPanel />, {
    me: { may: ['setup.keys'] },
    answers: [answer(keysApi.keys, keys), answer(keysApi.rotateKeys, keys)],
  })

  expect(await screen.findByText(/钱工 在 .* 更换为第 2 版，.* 全部完成（重新加密 1,234 条），旧密钥已删除。/)).toBeTruthy()
  await page.user.click(screen.getByRole('button', { name: '更换数据密钥' }))
  const dialog = within(await screen.findByRole('dialog'))
  expect(page.sentTo(keysApi.rotateKeys)).toEqual([])
  await page.user.click(dialog.getByRole('radio', { name: '国密 SM4、SM3' }))
  expect(dialog.getByText(/审计链从下一块起/)).toBeTruthy()
  await page.user.click(dialog.getByRole('button', { name: '更换数据密钥' }))

  expect(page.sentTo(keysApi.rotateKeys)).toEqual([{ suite: 'sm' }])
})

test('who may not has no button; while a key is on its way it is said how far it has come', async () => {
  const moving: Keys = { ...keys, rotation: { number: 2, startedAt: at, startedBy: '钱工', pass: 1, resealed: 88, finishedAt: null } }
  renderPage(<KeysPanel />, { me: { may: [] }, answers: [answer(keysApi.keys, moving)] })

  expect(await screen.findByText(/已重新加密 88 条，正在第 1 遍检查/)).toBeTruthy()
  expect(screen.queryByRole('button', { name: '更换数据密钥' })).toBeNull()
})
