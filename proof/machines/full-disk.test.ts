import { execFile } from 'node:child_process'
import { mkdir, rm, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'
import { askAs, forget, makeDataDir, type Product, runCommand, startProduct } from '@renxin/app-server/testing'
import { feedbackApi } from '@renxin/feedback/contract'
import { newId } from '@renxin/kernel'
import { installationApi } from '@renxin/setup/contract'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { inspectInbound } from '../inspect.ts'
import { EVENTS, makeSender, messageOf, type Sent } from '../senders.ts'

vi.setConfig({ testTimeout: 200_000, hookTimeout: 200_000 }) // a process of its own, on a machine that may be busy

const run = promisify(execFile)
const password = 'renxin-Trial-1'
const SENDERS = 4

let folder: string
let disk: string
let noDisk: string | undefined
let product: Product | undefined

/** A disk of three gigabytes of its own, in a file that takes only the room that is used; to mount it takes root and a loop device. */
beforeAll(async () => {
  folder = await makeDataDir('full')
  disk = join(folder, 'disk')
  const image = join(folder, 'image')
  await mkdir(disk)
  try {
    await run('truncate', ['-s', '3G', image])
    await run('mkfs.ext4', ['-q', '-m', '0', image])
    await run('mount', ['-o', 'loop', image, disk])
    await run('chmod', ['755', disk])
  } catch (error) {
    noDisk = `no disk of its own can be mounted here: ${String(error).split('\n')[0]}`
  }
})
afterAll(async () => {
  await product?.stop()
  if (!noDisk) await run('umount', [disk])
  await forget(folder)
})

const fillUp = async () => {
  for (let free = Number.POSITIVE_INFINITY; free > 4096; ) {
    const { bavail, bsize } = await statfs(disk)
    free = bavail * bsize
    const file = join(disk, `filler-${newId()}`)
    await run('fallocate', ['-l', String(Math.max(4096, free - (free > 2 ** 22 ? 2 ** 21 : 0))), file]).catch(() =>
      rm(file, { force: true }),
    )
    if (free < 2 ** 22) break
  }
}

test('the disk of the data folder is full: nothing is acknowledged that is not kept, the page says so, and all goes on when there is room', async ({
  skip,
}) => {
  skip(noDisk !== undefined, noDisk)
  const data = join(disk, 'data')
  product = await startProduct(data, { RENXIN_BACKUP: 'off', RENXIN_LOG: 'silent' }, ['--no-pages'])
  await runCommand(data, ['hospital', 'create', '--name', '仁心演练医院'])
  await runCommand(data, ['user', 'create', '--name', 'system', '--role', 'systemAdministrator', '--password', password])
  await runCommand(data, ['user', 'create', '--name', 'nurse', '--role', 'followupNurse', '--password', password])
  const system = await askAs(product.url, 'system', password)
  const nurse = await askAs(product.url, 'nurse', password)
  const sent: Sent[] = []
  const stays = Array(SENDERS).fill(0)
  let isOver = false
  const sending = Promise.all(stays.map((_, sender) => sendUntilTold(sender)))
  sending.catch(() => {}) // looked at below
  const taken = () => sent.filter((m) => m.isTaken).length
  const kept: string[] = []
  const note = async () => {
    const id = newId()
    await nurse(feedbackApi.record, { id, kind: 'praise', text: '护士很耐心'.repeat(700), source: 'call' })
    kept.push(id)
  }
  await vi.waitFor(() => expect(taken()).toBeGreaterThan(10), { timeout: 60_000 })

  await fillUp()
  let refusal = ''
  for (const until = performance.now() + 60_000; refusal === '' && performance.now() < until; ) {
    await note().catch((error: unknown) => {
      refusal = String(error)
    })
  }
  const { checks } = await system(installationApi.health, {})
  const before = taken()

  for (const name of (await run('sh', ['-c', `ls ${disk}`])).stdout.split('\n').filter((n) => n.startsWith('filler-')))
    await rm(join(disk, name))
  await vi.waitFor(() => expect(taken()).toBeGreaterThan(before + 5), { timeout: 60_000 })
  await vi.waitFor(() => note(), { timeout: 60_000, interval: 500 })
  isOver = true
  await sending

  expect(refusal).toContain('house.full')
  expect(checks).toContainEqual(expect.objectContaining({ item: 'disk', state: 'bad', finding: 'diskFull' }))
  expect((await system(installationApi.health, {})).checks).toContainEqual(expect.objectContaining({ item: 'database', state: 'good' }))
  await inspectInbound(
    data,
    sent,
    stays.reduce((a, b) => a + b, 0),
  )

  async function sendUntilTold(sender: number): Promise<void> {
    const { send, close } = makeSender(() => product)
    for (; !isOver; stays[sender] += 1) {
      for (const event of EVENTS) {
        const message = messageOf(sender, stays[sender], event)
        sent.push(message)
        await send(message)
        await pause(20)
      }
    }
    await close()
  }
})
