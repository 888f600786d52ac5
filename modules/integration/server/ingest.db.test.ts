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
await house.inside((ctx) => importSender(ctx, profileOfTest, { application: 'HIS', facility: '甲院' }))

const send = async (...texts: string[]) =>
  (
    await house.inside((ctx) =>
      ingest(
        ctx,
        texts.flatMap((t) => readFrame(Buffer.from(t))),
      ),
    )
  ).map((t) => t.status)
let number = 0
const newStay = () => {
  number += 1
  const stay = { record: `R${number}`, visit: `V${number}` }
  return (said: Pick<Said, 'event' | 'sentAt'> & Partial<Said>) =>
    messageOf({ ...stay, ward: '内科', bed: '3', name: `钱${number}号`, ...said })
}
const visitOf = async (n = number) =>
  (
    await house.sql<Record<string, unknown>>(
      'select number, status, bed, nursing_level, ever_level_one, discharged_at, patient_id from encounters.cards where number = $1',
      [`V${n}`],
    )
  )[0]
const find = async (input: Parameters<typeof engineer.call<typeof integrationApi.messages>>[1]) =>
  (await engineer.call(integrationApi.messages, input)).rows

test('a message sent twice is taken once, in one packet or in two', async () => {
  const admit = newStay()({ event: 'A01', sentAt: '20251101093012' })

  expect(await send(admit, admit)).toEqual(['applied', 'duplicate'])
  expect(await send(admit, admit.replaceAll('\r', '\r\n'))).toEqual(['duplicate', 'duplicate'])
  expect(await find({ number: `V${number}` })).toHaveLength(1)
})

test('what a message changed is in the audit of its patient, once, with the message', async () => {
  const admit = newStay()({ event: 'A01', sentAt: '20251101093012' })

  await send(admit, admit)

  const [message] = await find({ number: `V${number}` })
  expect(
    await house.sql('select object_id, actor_id, actor_name from house.audit where action = $1 and patient_id = $2', [
      'integration.applied',
      message?.patientId,
    ]),
  ).toEqual([{ object_id: message?.id, actor_id: null, actor_name: 'system' }])
})

test('a control id that comes again with other content is another message, and the sender is marked', async () => {
  const say = newStay()

  expect(
    await send(
      say({ event: 'A01', sentAt: '20251101093012', controlId: 'AGAIN' }),
      say({ event: 'A08', sentAt: '20251101100000', controlId: 'AGAIN', bed: '4' }),
    ),
  ).toEqual(['applied', 'applied'])
  expect((await visitOf())?.bed).toBe('4')
  expect((await find({ reused: 'yes' })).map((m) => m.controlId)).toEqual(['AGAIN'])
  const { rows } = await engineer.call(integrationApi.senders, {})
  expect(rows.map((s) => s.reusedControlIds)).toEqual([1])
})

test('one bad message in a batch spoils no other, and waits with its reason', async () => {
  const [good, bad, also] = [newStay(), newStay(), newStay()]

  const became = await send(
    good({ event: 'A01', sentAt: '20251101093012' }),
    bad({ event: 'A01', sentAt: '20251101093012' }).replace(`钱${number}号`, '\\X00\\'),
    also({ event: 'A01', sentAt: '20251101093012' }),
  )

  expect(became).toEqual(['applied', 'failed', 'applied'])
  expect(await visitOf(number)).toMatchObject({ status: 'inProgress' })
  expect(await visitOf(number - 1)).toBeUndefined()
  const [row] = await find({ status: 'failed', number: `V${number - 1}` })
  expect(row?.reason).toBe('unexpected')

  const raw = await engineer.call(integrationApi.raw, { id: row?.id ?? '' })
  const mended = await engineer.call(integrationApi.mend, {
    id: row?.id ?? '',
    text: raw.text.replace('\\X00\\', '孙可望'),
    reason: '名字里有乱码',
  })

  expect(mended).toMatchObject({ status: 'applied', isMended: true, attempts: 2 })
  expect(await visitOf(number - 1)).toMatchObject({ status: 'inProgress' })
  const after = await engineer.call(integrationApi.raw, { id: row?.id ?? '' })
  expect([after.text === raw.text, after.mended?.includes('孙可望'), after.facts.some((f) => f.value === '孙可望')]).toEqual([
    true,
    true,
    true,
  ])
  await expect(engineer.call(integrationApi.mend, { id: row?.id ?? '', text: raw.text, reason: '再改一次' })).rejects.toMatchObject({
    code: 'integration.alreadySettled',
  })
})

test('without a visit number the person is known and the visit waits, until somebody writes it in', async () => {
  const say = newStay()

  expect(await send(say({ event: 'A01', sentAt: '20251101093012', visit: '' }))).toEqual(['waiting'])
  const waiting = (await find({ status: 'waiting' }))[0]
  expect(waiting).toMatchObject({ reason: 'noVisitNumber', patientId: expect.any(String) })

  const { text } = await engineer.call(integrationApi.raw, { id: waiting?.id ?? '' })
  const pv1 = text.split('\n').find((l) => l.startsWith('PV1')) ?? ''
  const fields = pv1.split('|')
  fields[19] = `V${number}`
  await engineer.call(integrationApi.mend, { id: waiting?.id ?? '', text: text.replace(pv1, fields.join('|')), reason: '补上就诊号' })

  expect(await visitOf()).toMatchObject({ patient_id: waiting?.patientId })
})

test('a discharge that comes before its admission ends the same', async () => {
  const say = newStay()
  const [admit, worse, home] = [
    say({ event: 'A01', sentAt: '20251101093012', nursing: '3' }),
    say({ event: 'A08', sentAt: '20251103093012', nursing: '2' }),
    say({ event: 'A03', sentAt: '20251110160020', nursing: '3', discharge: '20251110160000' }),
  ]

  for (const one of [home, worse, admit]) await send(one)

  expect(await visitOf()).toMatchObject({
    status: 'discharged',
    nursing_level: '二级',
    ever_level_one: true,
    discharged_at: new Date('2025-11-10T16:00:00+08:00'),
  })
})

test('what is of no use is kept and answered for, and read when its mapping is put right', async () => {
  const say = newStay()
  await send(say({ event: 'A01', sentAt: '20251101093012', nursing: '9' }), say({ event: 'A20', sentAt: '20251101100000' }))
  const [swap, admit] = await find({ number: `V${number}` })

  expect([swap?.status, admit?.status]).toEqual(['ignored', 'applied'])
  expect(await engineer.call(integrationApi.message, { id: admit?.id ?? '' })).toMatchObject({
    notes: [{ code: 'unknownCode', field: 'nursingLevel', value: '9' }],
  })

  const [sender] = (await engineer.call(integrationApi.senders, {})).rows
  if (!sender) throw new Error('no sender')
  const { id, name, charset, zone, replyMode } = sender
  await engineer.call(integrationApi.saveSender, {
    id,
    name,
    charset,
    zone,
    replyMode,
    isActive: true,
    mapping: { nursingLevel: 'ZPV-1', codes: { nursing: { '9': '三级' } } },
  })
  house.advance({ seconds: 1 })
  await engineer.call(integrationApi.replay, { id: admit?.id ?? '' })

  expect(await visitOf()).toMatchObject({ nursing_level: '三级' })
})

test('a sender that was switched off is kept waiting, all of it read at once later', async () => {
  const say = newStay()
  const off = { application: 'HIS', facility: '乙院' }
  await send(say({ event: 'A31', sentAt: '20251101093012', ...off }))
  const sender = (await engineer.call(integrationApi.senders, {})).rows.find((s) => s.facility === '乙院')
  if (!sender) throw new Error('no sender')
  const save = (isActive: boolean) =>
    engineer.call(integrationApi.saveSender, {
      id: sender.id,
      name: '乙',
      mapping: {},
      charset: 'auto',
      zone: null,
      replyMode: 'auto',
      isActive,
    })
  expect(sender.isNew).toBe(true)
  await save(false)

  expect(
    await send(say({ event: 'A01', sentAt: '20251101093012', ...off }), say({ event: 'A08', sentAt: '20251102093012', ...off })),
  ).toEqual(['waiting', 'waiting'])
  await save(true)
  const done = await engineer.call(integrationApi.replayAll, { cause: 'senderInactive', senderId: sender.id })

  expect(done).toEqual({ settled: 2, unsettled: 0, next: null })
  expect(await visitOf()).toMatchObject({ status: 'inProgress' })
})

test('the text of a message is for those who mend, is kept sealed, and its reading leaves a trace', async () => {
  const say = newStay()
  await send(say({ event: 'A01', sentAt: '20251101093012' }))
  const [row] = await find({ number: `V${number}` })
  const reader = house.who('integration.read')

  await expect(reader.call(integrationApi.raw, { id: row?.id ?? '' })).rejects.toMatchObject({ code: 'house.forbidden' })
  await engineer.call(integrationApi.raw, { id: row?.id ?? '' })

  const [kept] = await house.sql<{ body: Buffer }>('select body from integration.messages where id = $1', [row?.id])
  expect(kept?.body.includes(Buffer.from('13900000111'))).toBe(false)
  const trace = await house.sql<{ action: string }>(
    'select action from house.audit where patient_id = $1 and actor_id = $2 and object_id = $3',
    [row?.patientId, engineer.id, row?.id],
  )
  expect(trace.map((t) => t.action)).toContain('integration.raw')
})

test('a mapping is tried on a message before it is used, and a wrong one is refused with what is wrong', async () => {
  const text = newStay()({ event: 'A01', sentAt: '20251101093012', nursing: '1' })

  const tried = await engineer.call(integrationApi.testMapping, { mapping: profileOfTest, text })
  const wrong = await engineer.call(integrationApi.testMapping, { mapping: { ward: 'over there' }, text })

  expect(tried.facts).toContainEqual({ about: 'encounter', field: 'nursingLevel', value: '特级' })
  expect(wrong.problems).toEqual([{ entry: 'ward', text: 'over there', code: 'noPath' }])
  await expect(house.inside((ctx) => importSender(ctx, { ward: 'over there' }, { application: 'X', facility: '' }))).rejects.toMatchObject({
    code: 'integration.badMapping',
  })
})

test('another hospital sees nothing of it', async () => {
  const stranger = await house.stranger('integration.read', 'integration.mend')
  const [row] = await find({})

  expect((await stranger.call(integrationApi.messages, {})).rows).toEqual([])
  await expect(stranger.call(integrationApi.raw, { id: row?.id ?? '' })).rejects.toMatchObject({ code: 'integration.messageNotFound' })
})

test('a person’s number whose division does not exist is taken: the check digit decides', async () => {
  const say = newStay()
  const text = say({ event: 'A01', sentAt: '20251101093012' }).replace('^^^HIS^MR', '^^^HIS^MR~000001195603122154^^^GA^NNCHN')

  expect(await send(text)).toEqual(['applied'])
  const [card] = await house.sql<Record<string, unknown>>(
    'select p.identity_card_valid from patients.patients p where p.medical_record_number = $1',
    [`R${number}`],
  )
  expect(card?.identity_card_valid).toBe(true)
})

test('two files that were merged and are said to be two again are two, whichever of the words comes first', async () => {
  const person = (record: string, event: string, sentAt: string, more: Partial<Said> = {}) =>
    messageOf({ event, sentAt, record, name: `钱${record}`, ...more })
  const words = (n: string) => [
    person(`A${n}`, 'A31', '20251101090000'),
    person(`B${n}`, 'A31', '20251101090000'),
    person(`A${n}`, 'A40', '20251102090000', { merged: `B${n}` }),
    unlinked(`A${n}`, `B${n}`),
  ]
  for (const [n, order] of [
    ['1', [0, 1, 2, 3]],
    ['2', [0, 1, 3, 2]],
    ['3', [3, 2, 1, 0]],
  ] as const) {
    for (const i of order) await send(words(n)[i] ?? '')

    const rows = await house.sql<{ name: string }>(
      'select name from patients.cards where merged_into is null and medical_record_number = any($1) order by name', [[`A${n}`, `B${n}`]]) // biome-ignore format: one thought
    expect(rows.map((r) => r.name)).toEqual([`钱A${n}`, `钱B${n}`])
  }
})

const unlinked = (one: string, other: string) =>
  [
    `MSH|^~\\&|HIS|甲院|CRM||20251103090000||ADT^A37|U${one}|P|2.5||||||UNICODE UTF-8`,
    ...[one, other].map((r) => `PID|1||${r}^^^HIS^MR||钱${r}`),
  ].join('\r')

test('of a swap of beds both are told, and the trace of both is kept', async () => {
  const [first, second] = [newStay(), newStay()]
  const [a, b] = [number - 1, number]
  await send(first({ event: 'A01', sentAt: '20251101090000', bed: '1' }), second({ event: 'A01', sentAt: '20251101090000', bed: '2' }))
  const [half = '', rest = ''] = [
    first({ event: 'A17', sentAt: '20251102090000', bed: '2' }),
    second({ event: 'A17', sentAt: '20251102090000', bed: '1' }),
  ]

  await send(`${half}${rest.slice(rest.indexOf('PID|'))}`)

  expect([(await visitOf(a))?.bed, (await visitOf(b))?.bed]).toEqual(['2', '1'])
  const [swap] = await find({ event: 'A17' })
  expect(
    await house.sql('select patient_id from house.audit where action = $1 and object_id = $2', ['integration.applied', swap?.id]),
  ).toHaveLength(2)
})

test('a result, an order and a summary are kept with the patient and the visit, and the message page says so', async () => {
  const say = newStay()
  await send(say({ event: 'A01', sentAt: '20251101090000' }))
  const head = (type: string, id: string) =>
    `MSH|^~\\&|HIS|甲院|CRM||20251102090000||${type}|${id}|P|2.5||||||UNICODE UTF-8\rPID|1||R${number}^^^HIS^MR\rPV1|1|I${'|'.repeat(17)}V${number}\r`

  const taken = await send(
    `${head('ORU^R01', 'RES1')}OBR|1|P1|L1|BIO^生化|||||||||||||||||||||F\rOBX|1|NM|K^钾||6.8|mmol/L|3.5-5.3|HH|||F\r`,
    `${head('ORM^O01', 'ORD1')}ORC|NW|N1\rOBR|1|N1||HL^一级护理\r`,
    `${head('MDM^T02', 'DOC1')}TXA|1|C0053^出院小结|TX|20251102090000||||||||DS1\rOBX|1|TX|T||一周后复诊\r`,
  )

  expect(taken).toEqual(['applied', 'applied', 'applied'])
  expect(await visitOf()).toMatchObject({ status: 'inProgress', nursing_level: '一级' })
  expect(await house.sql('select kind, visit_number from encounters.reports where number = $1', ['L1'])).toEqual([
    { kind: 'laboratory', visit_number: `V${number}` },
  ])
  const [result] = await find({ event: 'R01' })
  const { changes } = await engineer.call(integrationApi.raw, { id: result?.id ?? '' })
  expect(changes.find((c) => c.field === 'items')).toMatchObject({
    about: 'report',
    of: 'L1 生化',
    value: '钾 6.8 mmol/L (3.5-5.3) HH',
    outcome: 'new',
  })
})
