import { accessApi, type Client } from '@renxin/access/contract'
import { type Answer, answer, renderPage } from '@renxin/client/testing'
import { configure, screen, within } from '@testing-library/react'
import { expect, test } from 'vitest'
import { type Hook, hookHostsApi } from '../../fhir-contract.ts'
import { FhirPage } from './FhirPage.tsx'
import { leftOut, readHosts } from './hosts.ts'
import { hookTrouble } from './phrases.ts'
import { readKeys } from './read-keys.ts'

configure({ asyncUtilTimeout: 8000 }) // the first drawing of a page takes its time on a busy machine

const at = '2026-09-04T01:00:00.000Z'
const client: Client = {
  id: '01990000-0000-7000-8000-0000000000c1',
  clientId: 'rx_1_01990000-0000-7000-8000-0000000000c1',
  name: '区域平台',
  keyCount: 1,
  scopes: ['fhir.read'],
  createdAt: at,
  createdBy: '吴工',
  lastUsedAt: null,
  revokedAt: null,
}
const hook: Hook = {
  id: '01990000-0000-7000-8000-0000000000d1',
  name: 'Subscription/s1',
  type: 'Encounter',
  criteria: 'Encounter?status=finished',
  host: 'hooks.platform.example:8443',
  isAllowed: true,
  state: 'failing',
  waiting: 3,
  waitingSince: at,
  error: 'HTTP 503',
}
const answers = ({ clients = [client], hooks = [hook], hosts = ['*.platform.example'] } = {}): Answer[] => [
  answer(accessApi.clients, { rows: clients }),
  answer(accessApi.createClient, client),
  answer(accessApi.revokeClient, { ...client, revokedAt: at }),
  answer(hookHostsApi.hooks, { rows: hooks }),
  answer(hookHostsApi.pauseHook, { ...hook, state: 'paused' }),
  answer(hookHostsApi.resumeHook, hook),
  answer(hookHostsApi.hookHosts, { hosts }),
  answer(hookHostsApi.saveHookHosts, { hosts: [] }),
]
const publicKey = { kty: 'EC', crv: 'P-384', x: 'a', y: 'b' }
const paste = (text: string) => text.replace(/[{[]/g, '$&$&') // the typing of tests has a meaning for brackets

test('a system is registered with its public key and what it may, and a pasted private key never leaves the page', async () => {
  const page = renderPage(<FhirPage />, { answers: answers({ clients: [] }) })

  await page.user.click(await screen.findByRole('button', { name: '登记系统' }))
  const drawer = await screen.findByRole('dialog')
  await page.user.type(within(drawer).getByRole('textbox', { name: /系统名称/ }), '区域平台')
  const keys = within(drawer).getByRole('textbox', { name: /公钥集/ })
  await page.user.type(keys, paste(JSON.stringify({ ...publicKey, d: 'secret' })))
  await page.user.click(within(drawer).getByRole('button', { name: '登记' }))

  expect(await within(drawer).findByText(/里面有私钥，没有登记/)).toBeTruthy()
  expect(page.sentTo(accessApi.createClient)).toEqual([])

  await page.user.clear(keys)
  await page.user.type(keys, paste(JSON.stringify(publicKey)))
  await page.user.click(within(drawer).getByRole('checkbox', { name: /写入资料/ }))
  await page.user.click(within(drawer).getByRole('button', { name: '登记' }))

  await expect
    .poll(() => page.sentTo(accessApi.createClient))
    .toMatchObject([{ name: '区域平台', keys: { keys: [publicKey] }, scopes: ['fhir.read', 'fhir.write'] }])
})

test('a system shows what the other side has to be told, and is disabled only after asking', async () => {
  const page = renderPage(<FhirPage />, { answers: answers() })

  await page.user.click(await screen.findByText('区域平台'))
  const drawer = await screen.findByRole('dialog')
  expect(within(drawer).getByText(new RegExp(`/fhir/R4/auth/1/token[\\s\\S]*${client.clientId}`))).toBeTruthy()
  await page.user.click(within(drawer).getByRole('button', { name: '停用' }))
  expect(page.sentTo(accessApi.revokeClient)).toEqual([])
  const asking = (await screen.findByText('停用接入系统“区域平台”')).closest<HTMLElement>('[role="dialog"]') ?? document.body
  await page.user.click(within(asking).getByRole('button', { name: '停用' }))

  await expect.poll(() => page.sentTo(accessApi.revokeClient)).toEqual([{ id: client.id }])
})

test('a subscription that fails says why and how much waits, and is paused by one click', async () => {
  const page = renderPage(<FhirPage />, { answers: answers() })

  const row = await screen.findByRole('row', { name: /hooks\.platform\.example/ })
  expect(row.textContent).toContain('没有送达')
  expect(row.textContent).toContain('3 条，最早')
  expect(row.textContent).toContain('对方回答 HTTP 503')
  await page.user.click(within(row).getByRole('button', { name: '暂停 Subscription/s1' }))

  await expect.poll(() => page.sentTo(hookHostsApi.pauseHook)).toEqual([{ id: hook.id }])
})

test('before a list of hosts is saved it says whose notices it would stop', async () => {
  const page = renderPage(<FhirPage />, { answers: answers() })

  await page.user.click(await screen.findByRole('button', { name: '修改名单' }))
  const field = within(await screen.findByRole('dialog')).getByRole('textbox', { name: /允许通知的主机/ })
  await page.user.clear(field)
  await page.user.type(field, 'https://other.example/path')

  expect(await screen.findByText(/发往 hooks\.platform\.example 的订阅不再发出/)).toBeTruthy()
  await page.user.click(screen.getByRole('button', { name: '保存' }))
  await expect.poll(() => page.sentTo(hookHostsApi.saveHookHosts)).toEqual([{ hosts: ['other.example'] }])
})

test('whoever may not manage keys sees the subscriptions and no systems', async () => {
  const page = renderPage(<FhirPage />, { answers: answers(), me: { may: ['integration.manage'] } })

  expect(await screen.findByText('hooks.platform.example:8443')).toBeTruthy()
  expect(page.sentTo(accessApi.clients)).toEqual([])
})

test.each([
  ['Hooks.Hospital.cn, 10.1.2.3:8080\n*.hospital.cn', ['hooks.hospital.cn', '10.1.2.3', '*.hospital.cn'], []],
  ['http://[2001:db8::1]:80/x', ['2001:db8::1'], []],
  ['  ', [], []],
  ['a.cn/path', ['a.cn/path'], ['a.cn/path']],
  ['*', ['*'], ['*']],
])('the text %j names these hosts', (text, hosts, wrong) => {
  expect(readHosts(text)).toEqual({ hosts, wrong })
})

test('an empty list stops nobody', () => {
  expect(leftOut([hook], [])).toEqual([])
  expect(leftOut([hook], ['*.platform.example'])).toEqual([])
  expect(leftOut([hook], ['platform.example'])).toEqual(['hooks.platform.example'])
})

test.each([
  ['-----BEGIN PRIVATE KEY-----', { wrong: 'private' }],
  ['-----BEGIN PUBLIC KEY-----', { wrong: 'notJson' }],
  ['{"keys":[]}', { wrong: 'none' }],
  [JSON.stringify({ keys: [publicKey] }), { keys: [publicKey] }],
])('what is pasted as keys is judged: %s', (text, judged) => {
  expect(readKeys(text)).toEqual(judged)
})

test.each([
  [{ error: 'ECONNREFUSED' }, '连不上对方'],
  [{ error: 'ABORT_ERR' }, '20 秒内没有应答'],
  [{ error: 'DEPTH_ZERO_SELF_SIGNED_CERT' }, '证书不可信'],
  [{ error: 'HTTP 401' }, '不认我们的身份'],
  [{ error: 'strange' }, '没有送达：strange'],
  [{ isAllowed: false }, '主机不在名单里'],
])('trouble %j is told in plain words', (part, sentence) => {
  expect(hookTrouble({ ...hook, ...part })).toContain(sentence)
})
