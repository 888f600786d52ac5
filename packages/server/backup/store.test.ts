import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { backupKey } from './keys.ts'
import { chooseBackup } from './recover.ts'
import { baseFolder, type Store, writeFacts } from './store.ts'

const keyed = (folder: string, byte: number): Store => {
  const key = backupKey({ master: Buffer.alloc(32, byte) })
  if (!key) throw new Error('a key is drawn from every master key')
  return { folder, key }
}

test('where the only backup is under the master key of before, that is the reason, and not that there is none', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'renxin-store-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const [before, now] = [keyed(folder, 1), keyed(folder, 2)]
  const none = await chooseBackup(now, 'latest').catch((error: unknown) => error)
  const id = '20261128T183000Z'
  const endedAt = '2026-11-28T18:30:00.000Z'
  const facts = { format: 1 as const, id, startedAt: endedAt, endedAt, startLsn: 0, endLsn: 0, timeline: 1, systemId: '1', segmentBytes: 1 }
  await mkdir(baseFolder(before, id), { recursive: true })
  const rest = { postgres: '18.4', product: '1', keyPrint: before.key.print, isOwnKey: false, plainBytes: 0, files: {} }
  await writeFacts(before, baseFolder(before, id), { ...facts, ...rest })

  expect(none).toMatchObject({ fault: 'noBackup' })
  expect(await chooseBackup(before, 'latest')).toMatchObject({ id })
  await expect(chooseBackup(now, 'latest')).rejects.toMatchObject({
    fault: 'otherKey',
    message: expect.stringMatching(/sealed with another key/),
  })
})
