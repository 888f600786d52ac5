import { stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { askAs, forget, makeDataDir, type Product, runCommand, runWords, signIn, startProduct } from '@renxin/app-server/testing'
import { followupsApi } from '@renxin/followups/contract'
import { wallTime } from '@renxin/kernel'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { askDatabase, inspectInbound } from '../inspect.ts'
import { EVENTS, makeSender, messageOf, type Sent } from '../senders.ts'

vi.setConfig({ testTimeout: 200_000, hookTimeout: 200_000 }) // a process of its own, on a machine that may be busy

const password = 'renxin-Trial-1'
/** Debian's package `libfaketime`: a library that tells a program another time. */
const places = ['x86_64-linux-gnu', 'aarch64-linux-gnu'].map((machine) => `/usr/lib/${machine}/faketime/libfaketimeMT.so.1`)

let folder: string
let library: string | undefined
let product: Product | undefined
beforeAll(async () => {
  folder = await makeDataDir('clock')
  for (const place of places) if (await stat(place).catch(() => undefined)) library = place
})
afterAll(() => forget(folder, product))

/** From now on the server's clock is so much ahead of this machine's; that of its database is not. */
const setAhead = (seconds: number) => writeFile(join(folder, 'ahead'), `+${Math.round(seconds)}\n`)

test('a clock that jumps a day ahead and an hour back: messages are taken, sessions end as they should, quiet hours hold by the clock, the audit trail is whole', async ({
  skip,
}) => {
  skip(library === undefined, 'the package libfaketime is not installed')
  await setAhead(0)
  const told = {
    LD_PRELOAD: library,
    FAKETIME_TIMESTAMP_FILE: join(folder, 'ahead'),
    FAKETIME_NO_CACHE: '1',
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
    RENXIN_BACKUP: 'off',
    RENXIN_LOG: 'silent',
  }
  product = await startProduct(folder, told, ['--no-pages'])
  await runWords(folder, ['hospital', 'create', '--name', '仁心演练医院'], { TZ: 'Asia/Shanghai' })
  await runCommand(folder, ['user', 'create', '--name', 'nurse', '--role', 'followupNurse', '--password', password])
  const { url } = product
  const sent: Sent[] = []
  const sender = makeSender(() => product)
  const sendStay = async (stay: number) => {
    for (const event of EVENTS) {
      const message = messageOf(1, stay, event)
      sent.push(message)
      await sender.send(message)
    }
  }
  const statusOf = async (cookie: string) => (await fetch(`${url}/api/access/me`, { headers: { cookie } })).status
  const gate = async () => {
    const ask = await askAs(url, 'nurse', password)
    const { rows } = await ask(followupsApi.queue, { list: 'unclaimed', limit: 20 })
    const [id = ''] = rows.map((t) => t.id)
    return (await ask(followupsApi.task, { id })).gate
  }
  await sendStay(0)
  const first = await signIn(url, 'nurse', password)
  expect(await statusOf(first)).toBe(200)

  const tomorrow = wallTime(new Date(Date.now() + 86_400_000), 'Asia/Shanghai').slice(0, 10)
  const evening = (Date.parse(`${tomorrow}T21:30:00+08:00`) - Date.now()) / 1000 // in the quiet hours of the presets
  await setAhead(evening)
  await sendStay(1)
  const idle = await statusOf(first)
  const second = await signIn(url, 'nurse', password)
  const inTheEvening = await gate()

  await setAhead(evening - 3600)
  await sendStay(2)
  const [anHourOlder, before] = [await statusOf(second), await gate()]
  await setAhead(0)
  await sendStay(3)
  await sender.close()

  expect(idle).toBe(401)
  expect(inTheEvening).toMatchObject({ allowed: false, reason: 'quietHours' })
  expect(before).toMatchObject({ reason: null })
  expect(anHourOlder).toBe(200) // from what is the future now, and not ended for it
  await askDatabase(folder, async (rows) => {
    const [{ span } = {}] = await rows(`select extract(epoch from max(at) - min(at))::int as span from house.audit`)
    expect(span).toBeGreaterThan(20 * 3600) // it did live through it
  })
  await inspectInbound(folder, sent, 4)
})
