import { join } from 'node:path'
import { setupApi } from '@renxin/setup/contract'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { askAs, forget, makeDataDir, type Product, runWords, startProduct } from './testing.ts'

vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 }) // each is a process of its own, on a machine that may be busy

const password = 'renxin-Trial-1'
let [folder, other]: string[] = []
let product: Product
let restored: Product | undefined

const run = async (dataDir: string, ...words: string[]) => {
  const ended = await runWords(dataDir, words)
  return { ...ended, out: ended.out.trim(), err: ended.err.trim() }
}

beforeAll(async () => {
  folder = await makeDataDir('backup')
  other = await makeDataDir('restored')
  await run(folder, 'hospital', 'create', '--name', '仁心示范医院')
  await run(folder, 'user', 'create', '--name', 'system', '--role', 'systemAdministrator', '--password', password)
  product = await startProduct(folder)
})
afterAll(async () => {
  await forget(folder ?? '', product)
  await forget(other ?? '', restored)
})

test('a backup is made while Renxin runs, shown in green on the page with its log, and comes back in another folder where one can sign in', async () => {
  const [from, to] = [folder ?? '', other ?? '']
  const system = await askAs(product.url, 'system', password)
  expect(await system(setupApi.backups, {})).toMatchObject({ mode: 'on', alarms: ['none'], rows: [] })

  const made = await run(from, 'backup')
  expect(made).toMatchObject({ code: 0, err: '' })
  expect(made.out).toMatch(/The backup \d{8}T\d{6}Z lies in .*backups\. [\d.]+ MB in .*Brought back on trial: \d+ rows/)
  await vi.waitFor(async () => expect((await system(setupApi.backups, {})).logUntil).not.toBeNull(), {
    timeout: 60_000,
    interval: 500,
  })
  expect(await system(setupApi.backups, {})).toMatchObject({ alarms: [], lastBackup: { ok: true }, rows: [{ problem: null }] })
  await system(setupApi.beginBackup, { what: 'drill' })
  await vi.waitFor(async () => expect(await system(setupApi.backups, {})).toMatchObject({ running: null, goodDrill: { ok: true } }), {
    timeout: 120_000,
    interval: 500,
  })

  const unkeyed = await run(to, 'restore', '--from', join(from, 'backups'))
  expect(unkeyed).toMatchObject({ code: 1, err: expect.stringMatching(/Without its key no backup can be opened.*--key-file/) })
  const over = await run(from, 'restore', '--key-file', join(from, 'key'))
  expect(over).toMatchObject({ code: 1, err: expect.stringMatching(/has a database already, and nothing is ever written over one/) })
  const when = await run(to, 'restore', '--to', 'yesterday')
  expect(when).toMatchObject({ code: 2, err: expect.stringMatching(/--to "yesterday" is no time; write 2026-/) })
  const back = await run(to, 'restore', '--from', join(from, 'backups'), '--key-file', join(from, 'key'))
  expect(back).toMatchObject({ code: 0, err: '' })
  expect(back.out).toMatch(/Restored into .* 1 hospital\(s\), \d+ rows/)

  restored = await startProduct(to)
  const again = await askAs(restored.url, 'system', password)
  expect((await again(setupApi.backups, {})).rows).toEqual([]) // it keeps its own, in its own folder
})

test('a backup folder that cannot be written to, and backups that are turned off, are said so', async () => {
  const unwritable = await runWords(folder ?? '', ['backup'], { RENXIN_BACKUP: join(folder ?? '', 'key/backups') })
  const off = await runWords(folder ?? '', ['backup', 'list'], { RENXIN_BACKUP: 'off' })

  expect(unwritable.err).toMatch(/The backup folder .*key\/backups cannot be written to \(ENOTDIR\)\. Name another with RENXIN_BACKUP/)
  expect(off.err).toMatch(/Backups are turned off/)
})
