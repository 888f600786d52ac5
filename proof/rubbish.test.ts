import { connect, type Socket } from 'node:net'
import { forget, makeDataDir, type Product, runCommand, startProduct } from '@renxin/app-server/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { fhirKey, spoilFhir } from './fhir-rubbish.ts'
import { growthOf, residentMegabytes, throwRubbish } from './hl7-rubbish.ts'
import { askDatabase } from './inspect.ts'

const MESSAGES = 20_000
const TWO_GIGABYTES = 2 ** 31
const MEGABYTE = Buffer.alloc(1024 * 1024, 0x20)

let folder: string
let product: Product
let key: string

beforeAll(async () => {
  folder = await makeDataDir('rubbish')
  product = await startProduct(folder, { RENXIN_LOG: 'silent' })
  await runCommand(folder, ['hospital', 'create', '--name', '仁心演练医院'])
  key = await fhirKey(folder)
})
afterAll(() => forget(folder, product))

test('twenty thousand spoilt messages: each answered or its connection closed, the sound ones among them kept, memory flat', {
  timeout: 600_000,
}, async () => {
  const attack = await throwRubbish(product, { count: MESSAGES, seed: 20_261_128 })

  console.log(`${(attack.sent / attack.seconds).toFixed(0)} spoilt messages a second; ${attack.answered} answered, ${attack.closed} closed`)
  expect(attack.sent).toBe(MESSAGES)
  expect(attack.answered).toBeGreaterThan(MESSAGES / 2)
  expect(growthOf(attack.megabytes)).toBeLessThan(0.25)
  expect((await fetch(`${product.url}/healthz`)).status).toBe(200)
  const kept = await askDatabase(folder, (rows) =>
    rows(`select control_id, status from integration.messages where control_id like 'SOUND-%'`),
  )
  expect(kept.map((m) => m.control_id).toSorted()).toEqual(attack.sound.toSorted())
  expect(kept.filter((m) => m.status !== 'applied')).toEqual([])
})

test('a thousand spoilt FHIR bodies are answered, none of them with the fault of the server', { timeout: 300_000 }, async () => {
  const spoilt = await spoilFhir(product, key, { count: 1000, seed: 20_261_128 })

  console.log(`${(spoilt.sent / spoilt.seconds).toFixed(0)} a second: ${JSON.stringify(spoilt.byStatus)}`)
  expect(spoilt.sent).toBe(1000)
  expect(spoilt.byStatus[400]).toBeGreaterThan(50)
  expect((spoilt.byStatus[200] ?? 0) + (spoilt.byStatus[201] ?? 0)).toBeGreaterThan(50)
})

type Heard = { sentMegabytes: number; said: string; growth: number }

/** Writes megabytes until the other side has had enough, or two gigabytes have gone. */
async function pour(port: number, head: string, piece: (bytes: Buffer) => Buffer): Promise<Heard> {
  const before = await residentMegabytes(product)
  const socket: Socket = connect({ port, host: '127.0.0.1' })
  let said = ''
  let isOpen = true
  socket.setEncoding('latin1').on('data', (text: string) => {
    said = (said + text).slice(0, 2000)
  })
  socket.on('error', () => {})
  socket.on('close', () => {
    isOpen = false
  })
  await new Promise<void>((done) => socket.once('connect', done))
  socket.write(head)
  let sentMegabytes = 0
  let most = before
  for (; isOpen && sentMegabytes * MEGABYTE.length < TWO_GIGABYTES; sentMegabytes += 1) {
    socket.write(piece(MEGABYTE))
    if (sentMegabytes % 16 === 0) most = Math.max(most, await residentMegabytes(product))
    await drainOrClose(socket)
    if (said !== '') break
  }
  for (const until = performance.now() + 5000; isOpen && performance.now() < until; ) await new Promise((r) => setTimeout(r, 20))
  socket.destroy()
  return { sentMegabytes, said, growth: most - before }
}

const drainOrClose = (socket: Socket) =>
  new Promise<void>((done) => {
    if (socket.destroyed || !socket.writableNeedDrain) return done()
    const either = () => {
      socket.off('drain', either)
      socket.off('close', either)
      done()
    }
    socket.on('drain', either)
    socket.on('close', either)
  })

const http = (path: string, length: string) =>
  `POST ${path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${key}\r\nx-renxin: 1\r\ncontent-type: application/json\r\n${length}\r\n\r\n`
const chunk = (bytes: Buffer) => Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from('\r\n')])
const portOf = (url: string) => Number(new URL(url).port)

test.each([
  ['a FHIR bundle of two gigabytes', '/fhir/R4', `content-length: ${TWO_GIGABYTES}`, (b: Buffer) => b],
  ['a FHIR resource of pieces without an end', '/fhir/R4/Patient', 'transfer-encoding: chunked', chunk],
  ['a page of pieces without an end', '/api/patients/patients', 'transfer-encoding: chunked', chunk],
])('%s is refused long before its end, and takes no memory', { timeout: 60_000 }, async (_, path, length, piece) => {
  const { sentMegabytes, said, growth } = await pour(portOf(product.url), http(path, length), piece)

  expect(said === '' || /^HTTP\/1\.1 4(00|13)/.test(said)).toBe(true) // refused, or cut off so soon that the refusal was not read
  expect(sentMegabytes).toBeLessThan(200)
  expect(growth).toBeLessThan(250)
})

test('two hundred requests that never end keep nobody from being served', { timeout: 30_000 }, async () => {
  const slow = ['GET /api/patients/search HTTP/1.1\r\nhost: x\r\nx-slow: ', http('/fhir/R4/Patient', 'content-length: 500')]
  const sockets = await Promise.all(Array.from({ length: 200 }, (_, i) => opened(slow[i % 2] ?? '')))

  const answers = await Promise.all(Array.from({ length: 20 }, () => fetch(`${product.url}/healthz`)))

  expect(answers.map((a) => a.status)).toEqual(Array(20).fill(200))
  for (const socket of sockets) socket.destroy()
})

const opened = (text: string) =>
  new Promise<Socket>((done, failed) => {
    const socket = connect({ port: portOf(product.url), host: '127.0.0.1' }, () => {
      socket.write(text)
      done(socket)
    })
    socket.once('error', failed)
  })

test('a message that never ends is cut off, and takes no memory', { timeout: 120_000 }, async () => {
  const head = '\x0bMSH|^~\\&|HIS|演练|CRM|演练|20261102||ADT^A31|ENDLESS|P|2.5\rNTE|1||'
  const { sentMegabytes, said, growth } = await pour(product.mllpPort, head, () => MEGABYTE)

  expect(said === '' || said.includes('MSA|AR|ENDLESS')).toBe(true) // cut off, or refused by its header
  expect(sentMegabytes).toBeLessThan(500)
  expect(growth).toBeLessThan(250)
})
