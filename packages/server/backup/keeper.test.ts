import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { startKeeper } from './keeper.ts'
import { backupKey } from './keys.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'renxin-keeper-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

test('a backup that fails is told with its reason, though its folder cannot be written to and nothing can be noted there', async () => {
  const inTheWay = join(folder, 'backups')
  await writeFile(inTheWay, 'a file where the folder should be')
  const key = backupKey({ own: null, master: Buffer.alloc(32, 7) })
  if (!key) throw new Error('there is a master key')
  const log = { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() }
  const keeper = startKeeper({
    store: { folder: inTheWay, key },
    source: { url: 'postgres://nobody@127.0.0.1:1/nothing', product: 'test', scratch: join(folder, 'scratch') },
    plan: { at: '02:30', zone: 'Asia/Shanghai', keepDays: 14, alarmHours: 26, drillDays: 7 },
    log,
    now: () => new Date('2026-11-28T10:00:00Z'),
    isWorker: false,
  })

  expect(keeper.begin('backup')).toBe(true)
  await vi.waitFor(async () => expect((await keeper.state()).running).toBeNull())
  const state = await keeper.state()
  await keeper.stop()

  expect(state.alarms).toEqual(['none', 'failed'])
  expect(state.lastBackup).toMatchObject({
    ok: false,
    fault: 'unreachable',
    problem: expect.stringMatching(/The database cannot be reached/),
  })
})
