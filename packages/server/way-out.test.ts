import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeEach, expect, test, vi } from 'vitest'
import { allowLoopback, askWeb, ClosedAddress, isClosed, isClosedHost, openAddress, openLookup, outsideLookup } from './way-out.ts'

/** What names lead to, where a test says so; every other is asked of the machine. */
const led = new Map<string, string[]>()
vi.mock('node:dns', async (original) => {
  const dns = await original<typeof import('node:dns')>()
  const lookup = (host: string, options: object, done: (error: Error | null, found: { address: string; family: number }[]) => void) => {
    const next = led.get(host)
    if (!next) return dns.lookup(host, { ...options, all: true }, done)
    const [address = ''] = next.length > 1 ? next.splice(0, 1) : next
    done(null, [{ address, family: address.includes(':') ? 6 : 4 }])
  }
  return { ...dns, lookup }
})

let asked = 0
const server = createServer((request, response) => {
  asked += 1
  if (request.url === '/away') response.writeHead(302, { location: `http://127.0.0.1:${port}/secret` })
  response.end('here')
})
await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
const { port } = server.address() as AddressInfo // a TCP listener has a port
afterAll(() => server.close())
beforeEach(() => {
  asked = 0
  led.clear()
  allowLoopback(false)
})
const ask = (address: string) => askWeb(address, { headers: {}, longestMs: 2000, longestText: 1000 })

test.each([
  ['127.0.0.1', true],
  ['127.8.8.8', true],
  ['::1', true],
  ['::ffff:127.0.0.1', true],
  ['::ffff:7f00:1', true],
  ['0.0.0.0', true],
  ['::', true],
  ['169.254.169.254', true],
  ['::ffff:169.254.169.254', true],
  ['64:ff9b::a9fe:a9fe', true],
  ['2002:7f00:1::', true],
  ['fe80::1', true],
  ['fe80::1%eth0', true],
  ['100.100.100.200', true],
  ['168.63.129.16', true],
  ['fd00:ec2::254', true],
  ['224.0.0.1', true],
  ['255.255.255.255', true],
  ['nothing', true],
  ['10.1.2.3', false],
  ['172.16.0.9', false],
  ['192.168.1.9', false],
  ['::ffff:10.1.2.3', false],
  ['100.64.0.1', false],
  ['fd12:3456::9', false],
  ['2001:db8::1', false],
  ['203.0.113.7', false],
])('the address %s is closed to whatever we send: %s', (address, closed) => {
  expect(isClosed(address)).toBe(closed)
})

test.each([
  'localhost', 'LOCALHOST', 'localhost.', 'a.localhost', '127.1', '2130706433', '0x7f.1', '0177.0.0.1', '[::1]', ' 127.0.0.1 ', '/var/run/postgresql', '0', '169.254.169.254', '[fe80::1]', '2852039166',
])('a host that is written %s is known for what it is', (host) => { expect(isClosedHost(host)).toBe(true) }) // biome-ignore format: a table

test('names and numbers of the hospital’s own network are open', () => {
  expect(['his.hospital.local', 'localhost.hospital.cn', '10.0.0.5', '[fd12::5]'].map(isClosedHost)).toEqual(Array(4).fill(false))
})

test('with systems on this machine allowed, it is open in every way of writing, and the rest stays closed', () => {
  allowLoopback(true)

  expect(['localhost', '127.0.0.1', '[::1]', '/run/postgresql'].map(isClosedHost)).toEqual(Array(4).fill(false))
  expect(['169.254.169.254', '0.0.0.0', 'fe80::1', '100.100.100.200'].map(isClosed)).toEqual(Array(4).fill(true))
})

test('a name is looked at again when it is used: one that leads to this machine, or to it the second time, gains nothing', async () => {
  led.set('inside.hospital.cn', ['127.0.0.1'])
  led.set('turning.hospital.cn', ['10.9.9.9', '169.254.169.254'])

  await expect(ask(`http://inside.hospital.cn:${port}/`)).rejects.toBeInstanceOf(ClosedAddress)
  await expect(openAddress('inside.hospital.cn')).rejects.toBeInstanceOf(ClosedAddress)
  expect(await openAddress('turning.hospital.cn')).toBe('10.9.9.9')
  await expect(openAddress('turning.hospital.cn')).rejects.toBeInstanceOf(ClosedAddress)
  expect(asked).toBe(0)
  allowLoopback(true)
  expect((await ask(`http://inside.hospital.cn:${port}/`)).text).toBe('here')
})

test('who is allowed this machine for its settings is not told of a name that others gave', async () => {
  allowLoopback(true)
  led.set('inside.hospital.cn', ['127.0.0.1'])
  const through = (way: typeof openLookup) =>
    new Promise((done) => way('inside.hospital.cn', {}, (error, address) => done(error ?? address)))

  expect(await through(openLookup)).toBe('127.0.0.1')
  expect(await through(outsideLookup)).toBeInstanceOf(ClosedAddress)
})

test.each([
  'ftp://10.0.0.1/',
  'file:///etc/passwd',
  'gopher://10.0.0.1/',
  'http://127.0.0.1/',
  'http://[::ffff:7f00:1]/',
  'http://0x7f.1/',
])('nothing is asked of %s', async (address) => {
  await expect(ask(address)).rejects.toBeInstanceOf(ClosedAddress)
})

test('a redirection is an answer, and is not followed', async () => {
  allowLoopback(true)

  expect(await ask(`http://127.0.0.1:${port}/away`)).toMatchObject({ status: 302 })
  expect(asked).toBe(1)
})

test('an answer without an end is cut off, and one that does not come is not waited for', async () => {
  allowLoopback(true)
  const endless = createServer((request, response) => {
    if (request.url === '/silent') return
    const timer = setInterval(() => response.write('x'.repeat(400)), 1)
    response.once('close', () => clearInterval(timer))
  })
  await new Promise<void>((done) => endless.listen(0, '127.0.0.1', done))
  const at = `http://127.0.0.1:${(endless.address() as AddressInfo).port}` // a TCP listener has a port

  await expect(ask(`${at}/`)).rejects.toThrow('the answer has no end')
  await expect(askWeb(`${at}/silent`, { headers: {}, longestMs: 50, longestText: 10 })).rejects.toMatchObject({ name: 'TimeoutError' })
  endless.closeAllConnections()
  endless.close()
})
