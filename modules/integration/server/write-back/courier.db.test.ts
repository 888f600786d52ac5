import { encounters } from '@renxin/encounters'
import { feedback } from '@renxin/feedback'
import { files } from '@renxin/files'
import { followups } from '@renxin/followups'
import { buildAck, decode, encodeMessage, encodeText, type MllpServer, type Outcome, parseMessage, startMllpServer } from '@renxin/hl7'
import { newId } from '@renxin/kernel'
import { patients, registerPatient } from '@renxin/patients'
import { allowLoopback } from '@renxin/server'
import { openHouse } from '@renxin/server/testing'
import { staff } from '@renxin/staff'
import { surveys } from '@renxin/surveys'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { writeBackApi } from '../../write-back-contract.ts'
import { integration } from '../index.ts'
import { type Courier, startWriteBack } from './courier.ts'
import { knockDestinations } from './destinations.ts'

const house = await openHouse([staff, patients, files, encounters, surveys, feedback, followups, integration], {
  now: '2026-09-04T09:00+08:00',
  poolSize: 1, // nothing is held open while a message is on its way
})
const engineer = house.who('integration.read', 'integration.mend', 'integration.manage')
const patientId = newId()
await house.inside((ctx) => registerPatient(ctx, { id: patientId, name: '赵建国' }))
const wait = { timeout: 15_000, interval: 20 }

/** What the other side does with a message that has arrived. */
type Manner = Outcome | 'loseAnswer'
const CODES = { accepted: 'AA', error: 'AE', rejected: 'AR' } as const

/** The hospital's system: remembers what it read, in order, and answers in the manner it is told. */
function receiver(port = 0) {
  const heard: string[] = []
  let manner: Manner = 'accepted'
  let door: MllpServer | undefined
  let at = port
  return {
    heard,
    behave: (next: Manner) => {
      manner = next
    },
    get port() {
      return at
    },
    open: async () => {
      door = await startMllpServer({
        host: '127.0.0.1',
        port: at,
        answer: async (frame) => {
          const message = frame.kind === 'frame' ? parseMessage(decode(frame.bytes).text) : undefined
          if (!message) throw new Error('this is no message')
          heard.push(message.controlId)
          if (manner === 'loseAnswer') throw new Error('the line breaks before the answer')
          return [
            encodeText(
              buildAck(message, {
                code: CODES[manner],
                controlId: newId(),
                sentAt: '20260904090000',
              }),
            ),
          ]
        },
      })
      at = door.port
    },
    close: async () => {
      await door?.close()
      door = undefined
    },
  }
}

let his: ReturnType<typeof receiver>
let destinationId = ''
let courier: Courier

const destinationAt = async (name: string, port: number) => {
  const id = newId()
  await engineer.call(writeBackApi.saveDestination, {
    id, name, host: '127.0.0.1', port, application: 'HIS', facility: '甲院', charset: 'utf-8', takesFollowups: true, takesComplaints: true, isActive: true,
  }) // biome-ignore format: one line of fields
  return id
}

beforeEach(async () => {
  his = receiver()
  await his.open()
  destinationId = await destinationAt(`HIS ${newId()}`, his.port)
  courier = startWriteBack(house.house)
})
afterEach(async () => {
  await courier.stop()
  await his.close()
  await house.sql('update integration.destinations set is_active = false')
})

/** Messages in the line of a destination, as the queue writes them; answers their control ids. */
async function enqueue(count: number, destination = destinationId): Promise<string[]> {
  const ids = Array.from({ length: count }, () => newId())
  const text = (id: string) =>
    encodeMessage([
      ['MSH', 'RENXIN', '演练', 'HIS', '甲院', '20260904090000', '', ['ORU', 'R01'], id, 'P', '2.5'],
      ['PID', '1', '', 'H1', '', '赵建国'],
    ])
  for (const id of ids)
    await house.sql(
      `insert into integration.outgoing (destination_id, event_id, kind, object_id, patient_id, message, created_at, next_at) values ($1, $2, 'followup', $3, $4, $5, $6, $6)`,
      [destination, id, newId(), patientId, text(id), house.now()],
    )
  return ids
}
const stateOf = async (destination = destinationId) =>
  (
    await house.sql<{ status: string }>('select status from integration.outgoing where destination_id = $1 order by seq', [destination])
  ).map((r) => r.status)
const all = (status: string, count: number) => Array<string>(count).fill(status)
const switchTo = async (isActive: boolean) => {
  const [shown] = (await engineer.call(writeBackApi.destinations, {})).rows.filter((d) => d.id === destinationId)
  if (!shown) throw new Error('the destination is not there')
  await engineer.call(writeBackApi.saveDestination, { ...shown, isActive })
}
/** Time goes on until it is so: what waits for its next try comes due. */
const later = (check: () => Promise<unknown>) =>
  expect.poll(async () => {
    house.advance({ minutes: 10 })
    return check()
  }, wait)

test('what waits goes out in its order, each once', async () => {
  const ids = await enqueue(6)

  await expect.poll(() => stateOf(), wait).toEqual(all('sent', 6))

  expect(his.heard).toEqual(ids)
})

test('while nobody listens it waits; once somebody does, all goes in order, and another destination was never held up', async () => {
  const emr = receiver()
  await emr.open()
  const other = await destinationAt(`EMR ${newId()}`, emr.port)
  await his.close()
  const ids = await enqueue(3)
  const others = await enqueue(3, other)

  await expect.poll(() => stateOf(other), wait).toEqual(all('sent', 3))
  await later(async () => (await engineer.call(writeBackApi.outgoing, { destinationId, limit: 10 })).rows.at(-1)?.attempts).toBeGreaterThan(
    2,
  )
  const [shown] = (await engineer.call(writeBackApi.destinations, {})).rows.filter((d) => d.id === destinationId)
  expect(shown).toMatchObject({ waiting: 3, refused: 0, lastError: expect.stringContaining('unreachable') })

  await his.open()
  await later(() => stateOf()).toEqual(all('sent', 3))
  expect([his.heard, emr.heard]).toEqual([ids, others])
  await emr.close()
})

test('the line of a destination that is switched off only waits, and goes in order once it is on again', async () => {
  const other = await destinationAt(`EMR ${newId()}`, his.port)
  await switchTo(false)
  const ids = await enqueue(3)
  const others = await enqueue(2, other)

  await later(() => stateOf(other)).toEqual(all('sent', 2))
  expect([await stateOf(), his.heard]).toEqual([all('waiting', 3), others])

  await switchTo(true)
  await expect.poll(() => stateOf(), wait).toEqual(all('sent', 3))
  expect(his.heard).toEqual([...others, ...ids])
})

test('an answer that is lost lets the message come again with the same control id, and nothing overtakes it', async () => {
  his.behave('loseAnswer')
  const ids = await enqueue(2)
  await later(async () => his.heard.length).toBeGreaterThanOrEqual(3)
  expect(new Set(his.heard)).toEqual(new Set([ids[0]]))

  his.behave('accepted')
  await later(() => stateOf()).toEqual(all('sent', 2))

  expect([...new Set(his.heard)]).toEqual(ids)
  expect(his.heard.filter((id) => id === ids[1])).toHaveLength(1)
})

test('a message that is rejected is set aside, the next one goes, and by hand it goes again', async () => {
  his.behave('rejected')
  const [refused = '', next = ''] = await enqueue(2)
  await expect.poll(() => stateOf(), wait).toEqual(all('refused', 2))
  his.behave('accepted')
  const [third = ''] = await enqueue(1)
  await expect.poll(() => stateOf(), wait).toEqual(['refused', 'refused', 'sent'])

  const again = await engineer.call(writeBackApi.sendAgain, { destinationId, eventId: refused })

  expect(again).toMatchObject({ eventId: refused, patientId })
  await expect.poll(() => stateOf(), wait).toEqual(['sent', 'refused', 'sent'])
  expect(his.heard).toEqual([refused, next, third, refused])
  await expect(engineer.call(writeBackApi.sendAgain, { destinationId, eventId: refused })).rejects.toMatchObject({
    code: 'integration.notRefused',
  })
  expect(
    (await house.sql('select 1 from house.audit where action = $1 and patient_id = $2', ['integration.sendAgain', patientId])).length,
  ).toBeGreaterThan(0)
})

test('an error of the other side is tried again some times before the message is set aside', async () => {
  his.behave('error')
  const [id = ''] = await enqueue(1)

  await later(() => stateOf()).toEqual(['refused'])

  expect(his.heard).toEqual(all(id, 3))
})

test('a courier that dies on the way is followed by another after its lease, with the same control id', async () => {
  await courier.stop()
  const [id = ''] = await enqueue(1)
  await house.sql('update integration.outgoing set leased_until = $1::timestamptz, attempts = 1 where event_id = $2', [
    new Date(house.now().getTime() + 60_000),
    id,
  ])
  courier = startWriteBack(house.house)
  const [another = ''] = await enqueue(1, await destinationAt(`第二家 ${newId()}`, his.port)) // proves that it goes its rounds
  await expect.poll(() => his.heard, wait).toEqual([another])

  house.advance({ minutes: 2 })

  await expect.poll(() => stateOf(), wait).toEqual(['sent'])
  expect(his.heard).toEqual([another, id])
})

test('two couriers at once send nothing twice', async () => {
  const second = startWriteBack(house.house)

  const ids = await enqueue(8)
  await expect.poll(() => stateOf(), wait).toEqual(all('sent', 8))

  await second.stop()
  expect(his.heard).toEqual(ids)
})

test('what leads to this machine gets nothing once that is not allowed, however it was set up, and its line says why', async () => {
  allowLoopback(false)
  await enqueue(1)

  await later(async () => (await engineer.call(writeBackApi.outgoing, { destinationId, limit: 10 })).rows[0]?.error).toBe(
    'mllp: closedAddress',
  )

  expect([his.heard, await stateOf()]).toEqual([[], ['waiting']])
  const { missing } = await house.inside((ctx) => knockDestinations(ctx))
  expect(missing).toEqual([expect.stringContaining('(closedAddress)')])
  allowLoopback(true)
  await later(() => stateOf()).toEqual(['sent'])
})
