import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect as connectTls } from 'node:tls'
import { encounters } from '@renxin/encounters'
import { decode, encodeText, FrameReader, frame, MllpClient, parse, parseMessage } from '@renxin/hl7'
import { patients } from '@renxin/patients'
import { openHouse } from '@renxin/server/testing'
import { staff } from '@renxin/staff'
import { afterAll, expect, test } from 'vitest'
import { integrationApi } from '../contract.ts'
import { integration, readAssigned, startMllp } from './index.ts'
import { messageOf } from './stay-of-test.ts'

const house = await openHouse([staff, patients, encounters, integration], { now: '2025-11-20T09:00+08:00' })
const door = await startMllp({ house: house.house, port: 0, host: '127.0.0.1', frameLimit: 50_000 })
afterAll(() => door.stop())
const engineer = house.who('integration.read', 'integration.manage')
const send = async (texts: string[], charset: 'utf-8' | 'gb18030' = 'utf-8') => {
  const client = new MllpClient({ host: '127.0.0.1', port: door.port, charset })
  const codes: string[] = []
  for (const text of texts) codes.push((await client.send(text)).get('MSA-1') ?? '')
  await client.close()
  return codes
}
const count = async (table: string) => (await house.sql<{ n: number }>(`select count(*)::int as n from ${table}`, []))[0]?.n

test('eight senders at once, each message twice: every one is answered, kept and applied once', async () => {
  const stays = Array.from({ length: 8 }, (_, i) => i)

  const codes = await Promise.all(
    stays.map((i) => {
      const one = (event: string, sentAt: string, discharge?: string) =>
        messageOf({
          event,
          sentAt,
          record: `M${i}`,
          visit: `MV${i}`,
          ward: '外科',
          bed: `${i}`,
          name: `周${i}`,
          application: `HIS${i}`,
          discharge,
        })
      const journey = [one('A01', '20251101093012'), one('A02', '20251103093012'), one('A03', '20251105100000', '20251105095900')]
      return send(journey.flatMap((m) => [m, m]))
    }),
  )

  expect(codes).toEqual(stays.map(() => Array(6).fill('AA')))
  expect(await count('integration.messages')).toBe(24)
  expect(await count("encounters.cards where status = 'discharged'")).toBe(8)
  expect(await count('patients.cards')).toBe(8)
  expect((await engineer.call(integrationApi.senders, {})).rows.every((s) => s.isNew && s.unsettled === 0)).toBe(true)
})

test('a sender is answered as it asks: CA, or AA, or both, or not at all', async () => {
  const one = (acks: [string, string], n: number) =>
    messageOf({ event: 'A31', sentAt: '20251101', record: 'ACK', controlId: `K${n}`, acks })
  const codes = await send([one(['AL', 'NE'], 1), one(['NE', 'AL'], 2), one(['AL', 'AL'], 3), one(['', ''], 4)])

  expect(codes).toEqual(['CA', 'AA', 'CA', 'AA'])
})

test('a sender in GB18030 that does not say so is read and answered in its own characters', async () => {
  const text = messageOf({ event: 'A31', sentAt: '20251101', record: 'GBK', name: '葉錦東', facility: '葉氏醫院' }).replace(
    'UNICODE UTF-8',
    '',
  )

  expect(await send([text], 'gb18030')).toEqual(['AA'])
  expect(await count("patients.cards where name = '葉錦東'")).toBe(1)
})

test('bytes that are no message, a message without a type and one too large are refused, and the next is taken', async () => {
  const socket = connect(door.port, '127.0.0.1')
  const reader = new FrameReader()
  const answers = new Promise<(string | undefined)[]>((resolve) => {
    const got: (string | undefined)[] = []
    socket.on('data', (d) => {
      for (const f of reader.push(d)) got.push(f.kind === 'frame' ? parseMessage(decode(f.bytes).text)?.get('MSA-1') : undefined)
      if (got.length === 4) resolve(got)
    })
  })
  const good = messageOf({ event: 'A31', sentAt: '20251101', record: 'NEXT' })
  for (const one of ['GET / HTTP/1.1', 'MSH|^~\\&|HIS|||||||7', `${good}NTE|1||${'x'.repeat(60_000)}`, good])
    socket.write(frame(encodeText(one)))

  expect(await answers).toEqual(['AR', 'AR', 'AR', 'AA'])
  socket.destroy()
  const failed = (await engineer.call(integrationApi.messages, { status: 'failed' })).rows
  expect(failed.map((m) => m.reason).toSorted()).toEqual(['noHeader', 'noType'])
})

test('with several hospitals a stranger’s messages are kept unclaimed, and read once one of them takes the sender', async () => {
  const other = await house.stranger('integration.manage', 'integration.read')
  const stranger = { application: 'EMR', facility: '何处' }
  const text = (controlId: string) => messageOf({ event: 'A31', sentAt: '20251101', record: 'LOST', name: '吴名', controlId, ...stranger })
  const unsaid = (one: string) => one.replace('UNICODE UTF-8', '')
  const before = await count('integration.messages')

  expect(await send([text('U1'), text('U1'), text('U2')].map(unsaid), 'gb18030')).toEqual(['AA', 'AA', 'AA'])

  expect(await count('integration.messages')).toBe(before)
  expect((await engineer.call(integrationApi.unclaimed, {})).rows).toMatchObject([{ ...stranger, messages: 2 }])
  expect((await other.call(integrationApi.unclaimed, {})).rows).toHaveLength(1)
  await expect(house.sql('select * from integration.unclaimed', [])).rejects.toThrow(/permission denied/)

  expect(await engineer.call(integrationApi.assign, stranger)).toMatchObject({ messages: 2 })
  await expect(other.call(integrationApi.assign, stranger)).rejects.toMatchObject({ code: 'integration.ofAnotherHospital' })
  await readAssigned(house.house)

  expect(await count('integration.messages')).toBe((before ?? 0) + 2)
  expect(await count("patients.cards where name = '吴名'")).toBe(1)
  expect(await count("integration.messages where charset = 'gb18030' and control_id in ('U1', 'U2')")).toBe(2)
  expect((await engineer.call(integrationApi.unclaimed, {})).rows).toEqual([])
  expect((await other.call(integrationApi.messages, {})).rows).toEqual([])
})

test('a batch is answered by a batch that names it, one answer for each of its messages', async () => {
  const one = (n: number) => messageOf({ event: 'A31', sentAt: '20251101093012', record: `BATCH${n}`, controlId: `B${n}` })
  const batch = `FHS|^~\\&|HIS|甲院|CRM||20251101||||F7\rBHS|^~\\&|HIS|甲院|CRM||20251101||||B7\r${one(1)}${one(2)}BTS|2\rFTS|1\r`

  const answer = await new Promise<string>((resolve) => {
    const socket = connect(door.port, '127.0.0.1')
    const reader = new FrameReader()
    socket.on('data', (d) => {
      for (const f of reader.push(d)) {
        resolve(f.kind === 'frame' ? decode(f.bytes).text : '')
        socket.destroy()
      }
    })
    socket.write(frame(encodeText(batch)))
  })

  const { messages, envelope } = parse(answer)
  expect(envelope.map((s) => s.name)).toEqual(['FHS', 'BHS', 'BTS', 'FTS'])
  expect(envelope.map((s) => s.get(12) ?? s.get(1))).toEqual(['F7', 'B7', '2', '1'])
  expect(messages.map((m) => [m.get('MSA-1'), m.get('MSA-2')])).toEqual([['AA', 'B1'], ['AA', 'B2']]) // biome-ignore format: side by side
})

test('over TLS a message is kept and acknowledged as over the open port', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'renxin-tls-'))
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2', '-subj', '/CN=renxin', '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', 'key.pem', '-out', 'cert.pem'], { cwd: folder, stdio: 'pipe' }) // biome-ignore format: one command
  const [cert, key] = [readFileSync(join(folder, 'cert.pem')), readFileSync(join(folder, 'key.pem'))]
  rmSync(folder, { recursive: true })
  const sealed = await startMllp({ house: house.house, port: null, host: '127.0.0.1', tls: { port: 0, cert, key } })
  const before = (await count('integration.messages')) ?? 0

  const code = await new Promise<string>((resolve, reject) => {
    const socket = connectTls({ port: sealed.tlsPort, host: '127.0.0.1', ca: cert })
    const reader = new FrameReader()
    socket.on('error', reject)
    socket.on('data', (d) => {
      for (const f of reader.push(d)) {
        resolve(f.kind === 'frame' ? (parseMessage(decode(f.bytes).text)?.get('MSA-1') ?? '') : '')
        socket.destroy()
      }
    })
    socket.write(frame(encodeText(messageOf({ event: 'A31', sentAt: '20251101093012', record: 'TLS1' }))))
  })
  await sealed.stop()

  expect([code, sealed.port]).toEqual(['AA', 0])
  expect(await count('integration.messages')).toBe(before + 1)
})
