import { access } from '@renxin/access'
import { encounters } from '@renxin/encounters'
import { newId } from '@renxin/kernel'
import { patients } from '@renxin/patients'
import { inHospital } from '@renxin/server'
import { openHouse } from '@renxin/server/testing'
import { staff } from '@renxin/staff'
import { expect, test } from 'vitest'
import { integrationApi } from '../../contract.ts'
import { deadLettersApi, type Like, type Remedy } from '../../dead-letters-contract.ts'
import { importSender, ingest, integration, readFrame } from '../index.ts'
import { messageOf, type Said } from '../stay-of-test.ts'

const house = await openHouse([access, staff, patients, encounters, integration], { now: '2025-11-20T09:00+08:00', poolSize: 2 })
const engineer = house.who('integration.read', 'integration.mend', 'integration.manage', { name: '吴工' })
const mender = house.who('integration.read', 'integration.mend')

let senders = 0
/** A sender of its own for each test, so that none disturbs another. */
async function newSender() {
  senders += 1
  const facility = `${senders}院`
  const { id } = await house.inside((ctx) => importSender(ctx, {}, { application: 'HIS', facility }))
  let sent = 0
  const send = async (count: number, said: Partial<Said> & Pick<Said, 'event'>, change = (text: string) => text) => {
    const texts = Array.from({ length: count }, () => {
      sent += 1
      const record = said.record ?? `${senders}R${sent}`
      const whole = { sentAt: '20251101093012', name: `周${sent}`, visit: `${senders}V${sent}`, ...said, record }
      return change(messageOf(whole).replace('|甲院|', `|${facility}|`))
    })
    house.advance({ seconds: 1 })
    for (let at = 0; at < count; at += 100)
      await house.inside((ctx) =>
        ingest(
          ctx,
          texts.slice(at, at + 100).flatMap((text) => readFrame(Buffer.from(text))),
        ),
      )
  }
  return { id, facility, send }
}
const groupsOf = async (senderId: string) => (await engineer.call(deadLettersApi.groups, {})).rows.filter((g) => g.senderId === senderId)
const statesOf = (senderId: string) =>
  house.sql<{ status: string; n: number }>(
    'select status, count(*)::int as n from integration.messages where sender_id = $1 group by 1 order by 1',
    [senderId],
  )
const remedy = (like: Like, how: Remedy, reason = '对方改了字段') =>
  engineer.call(deadLettersApi.remedy, { id: newId(), like, remedy: how, reason })
/** Moves the visit number from PV1-19 to PV1-50, as a system does that puts it in another place. */
const elsewhere = (text: string) =>
  text
    .split('\r')
    .map((line) => {
      if (!line.startsWith('PV1')) return line
      const fields = line.split('|')
      const number = fields[19] ?? ''
      return [...Array.from({ length: 50 }, (_, i) => (i === 19 ? '' : (fields[i] ?? ''))), number].join('|')
    })
    .join('\r')

test('three hundred messages of one cause are put right by one place in the mapping, in one action, within seconds, each with its trace', async () => {
  const { id, send } = await newSender()
  await send(300, { event: 'A01' }, elsewhere)
  const [group] = await groupsOf(id)
  expect(group).toMatchObject({ cause: 'noVisitNumber', messages: 300, place: { field: 'visitNo', text: 'PV1-19.1' } })
  const like = { senderId: id, cause: 'noVisitNumber' } as const
  const how = { kind: 'place', field: 'visitNo', text: 'PV1-19.1 or PV1-50.1' } as const

  const tried = await engineer.call(deadLettersApi.tryRemedy, { like, remedy: how })
  expect(tried.total).toBe(300)
  expect(tried.rows.map((r) => [r.before.status, r.after.status])).toEqual(Array(5).fill(['waiting', 'applied']))
  expect(await statesOf(id)).toEqual([{ status: 'waiting', n: 300 }])

  const began = performance.now()
  const run = await remedy(like, how)
  const seconds = (performance.now() - began) / 1000

  expect(run).toMatchObject({ status: 'done', total: 300, settled: 300, unsettled: 0, startedBy: '吴工' })
  expect(seconds).toBeLessThan(10)
  expect(await statesOf(id)).toEqual([{ status: 'applied', n: 300 }])
  expect(await groupsOf(id)).toEqual([])
  const [traces] = await house.sql(
    `select count(*)::int as n, count(distinct a.object_id)::int as messages, count(distinct a.patient_id)::int as patients, min(a.reason) as reason, min(a.actor_name) as name
     from house.audit a join integration.messages m on m.id::text = a.object_id where a.action = 'integration.mend' or a.action = 'integration.replay' and m.sender_id = $1`,
    [id],
  )
  expect(traces).toEqual({ n: 300, messages: 300, patients: 300, reason: '对方改了字段', name: '吴工' })
  const [by] = await house.sql('select distinct mended_by, mend_reason from integration.messages where sender_id = $1', [id])
  expect(by).toEqual({ mended_by: engineer.id, mend_reason: '对方改了字段' })
  await send(1, { event: 'A01' }, elsewhere)
  expect(await statesOf(id)).toEqual([{ status: 'applied', n: 301 }]) // what comes from now on is read by it too
})

test('words that stand wrong in every text are replaced by one rule, tried first, and the texts that came stay', async () => {
  const { id, send } = await newSender()
  await send(3, { event: 'A01' }, (text) => text.replace('ADT^A01', '^A01'))
  await send(1, { event: 'A01', visit: '' })
  const like = { senderId: id, cause: 'noType' } as const
  const rule = { kind: 'text', segment: 'MSH', find: '|^A01', replace: '|ADT^A01' } as const

  const tried = await engineer.call(deadLettersApi.tryRemedy, { like, remedy: rule })
  expect(tried.rows).toHaveLength(3)
  expect(tried.rows[0]?.lines).toEqual([{ before: expect.stringContaining('|^A01'), after: expect.stringContaining('|ADT^A01') }])
  const nothing = await engineer.call(deadLettersApi.tryRemedy, { like, remedy: { ...rule, segment: 'PID' } })
  expect(nothing.rows.map((r) => [r.lines, r.after.status])).toEqual(Array(3).fill([[], 'failed']))

  expect(await remedy(like, rule)).toMatchObject({ kind: 'mend', total: 3, settled: 3 })

  const { rows } = await engineer.call(integrationApi.messages, { senderId: id, byHand: 'yes' })
  expect(rows.map((m) => m.status)).toEqual(Array(3).fill('applied'))
  const raw = await engineer.call(integrationApi.raw, { id: rows[0]?.id ?? '' })
  expect([raw.text.includes('|^A01'), raw.mended?.includes('|ADT^A01')]).toEqual([true, true])
  expect((await groupsOf(id)).map((g) => [g.cause, g.messages])).toEqual([['noVisitNumber', 1]])
})

test('codes without a meaning are counted by sender, field and code, and one click gives a meaning and reads again what used it', async () => {
  const { id, send } = await newSender()
  await engineer.call(integrationApi.saveSender, {
    id, name: `HIS ${id}`, charset: 'auto', zone: null, replyMode: 'auto', isActive: true, mapping: { nursingLevel: 'ZPV-1' },
  }) // biome-ignore format: one line of fields
  await send(4, { event: 'A01', nursing: '9' })
  await send(2, { event: 'A01', nursing: '8' })
  const unmapped = async () => (await engineer.call(deadLettersApi.unmapped, {})).rows.filter((u) => u.senderId === id)
  expect((await unmapped()).map((u) => [u.field, u.code, u.times])).toEqual([
    ['nursingLevel', '9', 4],
    ['nursingLevel', '8', 2],
  ])
  expect((await unmapped())[0]?.meanings).toContain('特级')
  expect((await groupsOf(id)).map((g) => [g.cause, g.field, g.code, g.messages])).toEqual([
    ['notes', 'nursingLevel', '9', 4],
    ['notes', 'nursingLevel', '8', 2],
  ])

  const like = { senderId: id, cause: 'notes', field: 'nursingLevel', code: '9' } as const
  const run = await remedy(like, { kind: 'meaning', field: 'nursingLevel', code: '9', meaning: '特级' })

  expect(run).toMatchObject({ total: 4, settled: 4, unsettled: 0 })
  expect((await unmapped()).map((u) => u.code)).toEqual(['8'])
  expect(
    await house.sql('select nursing_level as level, count(*)::int as n from encounters.cards where number like $1 group by 1 order by 2', [
      `${senders}V%`,
    ]),
  ).toEqual([
    { level: null, n: 2 },
    { level: '特级', n: 4 },
  ])
  await expect(remedy(like, { kind: 'meaning', field: 'nursingLevel', code: '9', meaning: '很高级' })).rejects.toMatchObject({
    code: 'integration.badMapping',
  })
})

test('all alike are set aside at once with a reason, and a replay leaves them where they are', async () => {
  const { id, send } = await newSender()
  await send(5, { event: 'A01', visit: '' })
  const like = { senderId: id, cause: 'noVisitNumber' } as const

  expect(await remedy(like, { kind: 'aside' }, '测试数据')).toMatchObject({ kind: 'aside', settled: 5 })
  expect(await statesOf(id)).toEqual([{ status: 'ignored', n: 5 }])
  const [message] = (await engineer.call(integrationApi.messages, { senderId: id })).rows
  expect(await engineer.call(integrationApi.message, { id: message?.id ?? '' })).toMatchObject({
    reason: 'setAside',
    mendReason: '测试数据',
  })

  const again = await engineer.call(deadLettersApi.startReplay, { id: newId(), like: { senderId: id }, reason: '重读一遍' })
  expect(again).toMatchObject({ total: 0, status: 'done' })
})

test('a replay is counted first, by sender, days and events; it goes on after a fall and reads each message once', async () => {
  const { id, send } = await newSender()
  await send(700, { event: 'A01' })
  await send(60, { event: 'A31', visit: undefined })
  const like: Like = { senderId: id, events: ['ADT^A01'], from: '2025-11-20', to: '2025-11-20' }
  expect(await engineer.call(deadLettersApi.countReplay, { like })).toEqual({ messages: 700 })
  expect(await engineer.call(deadLettersApi.countReplay, { like: { ...like, events: ['A31'] } })).toEqual({ messages: 60 })
  expect(await engineer.call(deadLettersApi.countReplay, { like: { ...like, from: '2025-11-21', to: '2025-11-22' } })).toEqual({
    messages: 0,
  })

  const runId = newId()
  const started = await engineer.call(deadLettersApi.startReplay, { id: runId, like, reason: '新的对应关系' })
  expect(started).toMatchObject({ status: 'running', total: 700, settled: 500 })
  await send(5, { event: 'A01' }) // comes after the start, and is no part of it

  // A step that dies leaves nothing, and the next begins where the last ended.
  await expect(
    inHospital(house.house, house.hospitalId, async (ctx) => {
      await integration.ticks.find((t) => t.name === 'integration.runs')?.run(ctx)
      throw new Error('the server falls')
    }),
  ).rejects.toThrow('falls')
  await house.tick('integration.runs')
  await house.tick('integration.runs')

  const [run] = (await engineer.call(deadLettersApi.runs, {})).rows.filter((r) => r.id === runId)
  expect(run).toMatchObject({ status: 'done', settled: 700, unsettled: 0 })
  const reads = await house.sql(
    `select event, attempts, count(*)::int as n from integration.messages where sender_id = $1 group by 1, 2 order by 1, 2`,
    [id],
  )
  expect(reads).toEqual([
    { event: 'A01', attempts: 1, n: 5 },
    { event: 'A01', attempts: 2, n: 700 },
    { event: 'A31', attempts: 1, n: 60 },
  ])
  const [trace] = await house.sql(
    `select count(distinct object_id)::int as n from house.audit where action = 'integration.replay' and detail ->> 'run' = $1 and actor_id = $2`,
    [runId, engineer.id],
  )
  expect(trace).toEqual({ n: 700 })
})

test('a run is stopped by a person, and what was read stays read', async () => {
  const { id, send } = await newSender()
  await send(600, { event: 'A01' })
  const runId = newId()
  await engineer.call(deadLettersApi.startReplay, { id: runId, like: { senderId: id }, reason: '点错了' })

  expect(await engineer.call(deadLettersApi.stopRun, { id: runId })).toMatchObject({ status: 'stopped', settled: 500 })
  await house.tick('integration.runs')

  const reads = await house.sql(
    'select attempts, count(*)::int as n from integration.messages where sender_id = $1 group by 1 order by 1',
    [id],
  )
  expect(reads).toEqual([
    { attempts: 1, n: 100 },
    { attempts: 2, n: 500 },
  ])
  await expect(engineer.call(deadLettersApi.stopRun, { id: runId })).rejects.toMatchObject({ code: 'integration.runFinished' })
})

test('sent twice, a remedy is started once; who may not manage changes no mapping; another hospital sees none of it', async () => {
  const { id, send } = await newSender()
  await send(2, { event: 'A01' }, elsewhere)
  const like = { senderId: id, cause: 'noVisitNumber' } as const
  const place = { kind: 'place', field: 'visitNo', text: 'PV1-50.1' } as const
  const asked = { id: newId(), like, remedy: { kind: 'read' }, reason: '再读一次' } as const

  await expect(mender.call(deadLettersApi.remedy, { ...asked, remedy: place })).rejects.toMatchObject({ code: 'house.forbidden' })
  await expect(engineer.call(deadLettersApi.remedy, { ...asked, like: { cause: 'noVisitNumber' }, remedy: place })).rejects.toMatchObject({
    code: 'integration.remedyNeedsSender',
  })
  for (let times = 0; times < 2; times += 1) await mender.call(deadLettersApi.remedy, asked)

  const reads = await house.sql('select attempts from integration.messages where sender_id = $1', [id])
  expect(reads).toEqual([{ attempts: 2 }, { attempts: 2 }])
  const stranger = await house.stranger('integration.read', 'integration.mend')
  expect((await stranger.call(deadLettersApi.groups, {})).rows).toEqual([])
  expect((await stranger.call(deadLettersApi.runs, {})).rows).toEqual([])
  await expect(stranger.call(deadLettersApi.stopRun, { id: asked.id })).rejects.toMatchObject({ code: 'integration.runNotFound' })
})
