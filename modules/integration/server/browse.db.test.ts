import { encounters } from '@renxin/encounters'
import { patients } from '@renxin/patients'
import { openHouse } from '@renxin/server/testing'
import { staff } from '@renxin/staff'
import { expect, test } from 'vitest'
import { integrationApi } from '../contract.ts'
import { importSender, ingest, integration, readFrame } from './index.ts'
import { messageOf, profileOfTest, type Said } from './stay-of-test.ts'

const house = await openHouse([staff, patients, encounters, integration], { now: '2025-11-20T09:00+08:00', poolSize: 1 })
const engineer = house.who('integration.read', 'integration.mend', 'integration.manage')
const { id: senderId } = await house.inside((ctx) => importSender(ctx, profileOfTest, { application: 'HIS', facility: '甲院' }))

let stays = 0
const newStay = () => {
  stays += 1
  const stay = { record: `B${stays}`, visit: `BV${stays}`, name: `周${stays}`, ward: '内科', bed: '3' }
  return (said: Pick<Said, 'event' | 'sentAt'> & Partial<Said>) => messageOf({ ...stay, ...said })
}
/** Takes a message as the door would; its id. */
async function send(text: string): Promise<string> {
  house.advance({ seconds: 1 })
  await house.inside((ctx) => ingest(ctx, readFrame(Buffer.from(text))))
  const { rows } = await engineer.call(integrationApi.messages, { limit: 1 })
  return rows[0]?.id ?? ''
}
const changesOf = async (id: string) => {
  const { changes, unchanged } = await engineer.call(integrationApi.raw, { id })
  return { changes: changes.map((c) => [c.field, c.before, c.value, c.outcome]), unchanged }
}

test('a message shows what it changed beside those before it, field by field', async () => {
  const say = newStay()
  const admit = await send(say({ event: 'A01', sentAt: '20251101093012', nursing: '3' }))
  const worse = await send(say({ event: 'A08', sentAt: '20251103093012', nursing: '2', bed: '5' }))
  const same = await send(say({ event: 'A08', sentAt: '20251104093012', nursing: '2', bed: '5' }))
  const phone = await send(say({ event: 'A31', sentAt: '20251105093012', visit: undefined, phone: '13900000222' }))
  const home = await send(
    say({ event: 'A03', sentAt: '20251110160020', nursing: '2', bed: '5', phone: '13900000222', discharge: '20251110160000' }),
  )

  expect((await changesOf(admit)).changes).toContainEqual(['status', null, 'inProgress', 'new'])
  expect((await changesOf(worse)).changes).toEqual([
    ['bed', '3', '5', 'changed'],
    ['nursingLevel', '二级', '一级', 'changed'],
  ])
  expect(await changesOf(same)).toEqual({ changes: [], unchanged: expect.any(Number) })
  expect((await changesOf(phone)).changes).toEqual([['phones', expect.stringContaining('111'), expect.stringContaining('222'), 'changed']])
  expect((await changesOf(home)).changes).toEqual([
    ['status', 'inProgress', 'discharged', 'changed'],
    ['dischargedAt', null, '2025-11-10T08:00:00.000Z', 'new'],
  ])
})

test('a message that comes late says what was not taken, since a newer one had come', async () => {
  const say = newStay()
  await send(say({ event: 'A01', sentAt: '20251101093012' }))
  await send(say({ event: 'A08', sentAt: '20251103093012', bed: '7' }))
  const late = await send(say({ event: 'A08', sentAt: '20251102093012', bed: '5' }))

  expect((await changesOf(late)).changes).toEqual([['bed', '3', '5', 'overtaken']])
})

test('a message of no use and one that failed changed nothing', async () => {
  const say = newStay()
  const swap = await send(say({ event: 'A20', sentAt: '20251101093012' }))
  const nobody = await send(say({ event: 'A01', sentAt: '20251101093012', record: '' }))

  expect(await changesOf(swap)).toEqual({ changes: [], unchanged: 0 })
  expect(await changesOf(nobody)).toEqual({ changes: [], unchanged: 0 })
})

test('what is to be settled is counted by its cause, found by it, and read again all at once', async () => {
  const say = newStay()
  const admit = await send(say({ event: 'A01', sentAt: '20251101093012', nursing: '9', controlId: 'NINE' }))
  const { rows } = await engineer.call(integrationApi.causes, { senderId })
  expect(rows).toEqual([
    { cause: 'noPatientId', messages: 1 },
    { cause: 'notes', messages: 1 },
  ])
  expect((await engineer.call(integrationApi.messages, { cause: 'notes' })).rows.map((m) => [m.id, m.hasNotes])).toEqual([[admit, true]])
  expect((await engineer.call(integrationApi.messages, { status: 'unsettled' })).rows.map((m) => m.reason)).toEqual(['noPatientId'])
  for (const number of ['NINE', `BV${stays}`])
    expect((await engineer.call(integrationApi.messages, { number })).rows.map((m) => m.id)).toEqual([admit])

  expect(await engineer.call(integrationApi.replayAll, { cause: 'notes' })).toEqual({ settled: 0, unsettled: 1, next: null })
  const mapping = { ...profileOfTest, codes: { nursing: { '9': '三级' } } }
  const settings = { name: 'HIS', charset: 'auto', zone: null, replyMode: 'auto', isActive: true } as const
  await engineer.call(integrationApi.saveSender, { id: senderId, ...settings, mapping })
  expect(await engineer.call(integrationApi.replayAll, { cause: 'notes', senderId })).toEqual({ settled: 1, unsettled: 0, next: null })
})

test('old messages are let go; those that wait or failed stay, and one that comes again changes nothing', async () => {
  const say = newStay()
  const text = say({ event: 'A01', sentAt: '20251101093012' })
  const applied = await send(text)
  const waiting = await send(say({ event: 'A01', sentAt: '20251101093012', visit: '' }))
  const ids = async () => (await house.sql<{ id: string }>('select id from integration.messages')).map((m) => m.id)
  const stay = () => house.sql('select * from encounters.cards where number = $1', [`BV${stays}`])
  const before = await stay()
  expect(await engineer.call(integrationApi.retention, {})).toEqual({ keepDays: 90 })

  house.advance({ days: 60 })
  const later = await send(say({ event: 'A31', sentAt: '20260118' }))
  house.advance({ days: 29 })
  await house.tick('integration.clearMessages')
  expect(await ids()).toContain(applied)

  house.advance({ days: 2 })
  await house.tick('integration.clearMessages')
  const kept = await ids()
  expect([kept.includes(applied), kept.includes(waiting), kept.includes(later)]).toEqual([false, true, true])

  await send(text)
  expect(await stay()).toEqual(before)

  await engineer.call(integrationApi.saveRetention, { keepDays: 30 })
  await house.tick('integration.clearMessages')
  expect(await ids()).not.toContain(later)
  await expect(house.who('integration.read').call(integrationApi.saveRetention, { keepDays: 7 })).rejects.toMatchObject({
    code: 'house.forbidden',
  })
})
