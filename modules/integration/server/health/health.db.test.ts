import { encounters } from '@renxin/encounters'
import { newId } from '@renxin/kernel'
import { patients } from '@renxin/patients'
import { openHouse } from '@renxin/server/testing'
import { staff } from '@renxin/staff'
import { expect, test } from 'vitest'
import { healthApi } from '../../health-contract.ts'
import { viewsApi } from '../../views-contract.ts'
import { doorHeard, doorSilent, importSender, ingest, integration, readFrame } from '../index.ts'
import { messageOf } from '../stay-of-test.ts'

const house = await openHouse([staff, patients, encounters, integration], { now: '2026-09-04T08:00+08:00', poolSize: 1 })
const engineer = house.who('integration.read', 'integration.manage')
const { id: senderId } = await house.inside((ctx) => importSender(ctx, {}, { application: 'HIS', facility: '甲院' }))
const door = `sender:${senderId}`
const doorNow = async () => (await engineer.call(healthApi.doors, {})).rows.find((d) => d.door === door)

/** Four weeks in which the system says something every ten minutes by day and nothing between 22:00 and 06:00. */
async function fourWeeks(before: Date) {
  await house.sql(
    `insert into integration.messages (id, sender_id, control_id, content_hash, received_at, sent_at, type, event, charset, body, status, reason)
     select (lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0') || '7' || substr(md5(at::text), 1, 3) || '8' || substr(md5(at::text), 4, 15))::uuid,
       $1, 'C' || extract(epoch from at), sha256(at::text::bytea), at, at - interval '4 seconds', 'ADT', 'A08', 'utf-8', '\\x00010203',
       case when extract(minute from at) = 0 then 'waiting' else 'applied' end, case when extract(minute from at) = 0 then 'noVisitNumber' end
     from generate_series($2::timestamptz - interval '28 days', $2::timestamptz - interval '10 minutes', interval '10 minutes') as at
     where extract(hour from at at time zone 'Asia/Shanghai') between 6 and 21`,
    [senderId, before],
  )
}
const watch = async (times = 1) => {
  for (let i = 0; i < times; i += 1) await house.tick('integration.watchDoors')
}

test('the past is counted by the hour, however long it is, and a second count changes nothing', async () => {
  expect((await doorNow())?.state).toBe('never')
  await fourWeeks(house.now())
  await watch(20)
  const rows = () =>
    house.sql('select hour_at, messages, troubles, bytes, quiet_seconds from integration.door_hours order by door, hour_at')
  const before = await rows()

  await watch(2)

  expect(await rows()).toEqual(before)
  const [total] = await house.sql('select sum(messages)::int as n from integration.door_hours')
  const [kept] = await house.sql('select count(*)::int as n from integration.messages')
  expect(total).toEqual(kept)
  const at = async (hour: string) =>
    (await house.sql('select messages, troubles, quiet_seconds from integration.door_hours where hour_at = $1::timestamptz', [hour]))[0]
  expect(await at('2026-09-03T10:00+08:00')).toEqual({ messages: 6, troubles: 1, quiet_seconds: 600 })
  expect(await at('2026-09-03T02:00+08:00')).toEqual({ messages: 0, troubles: 0, quiet_seconds: 5 * 3600 + 600 })
  expect(await at('2026-09-03T06:00+08:00')).toEqual({ messages: 6, troubles: 1, quiet_seconds: 8 * 3600 + 600 })
})

test('a door shows its last message, what this hour has and usually has, its lag and what waits', async () => {
  expect(await doorNow()).toMatchObject({
    kind: 'sender',
    objectId: senderId,
    state: 'trouble', // messages wait for a person
    lastAt: '2026-09-03T23:50:00.000Z',
    thisHour: 0,
    usual: 6,
    lagSeconds: 4,
    quietSeconds: 600,
    floorMinutes: 30,
  })
  const day = (await engineer.call(healthApi.throughput, { door })).rows
  expect([day.length, day.at(-1)?.messages, day.at(-2)?.messages, day.reduce((n, p) => n + p.messages, 0)]).toEqual([24, 0, 6, 15 * 6])
  const month = (await engineer.call(healthApi.throughput, { span: 'month' })).rows
  expect([month.length, month.at(-2)?.messages]).toEqual([30, 16 * 6])
  expect(await engineer.call(healthApi.inboxSize, {})).toMatchObject({ messages: 28 * 16 * 6, bytes: 28 * 16 * 6 * 4, keepDays: 90 })
})

test('a door that is quiet for longer than it ever was at this hour alarms once, and once more when it is heard again', async () => {
  await house.sql(`update integration.messages set status = 'applied', reason = null`)
  house.advance({ minutes: 15 })
  await watch()
  expect((await doorNow())?.state).toBe('fine') // 25 minutes: longer than ever, and below the floor
  expect(await house.events(doorSilent)).toEqual([])

  house.advance({ minutes: 10 })
  await watch(3)
  expect(await doorNow()).toMatchObject({ state: 'silent', silentSince: '2026-09-03T23:50:00.000Z' })
  expect(await house.events(doorSilent)).toEqual([{ door, kind: 'sender', since: '2026-09-03T23:50:00.000Z' }])

  const text = messageOf({ event: 'A31', sentAt: '20260904082500', visit: undefined })
  await house.inside((ctx) => ingest(ctx, readFrame(Buffer.from(text))))
  await watch(2)
  expect((await doorNow())?.state).toBe('fine')
  expect(await house.events(doorHeard)).toEqual([{ door, kind: 'sender', at: house.now().toISOString() }])
})

test('a night without messages is no alarm, and the hours of an outage do not teach that silence is usual', async () => {
  house.setNow('2026-09-05T03:00+08:00') // nothing since 08:25: an outage through the day
  await watch(2)
  expect((await doorNow())?.state).toBe('silent')
  const [alarms] = await house.sql('select count(*)::int as n from integration.door_hours where is_alarm')
  expect(alarms?.n).toBeGreaterThan(15)

  house.setNow('2026-09-05T14:00+08:00')
  await fourWeeksAgain()
  expect((await doorNow())?.quietSeconds).toBe(600)
})

/** One message, so that it is heard again, and the counts brought up to now. */
async function fourWeeksAgain() {
  const text = messageOf({ event: 'A31', sentAt: '20260905135900', visit: undefined })
  await house.inside((ctx) => ingest(ctx, readFrame(Buffer.from(text))))
  await watch(2)
}

test('the floor is set by door, and a door that is not there has none', async () => {
  await engineer.call(healthApi.saveFloor, { door, floorMinutes: 240 })
  house.advance({ hours: 3 })
  await watch()
  expect(await doorNow()).toMatchObject({ state: 'fine', floorMinutes: 240 })
  await expect(engineer.call(healthApi.saveFloor, { door: `sender:${newId()}`, floorMinutes: 5 })).rejects.toMatchObject({
    code: 'integration.doorNotFound',
  })
  const stranger = await house.stranger('integration.read', 'integration.manage')
  expect((await stranger.call(healthApi.doors, {})).rows).toEqual([])
  expect((await stranger.call(healthApi.inboxSize, {})).messages).toBe(0)
})

test('a view that is read without fault but in which nothing has changed for longer than ever is silent, and heard again with the next change', async () => {
  const [sourceId, viewId] = [newId(), newId()]
  const place = { kind: 'postgres', host: 'his', port: 5432, database: 'his', username: 'reader', password: 'x', tls: false } as const
  await engineer.call(viewsApi.saveSource, { id: sourceId, name: 'HIS', ...place, charset: 'declared', authority: '', isActive: true })
  await house.sql(
    `insert into integration.views (id, source_id, subject, relation, keys, mapping, codes, every_seconds, changed_at, next_at, last_ok_at)
     values ($1, $2, 'discharges', '{"schema":"public","name":"v"}', '{id}', '{}', '{}', 300, $3, $3, $3)`,
    [viewId, sourceId, house.now()],
  )
  const changes = (from: string, to: string) =>
    house.sql(
      `insert into integration.view_arrivals (view_id, at, rows, troubles)
       select $1, at, 3, 0 from generate_series($2::timestamptz, $3::timestamptz, interval '30 minutes') as at`,
      [viewId, from, to],
    )
  const view = async () => (await engineer.call(healthApi.doors, {})).rows.find((d) => d.door === `view:${viewId}`)
  const state = async () => (await view())?.state
  const at = house.now()
  const before = (minutes: number) => new Date(at.getTime() - minutes * 60_000).toISOString()
  await changes(before(20 * 24 * 60), before(10))
  await house.sql('delete from integration.door_hours') // the past is counted anew
  await watch(20)

  expect(await view()).toMatchObject({ name: 'HIS', subject: 'discharges' })
  expect(await state()).toBe('fine')
  house.advance({ hours: 3 })
  await house.sql('update integration.views set last_ok_at = $2 where id = $1', [viewId, house.now()])
  await watch()
  expect(await state()).toBe('silent')
  expect((await house.events(doorSilent)).map((e) => e.door)).toContain(`view:${viewId}`)

  await changes(house.now().toISOString(), house.now().toISOString())
  house.advance({ minutes: 1 })
  await watch()
  expect(await state()).toBe('fine')
})
