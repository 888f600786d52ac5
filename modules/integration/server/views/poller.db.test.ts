import { createServer, type Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { encounters } from '@renxin/encounters'
import { files } from '@renxin/files'
import { newId } from '@renxin/kernel'
import { patients } from '@renxin/patients'
import { allowLoopback } from '@renxin/server'
import { openHouse } from '@renxin/server/testing'
import { staff } from '@renxin/staff'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { SourceKind as Kinds, type SourceKind, viewsApi } from '../../views-contract.ts'
import { integration } from '../index.ts'
import { postgresHis } from './his-of-test.ts'
import { readDueViews, startViews } from './poller.ts'
import { openScene } from './scene-of-test.ts'

const house = await openHouse([staff, files, patients, encounters, integration], { now: '2026-03-10T10:00+08:00' })
const his = await postgresHis()
const { begin, engineer, settings, write, stays, state } = await openScene(house, his, 'PostgreSQL')
beforeEach(begin)
afterAll(() => his.close())

/** Takes every connection and never says a word. */
const silent = createServer((socket) => void open.add(socket.on('error', () => {})))
const open = new Set<Socket>()
await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
afterAll(() => {
  for (const socket of open) socket.destroy()
  silent.close()
})
const address = silent.address()
const port = address && typeof address === 'object' ? address.port : 0

async function connectSilent(kind: SourceKind) {
  const [sourceId, id] = [newId(), newId()]
  const place = {
    kind,
    host: '127.0.0.1',
    port,
    database: 'his',
    username: 'reader',
    password: 'x',
    tls: false,
    charset: 'declared' as const,
  }
  await engineer.call(viewsApi.saveSource, { id: sourceId, name: `${kind} ${sourceId}`, ...place, authority: '', isActive: true })
  await engineer.call(viewsApi.saveView, { id, ...settings(), sourceId })
  return { sourceId, stop: () => engineer.call(viewsApi.saveView, { id, ...settings(), sourceId, isActive: false }) }
}
const failureOf = async (sourceId: string) =>
  (await engineer.call(viewsApi.sources, {})).rows.find((s) => s.id === sourceId)?.views[0]?.failing?.code

test.each(Kinds.options)('a %s that takes the connection and never answers is given up in time', async (kind) => {
  const { sourceId, stop } = await connectSilent(kind)

  await readDueViews(house.house, { timeouts: { connectMs: 700, queryMs: 700 } })

  expect(['timeout', 'lost']).toContain(await failureOf(sourceId))
  await stop()
})

test.each(Kinds.options)('a %s that leads to this machine is not connected to once that is not allowed, and says why', async (kind) => {
  const { sourceId, stop } = await connectSilent(kind)
  const before = open.size
  allowLoopback(false)

  await readDueViews(house.house, { timeouts: { connectMs: 700, queryMs: 700 } })

  allowLoopback(true)
  expect(await failureOf(sourceId)).toBe('closedAddress')
  expect(open.size).toBe(before)
  await stop()
})

test('while one source keeps silent another is read, and what was asked is answered', async () => {
  const { sourceId, stop } = await connectSilent('postgres')
  await write(1)

  const poller = startViews(house.house)
  const { id } = await engineer.call(viewsApi.ask, { id: newId(), sourceId: settings().sourceId, question: { what: 'relations' } })
  const isDone = async () => (await stays()).length === 1 && (await engineer.call(viewsApi.answer, { id })).answer !== null
  for (let tries = 0; tries < 80 && !(await isDone()); tries += 1) await pause(100)
  const silentSo = await failureOf(sourceId)
  for (const socket of open) socket.destroy()
  await poller.stop()

  expect(await isDone()).toBe(true)
  expect(silentSo).toBeUndefined()
  await stop()
})

test('of several processes at once one reads a source', async () => {
  for (let no = 1; no <= 30; no += 1) await write(no)

  await Promise.all([1, 2, 3].map(() => readDueViews(house.house, { pageRows: 5 })))

  expect(await stays()).toHaveLength(30)
  expect(await state()).toMatchObject({ rows: 30, failing: null, isReading: false })
})
