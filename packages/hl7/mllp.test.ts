import { connect } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import {
  acksFor,
  buildAck,
  decode,
  encodeText,
  FrameReader,
  frame,
  MllpClient,
  type MllpServer,
  parseMessage,
  startMllpServer,
} from './index.ts'

const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const one of open.splice(0)) await one.close()
})
const keep = <T extends { close(): Promise<void> }>(one: T): T => {
  open.push(one)
  return one
}

const message = (id: string, msh15 = '', msh16 = '') =>
  `MSH|^~\\&|HIS|A|CRM|B|20251101||ADT^A01|${id}|P|2.5|||${msh15}|${msh16}\rPID|1||${id}\r`
const answering = (slow: (id: string) => number = () => 0) =>
  startMllpServer({
    port: 0,
    host: '127.0.0.1',
    frameLimit: 100_000,
    answer: async (f) => {
      const m = parseMessage(decode(f.kind === 'frame' ? f.bytes : f.head).text)
      await new Promise((resolve) => setTimeout(resolve, slow(m?.controlId ?? '')))
      return [Buffer.from(buildAck(m, { code: f.kind === 'frame' ? 'AA' : 'AR', controlId: 'a', sentAt: '20251101' }))]
    },
  }).then(keep<MllpServer>)

test('an answer names the message it answers', async () => {
  const server = await answering()
  const client = keep(new MllpClient({ host: '127.0.0.1', port: server.port }))

  const acks = await Promise.all(['1', '2', '3'].map((id) => client.send(message(id))))

  expect(acks.map((a) => [a.get('MSA-1'), a.get('MSA-2'), a.get('MSH-5')])).toEqual([
    ['AA', '1', 'HIS'],
    ['AA', '2', 'HIS'],
    ['AA', '3', 'HIS'],
  ])
})

test('many messages in one packet are answered in their order, the slow one first', async () => {
  const server = await answering((id) => (id === '1' ? 40 : 0))
  const socket = connect(server.port, '127.0.0.1')
  const reader = new FrameReader()

  const ids = await new Promise<(string | undefined)[]>((resolve) => {
    const got: (string | undefined)[] = []
    socket.on('data', (d) => {
      for (const f of reader.push(d)) got.push(f.kind === 'frame' ? parseMessage(f.bytes.toString())?.get('MSA-2') : undefined)
      if (got.length === 3) resolve(got)
    })
    socket.write(Buffer.concat(['1', '2', '3'].map((id) => frame(Buffer.from(message(id))))))
  })
  socket.destroy()

  expect(ids).toEqual(['1', '2', '3'])
})

test('a frame beyond the limit is refused by its header, and the next is read', async () => {
  const server = await answering()
  const client = keep(new MllpClient({ host: '127.0.0.1', port: server.port }))

  const refused = await client.send(`${message('big')}NTE|1||${'x'.repeat(200_000)}\r`)
  const taken = await client.send(message('small'))

  expect([refused.get('MSA-1'), taken.get('MSA-1')]).toEqual(['AR', 'AA'])
})

test('a lost connection is told, and the next message connects again', async () => {
  let isFirst = true
  const server = keep(
    await startMllpServer({
      port: 0,
      host: '127.0.0.1',
      answer: async (f) => {
        if (isFirst) {
          isFirst = false
          throw new Error('the database is gone')
        }
        return [
          Buffer.from(buildAck(parseMessage(f.kind === 'frame' ? f.bytes.toString() : ''), { code: 'AA', controlId: 'a', sentAt: '' })),
        ]
      },
    }),
  )
  const client = keep(new MllpClient({ host: '127.0.0.1', port: server.port }))

  await expect(client.send(message('1'))).rejects.toMatchObject({ failure: 'disconnected' })
  expect((await client.send(message('1'))).get('MSA-2')).toBe('1')
})

test('an answer that does not come is waited for no longer than said', async () => {
  const server = await answering(() => 300)
  const client = keep(new MllpClient({ host: '127.0.0.1', port: server.port, answerTimeoutMs: 50 }))

  await expect(client.send(message('1'))).rejects.toMatchObject({ failure: 'timeout' })
})

test('nobody there is told as such', async () => {
  const server = await answering()
  await server.close()
  const client = keep(new MllpClient({ host: '127.0.0.1', port: server.port }))

  await expect(client.send(message('1'))).rejects.toMatchObject({ failure: 'unreachable' })
})

test('closing waits for the answers to what was read', async () => {
  const server = await answering(() => 60)
  const client = keep(new MllpClient({ host: '127.0.0.1', port: server.port }))
  const sent = client.send(message('1'))
  await new Promise((resolve) => setTimeout(resolve, 30))

  await server.close()

  expect((await sent).get('MSA-2')).toBe('1')
})

test('a frame that was begun anew counts from its last start, and the end block alone ends it', () => {
  const reader = new FrameReader()

  const got = reader.push(Buffer.from('xx\x0bMSH|half\x0bMSH|whole\x1c\x0bnext\x1c\r'))

  expect(got.map((f) => (f.kind === 'frame' ? f.bytes.toString() : ''))).toEqual(['MSH|whole', 'next'])
  expect(reader.rubbish).toBe(2)
})

test.each([
  ['', '', 'accepted', ['AA']],
  ['', '', 'rejected', ['AR']],
  [' ', ' ', 'accepted', ['AA']],
  ['AL', 'NE', 'accepted', ['CA']],
  ['AL', 'NE', 'error', ['CE']],
  ['AL', 'AL', 'accepted', ['CA', 'AA']],
  ['ER', 'SU', 'accepted', ['AA']],
  ['NE', 'NE', 'accepted', []],
  ['', 'AL', 'accepted', ['AA']],
  ['AL', '', 'accepted', ['CA']],
] as const)('MSH-15 "%s" and MSH-16 "%s", %s: %s', (msh15, msh16, outcome, codes) => {
  const m = parseMessage(message('1', msh15, msh16))

  expect(m && acksFor(m, outcome)).toEqual(codes)
})

test('an answer to a sender in GB18030 is readable to it', () => {
  const m = parseMessage('MSH|^~\\&|HIS|葉氏醫院|CRM|本院|20251101||ADT^A01|1|P|2.5||||||GB18030\r')
  const ack = encodeText(buildAck(m, { code: 'AA', controlId: 'x', sentAt: '20251101093012+0800' }), 'gb18030')

  const read = parseMessage(decode(ack).text)

  expect([read?.get('MSH-3'), read?.get('MSH-4'), read?.get('MSH-6'), read?.get('MSH-18'), read?.type]).toEqual([
    'CRM',
    '本院',
    '葉氏醫院',
    'GB18030',
    'ACK',
  ])
})

/** HL7 v2.5, 2.9.2 and table 0155: each side is asked for by itself, and what is not asked for is not sent. */
const asked = { AL: ['accepted', 'error', 'rejected'], ER: ['error', 'rejected'], SU: ['accepted'], NE: [], '': [] } as const
const outcomes = ['accepted', 'error', 'rejected'] as const
const every = Object.keys(asked).flatMap((a) => Object.keys(asked).flatMap((b) => outcomes.map((o) => [a, b, o] as const)))
const isAsked = (how: string, outcome: string) => Object.entries(asked).some(([key, of]) => key === how && of.some((o) => o === outcome))

test.each(every.filter(([a, b]) => a || b))('of MSH-15 "%s" and MSH-16 "%s", %s, each side answers for itself', (msh15, msh16, outcome) => {
  const m = parseMessage(message('1', msh15, msh16))
  const first = { accepted: 'CA', error: 'CE', rejected: 'CR' }[outcome]
  const second = { accepted: 'AA', error: 'AE', rejected: 'AR' }[outcome]

  expect(m && acksFor(m, outcome)).toEqual([...(isAsked(msh15, outcome) ? [first] : []), ...(isAsked(msh16, outcome) ? [second] : [])])
})
