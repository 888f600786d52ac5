import { createServer } from 'node:net'
import { encounters } from '@renxin/encounters'
import { feedback } from '@renxin/feedback'
import { files } from '@renxin/files'
import { followups } from '@renxin/followups'
import { newId } from '@renxin/kernel'
import { patients, registerPatient } from '@renxin/patients'
import { openHouse } from '@renxin/server/testing'
import { staff } from '@renxin/staff'
import { surveys } from '@renxin/surveys'
import { afterAll, expect, test } from 'vitest'
import { writeBackApi } from '../../write-back-contract.ts'
import { integration } from '../index.ts'
import { knock } from './knock.ts'

const house = await openHouse([staff, patients, files, encounters, surveys, feedback, followups, integration], {
  now: '2025-11-20T09:00+08:00',
  poolSize: 1,
})
const engineer = house.who('integration.read', 'integration.mend', 'integration.manage', 'patients.names')
const reader = house.who('integration.read')

const place = { name: '主 HIS', host: '127.0.0.1', port: 2576, application: 'HIS', facility: '甲院', charset: 'utf-8' } as const
const takes = { takesFollowups: true, takesComplaints: true, isActive: true }
const id = newId()
const patientId = newId()
await house.inside((ctx) => registerPatient(ctx, { id: patientId, name: '赵建国' }))
await engineer.call(writeBackApi.saveDestination, { id, ...place, ...takes })

/** A line as the queue would have written it, and what became of it. */
async function line(status: 'waiting' | 'sent' | 'refused', error: string | null = null) {
  const eventId = newId()
  await house.sql(
    `insert into integration.outgoing (destination_id, event_id, kind, object_id, patient_id, message, status, created_at, next_at, sent_at, attempts, error)
     values ($1, $2, 'followup', $3, $4, $5, $6, $7, $7, $8, 3, $9)`,
    [id, eventId, newId(), patientId, 'MSH|^~\\&|RENXIN\rPID|1||M1\r', status, house.now(), status === 'sent' ? house.now() : null, error],
  )
  return { destinationId: id, eventId }
}

test('a destination shows how it fares: what waits and since when, what was refused, what went', async () => {
  await line('sent')
  await line('refused', 'AR no such patient')
  await line('waiting', 'mllp: unreachable')

  const [only] = (await reader.call(writeBackApi.destinations, {})).rows

  expect(only).toMatchObject({ ...place, waiting: 1, refused: 1, lastError: 'mllp: unreachable' })
  expect([only?.waitingSince, only?.lastSentAt]).toEqual([house.now().toISOString(), house.now().toISOString()])
})

test('once an address was put right, what waits for its next try goes at once', async () => {
  await house.sql("update integration.outgoing set next_at = $1::timestamptz + interval '5 minutes' where status = 'waiting'", [
    house.now(),
  ])

  await engineer.call(writeBackApi.saveDestination, { id, ...place, ...takes, port: 2577 })

  const waiting = (await engineer.call(writeBackApi.outgoing, { status: 'waiting' })).rows
  expect(waiting.map((l) => l.nextAt)).toEqual([house.now().toISOString()])
})

test('lines are filtered, the newest first, the name masked for whoever may not see names', async () => {
  const refused = (await reader.call(writeBackApi.outgoing, { status: 'refused', destinationId: id })).rows
  const first = await engineer.call(writeBackApi.outgoing, { limit: 2 })
  const rest = await engineer.call(writeBackApi.outgoing, { limit: 2, after: first.next ?? '' })

  expect(refused.map((l) => [l.patientName, l.error])).toEqual([['赵*国', 'AR no such patient']])
  expect([...first.rows, ...rest.rows].map((l) => l.status)).toEqual(['waiting', 'refused', 'sent'])
  expect(first.rows[0]?.patientName).toBe('赵建国')
})

test('the text is for those who mend, with its fields by name, and its reading leaves a trace', async () => {
  const key = await line('sent')

  await expect(reader.call(writeBackApi.outgoingText, key)).rejects.toMatchObject({ code: 'house.forbidden' })
  const text = await engineer.call(writeBackApi.outgoingText, key)

  expect(text.message).toBe('MSH|^~\\&|RENXIN\nPID|1||M1\n')
  expect(text.segments.map((s) => [s.name, s.label?.zh])).toContainEqual(['PID', expect.stringContaining('患者')])
  const trace = await house.sql('select from house.audit where action = $1 and patient_id = $2 and actor_id = $3', [
    'integration.outgoingText',
    patientId,
    engineer.id,
  ])
  expect(trace).toHaveLength(1)
})

test('what was refused goes again, once; what waits or went does not', async () => {
  const key = await line('refused', 'AE busy')

  expect(await engineer.call(writeBackApi.sendAgain, key)).toMatchObject({ status: 'waiting', attempts: 0, error: null })

  await expect(engineer.call(writeBackApi.sendAgain, key)).rejects.toMatchObject({ code: 'integration.notRefused' })
  await expect(reader.call(writeBackApi.sendAgain, await line('refused'))).rejects.toMatchObject({ code: 'house.forbidden' })
})

test('who may only read changes and tests nothing, and two destinations do not share a name', async () => {
  const { host, port } = place

  await expect(reader.call(writeBackApi.saveDestination, { id, ...place, ...takes })).rejects.toMatchObject({ code: 'house.forbidden' })
  await expect(reader.call(writeBackApi.testDestination, { host, port })).rejects.toMatchObject({ code: 'house.forbidden' })
  await expect(engineer.call(writeBackApi.saveDestination, { id: newId(), ...place, ...takes })).rejects.toMatchObject({
    code: 'integration.destinationNameTaken',
  })
})

test('another hospital sees neither destinations nor lines', async () => {
  const key = await line('refused')
  const stranger = await house.stranger('integration.read', 'integration.mend', 'integration.manage')

  expect((await stranger.call(writeBackApi.destinations, {})).rows).toEqual([])
  expect((await stranger.call(writeBackApi.outgoing, {})).rows).toEqual([])
  for (const route of [writeBackApi.outgoingLine, writeBackApi.outgoingText, writeBackApi.sendAgain])
    await expect(stranger.call(route, key)).rejects.toMatchObject({ code: 'integration.outgoingNotFound' })
})

const listening = createServer()
const shy = createServer((socket) => socket.end())
afterAll(() => {
  listening.close()
  shy.close()
})
const portOf = (server: typeof shy) =>
  new Promise<number>((resolve) =>
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      resolve(typeof address === 'object' && address !== null ? address.port : 0)
    }),
  )

test('a test tells what happened when it knocked: answered, closed at once, nobody there, no such host', async () => {
  let heard = 0
  listening.on('connection', (socket) => {
    socket.on('data', () => {
      heard += 1
    })
    socket.on('error', () => {})
  })
  const [open, closing] = [await portOf(listening), await portOf(shy)]
  const test = async (host: string, port: number) => (await engineer.call(writeBackApi.testDestination, { host, port })).outcome

  expect(await test('127.0.0.1', open)).toBe('connected')
  expect(await test('127.0.0.1', closing)).toBe('dropped')
  expect(await test('127.0.0.1', 1)).toBe('refused')
  expect(['unknownHost', 'unreachable', 'timeout']).toContain(await test('no-such-host.invalid', 2575))
  expect((await knock({ host: '192.0.2.1', port: 2575 }, { longestMs: 50 })).outcome).not.toBe('connected') // an address for documentation (RFC 5737)
  expect(heard).toBe(0)
})
