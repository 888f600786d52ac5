import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect as connectTls, type TLSSocket } from 'node:tls'
import { afterAll, afterEach, describe, expect, test } from 'vitest'
import { buildAck, decode, FrameReader, frame, type MllpServer, type MllpServerOptions, parseMessage, startMllpServer } from './index.ts'

const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const one of open.splice(0)) await one.close()
})
const answering = async (more: Partial<MllpServerOptions>): Promise<MllpServer> => {
  const server = await startMllpServer({
    port: 0,
    host: '127.0.0.1',
    answer: async (f) => {
      const m = parseMessage(decode(f.kind === 'frame' ? f.bytes : f.head).text)
      return [Buffer.from(buildAck(m, { code: f.kind === 'frame' ? 'AA' : 'AR', controlId: 'a', sentAt: '20251101' }))]
    },
    ...more,
  })
  open.push(server)
  return server
}
const message = (id: string) => Buffer.from(`MSH|^~\\&|HIS|A|CRM|B|20251101||ADT^A01|${id}|P|2.5\rPID|1||${id}\r`)
const closed = (socket: Socket) => new Promise<void>((resolve) => socket.on('close', () => resolve()).on('error', () => {}))
const answer = (socket: Socket | TLSSocket) =>
  new Promise<string | undefined>((resolve, reject) => {
    const reader = new FrameReader()
    socket.on('error', reject)
    socket.on('close', () => resolve(undefined))
    socket.on('data', (d) => {
      for (const f of reader.push(d)) resolve(f.kind === 'frame' ? parseMessage(f.bytes.toString())?.get('MSA-2') : undefined)
    })
  })

describe('a sender that costs and says nothing', () => {
  test('with a frame that trickles is closed, and the others are served meanwhile', async () => {
    const server = await answering({ limits: { frameMs: 150, bytesPerSecond: 1000 } })
    const slow = connect(server.port, '127.0.0.1')
    const gone = closed(slow)
    slow.write('\x0bMSH|')
    const trickle = setInterval(() => slow.write('x'), 40)

    const quick = connect(server.port, '127.0.0.1')
    quick.write(frame(message('1')))
    expect(await answer(quick)).toBe('1')
    await gone
    clearInterval(trickle)
    quick.destroy()
  })

  test('with a large frame that goes on is let', async () => {
    const server = await answering({ limits: { frameMs: 100, bytesPerSecond: 1000 } })
    const socket = connect(server.port, '127.0.0.1')
    const said = answer(socket)
    socket.write(Buffer.concat([Buffer.of(0x0b), message('big')]))
    for (let i = 0; i < 8; i++) {
      socket.write(`NTE|1||${'x'.repeat(500)}\r`)
      await new Promise((resolve) => setTimeout(resolve, 40))
    }
    socket.write(Buffer.of(0x1c, 0x0d))

    expect(await said).toBe('big')
    socket.destroy()
  })

  test('with a frame that never ends is closed once it is far beyond the limit', async () => {
    const server = await answering({ frameLimit: 10_000 })
    const socket = connect(server.port, '127.0.0.1')
    const gone = closed(socket)
    socket.write('\x0b')
    for (let i = 0; i < 20 && !socket.destroyed; i++) socket.write('x'.repeat(5000))

    await gone
    expect(server.connections).toBe(0)
  })

  test('is taken for gone when nothing is heard of it', async () => {
    const server = await answering({ limits: { idleMs: 120, frameMs: 80 } })
    const socket = connect(server.port, '127.0.0.1')

    await closed(socket)
  })

  test('gives up its place when there are too many: the one that has been silent longest', async () => {
    const server = await answering({ limits: { connections: 2 } })
    const silent = connect(server.port, '127.0.0.1')
    const gone = closed(silent)
    await new Promise((resolve) => silent.once('connect', resolve))
    const busy = connect(server.port, '127.0.0.1')
    busy.write(frame(message('1')))
    await answer(busy)
    const third = connect(server.port, '127.0.0.1')
    third.write(frame(message('2')))

    expect(await answer(third)).toBe('2')
    await gone
    expect(busy.destroyed).toBe(false)
    busy.destroy()
    third.destroy()
  })
})

describe('over TLS', () => {
  const folder = mkdtempSync(join(tmpdir(), 'renxin-tls-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' })
  const make = (name: string) =>
    openssl('req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2', '-subj', `/CN=${name}`, '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', `${name}.key`, '-out', `${name}.pem`) // biome-ignore format: one command
  make('server')
  make('client')
  make('stranger')
  const pem = (file: string) => readFileSync(join(folder, file))
  const ask = (port: number, client?: string) => {
    const own = client ? { cert: pem(`${client}.pem`), key: pem(`${client}.key`) } : {}
    const socket = connectTls({ port, host: '127.0.0.1', ca: pem('server.pem'), ...own })
    socket.write(frame(message('1')))
    return answer(socket).finally(() => socket.destroy())
  }

  test('a message is taken and answered under the certificate', async () => {
    const server = await answering({ tls: { cert: pem('server.pem'), key: pem('server.key') } })

    expect(await ask(server.port)).toBe('1')
  })

  test('where senders must show a certificate, only those come in whose certificate is known', async () => {
    const server = await answering({ tls: { cert: pem('server.pem'), key: pem('server.key'), ca: pem('client.pem') } })

    expect(await ask(server.port, 'client')).toBe('1')
    await expect(ask(server.port, 'stranger').then((said) => said ?? Promise.reject(new Error('closed')))).rejects.toThrow()
    await expect(ask(server.port).then((said) => said ?? Promise.reject(new Error('closed')))).rejects.toThrow()
  })

  test('one who speaks without TLS is not heard', async () => {
    const server = await answering({ tls: { cert: pem('server.pem'), key: pem('server.key') } })
    const socket = connect(server.port, '127.0.0.1')
    const gone = closed(socket)
    socket.write(frame(message('1')))

    await gone
    expect(server.connections).toBe(0)
  })
})
