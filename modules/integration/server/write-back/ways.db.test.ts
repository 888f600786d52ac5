import { encounters } from '@renxin/encounters'
import { feedback } from '@renxin/feedback'
import { files } from '@renxin/files'
import { followups } from '@renxin/followups'
import { newId } from '@renxin/kernel'
import { applyPatientFacts, patients } from '@renxin/patients'
import { openHouse } from '@renxin/server/testing'
import { staff } from '@renxin/staff'
import { surveys } from '@renxin/surveys'
import pg from 'pg'
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest'
import { writeBackApi } from '../../write-back-contract.ts'
import { integration } from '../index.ts'
import type { Content } from './contents.ts'
import { type Courier, startWriteBack } from './courier.ts'
import { fhirPeer } from './fhir-peer-of-test.ts'
import { queue, takers } from './queue.ts'

const house = await openHouse([staff, patients, files, encounters, surveys, feedback, followups, integration], {
  now: '2026-09-04T09:00+08:00',
  poolSize: 2,
})
const engineer = house.who('integration.read', 'integration.mend', 'integration.manage')
const wait = { timeout: 15_000, interval: 20 }
const SYSTEM = 'urn:his:mrn'
const TOKEN = 'a-token-of-the-platform'
const BEARER = `Bearer ${TOKEN}`
const [patientId = '', otherId = ''] = await house.inside((ctx) =>
  applyPatientFacts(
    ctx,
    ['H0000001', 'H0000002'].map((value) => ({
      identifiers: [{ system: 'HIS', type: 'MR', value }],
      sourceAt: house.now(),
      name: value === 'H0000001' ? '赵建国' : '钱多多',
    })),
  ),
)

let peer: Awaited<ReturnType<typeof fhirPeer>>
let courier: Courier
let destinationId = ''
const takes = { takesFollowups: true, takesComplaints: true, takesPhones: true, isActive: true }

beforeEach(async () => {
  peer = await fhirPeer(BEARER)
  destinationId = newId()
  await engineer.call(writeBackApi.saveDestination, {
    id: destinationId,
    name: `平台 ${destinationId}`,
    way: 'fhir',
    baseUrl: `${peer.baseUrl}/`,
    identifierSystem: SYSTEM,
    auth: 'bearer',
    authSecret: TOKEN,
    followupsAs: 'response',
    ...takes,
  })
  courier = startWriteBack(house.house)
})
afterEach(async () => {
  await courier.stop()
  await peer.close()
  await house.sql('update integration.destinations set is_active = false')
})

const answers = [
  { linkId: 'q1', question: '恢复得怎么样', code: 'good', text: '很好', number: null },
  { linkId: 'q2', question: '打几分', code: null, text: null, number: 9 },
  { linkId: 'q3', question: '还有什么', code: null, text: '饭菜"凉"', number: null },
]
const followup = (): Content => ({
  kind: 'followup', taskId: newId(), programme: '出院后随访', outcome: 'reached', at: house.now(), by: '陈静', answers,
}) // biome-ignore format: one line of fields
const flag = (isOn: boolean): Content => ({ kind: 'flag', code: 'KEY', name: '重点', isOn, at: house.now() })

/** Results in the line of the destination, as the listeners put them there; answers their ids. */
async function enqueue(contents: readonly Content[], of = patientId, to = destinationId): Promise<string[]> {
  const ids = contents.map(() => newId())
  for (const [i, content] of contents.entries())
    await house.inside(async (ctx) => {
      const one = (await takers(ctx)).filter((d) => d.id === to)
      const subject = content.kind === 'flag' ? content.code : ''
      await queue(ctx, ids[i] ?? '', one, { objectId: newId(), patientId: of, encounterId: null }, subject, content)
    })
  return ids
}
const lines = (to = destinationId) =>
  house.sql<{ status: string; error: string | null; attempts: number }>(
    'select status, error, attempts from integration.outgoing where destination_id = $1 order by seq',
    [to],
  )
const states = async (to = destinationId) => (await lines(to)).map((l) => l.status)
const all = (status: string, count: number) => Array<string>(count).fill(status)
const keptOf = (id = '', type = 'QuestionnaireResponse') => peer.kept.get(`${type} urn:renxin:write-back|${id}`)
/** Time goes on until it is so: what waits for its next try comes due. */
const later = (check: () => Promise<unknown>) =>
  expect.poll(async () => {
    house.advance({ minutes: 10 })
    return check()
  }, wait)

test('a follow-up goes to a FHIR server as the resource that the destination chose, with its answers, under our id', async () => {
  const [id = ''] = await enqueue([followup()])
  await expect.poll(() => states(), wait).toEqual(['sent'])

  expect(peer.heard).toMatchObject([{ method: 'POST', path: 'QuestionnaireResponse', authorization: BEARER }])
  expect(keptOf(id)).toMatchObject({
    resourceType: 'QuestionnaireResponse',
    identifier: { system: 'urn:renxin:write-back', value: id },
    status: 'completed',
    subject: { identifier: { system: SYSTEM, value: 'H0000001' }, display: '赵建国' },
    author: { display: '陈静' },
    item: [
      { linkId: 'OUTCOME', answer: [{ valueString: 'reached' }] },
      { linkId: 'q1', text: '恢复得怎么样', answer: [{ valueCoding: { code: 'good', display: '很好' } }] },
      { linkId: 'q2', answer: [{ valueDecimal: 9 }] },
      { linkId: 'q3', answer: [{ valueString: '饭菜"凉"' }] },
    ],
  })

  const [shown] = (await engineer.call(writeBackApi.destinations, {})).rows.filter((d) => d.id === destinationId)
  for (const followupsAs of ['observation', 'communication'] as const) {
    await engineer.call(writeBackApi.saveDestination, { ...shown, id: destinationId, name: shown?.name ?? '', ...takes, followupsAs })
    const [next = ''] = await enqueue([followup()])
    const type = followupsAs === 'observation' ? 'Observation' : 'Communication'
    await expect.poll(() => keptOf(next, type)?.resourceType, wait).toBe(type)
  }
})

test('a follow-up that is told again is written over the first, in the other system there is one', async () => {
  const task = newId()
  const [first = '', again = ''] = [newId(), newId()]
  for (const [id, outcome] of [[first, 'noAnswer'], [again, 'reached']] as const)
    await house.inside(async (ctx) => {
      const to = (await takers(ctx)).filter((d) => d.id === destinationId)
      await queue(ctx, id, to, { objectId: task, patientId, encounterId: null }, task, { ...followup(), outcome } as Content)
    }) // biome-ignore format: a table
  await expect.poll(() => states(), wait).toEqual(all('sent', 2))

  expect(peer.heard.map((h) => [h.method, h.identifier])).toEqual([
    ['POST', `urn:renxin:write-back|${first}`],
    ['PUT', `urn:renxin:write-back|${first}`],
  ])
  expect(keptOf(first)).toMatchObject({
    status: 'amended',
    identifier: { value: first },
    item: [{ answer: [{ valueString: 'reached' }] }, {}, {}, {}],
  })
  expect(keptOf(again)).toBeUndefined()
})

test.each(['loseAnswer', 'halfAnswer'] as const)(
  'where the answer is lost on the way (%s) it goes again, and the other side keeps one',
  async (manner) => {
    peer.behave(manner)
    const ids = await enqueue([followup(), followup()])
    await later(async () => peer.heard.length).toBeGreaterThanOrEqual(3)
    expect(new Set(peer.heard.map((h) => h.identifier)).size).toBe(1) // nothing overtook it

    peer.behave('well')
    await later(() => states()).toEqual(all('sent', 2))

    expect([...peer.kept.keys()]).toEqual(ids.map((id) => `QuestionnaireResponse urn:renxin:write-back|${id}`))
  },
)

test.each([
  ['a proxy that answers with a page of its own', 'page', /fhir: rubbish/],
  ['an answer that is no JSON', 'rubbish', /fhir: rubbish/],
  ['a door that is closed to us', { status: 403, text: 'not you' }, /^403 not you/],
  ['a server that is overloaded', { status: 503, retryAfter: '120' }, /^503/],
  ['an address that moved', { status: 302 }, /^302/],
] as const)('%s counts as nothing delivered, and the line waits in its order', async (_, manner, says) => {
  peer.behave(manner)
  const ids = await enqueue([followup(), followup()])

  await later(async () => (await lines())[0]?.attempts).toBeGreaterThan(4)
  expect(await states()).toEqual(all('waiting', 2))
  expect((await lines())[0]?.error).toMatch(says)
  expect(peer.kept.size).toBe(0)

  peer.behave('well')
  await later(() => states()).toEqual(all('sent', 2))
  expect([...peer.kept.keys()].map((k) => k.split('|')[1])).toEqual(ids)
})

test('a result that the server finds wrong is set aside with its words, the next goes, and all of them go again at once', async () => {
  peer.behave({ status: 422, text: 'no such programme' })
  await enqueue([followup(), followup(), followup()])
  await expect.poll(() => states(), wait).toEqual(all('refused', 3))
  expect((await lines())[0]?.error).toBe('422 no such programme')

  peer.behave('well')
  expect(await engineer.call(writeBackApi.sendAllAgain, { destinationId })).toEqual({ lines: 3 })

  await expect.poll(() => states(), wait).toEqual(all('sent', 3))
  expect(peer.kept.size).toBe(3)
  const trace = await house.sql("select from house.audit where action = 'integration.sendAgain' and patient_id = $1", [patientId])
  expect(trace.length).toBeGreaterThanOrEqual(3)
})

test('a fault of the server is tried again some times before the result is set aside', async () => {
  peer.behave({ status: 500 })
  await enqueue([followup()])

  await later(() => states()).toEqual(['refused'])

  expect(peer.heard).toHaveLength(3)
})

test('a destination that never answers holds up no other', async () => {
  const slow = await fhirPeer()
  slow.behave('silent')
  const slowId = newId()
  await engineer.call(writeBackApi.saveDestination, { id: slowId, name: '慢', way: 'fhir', baseUrl: slow.baseUrl, ...takes })
  await enqueue([followup()], patientId, slowId)
  await expect.poll(() => slow.heard.length, wait).toBe(1)

  await enqueue([followup(), followup(), followup()])
  await expect.poll(() => states(), wait).toEqual(all('sent', 3))

  expect(await states(slowId)).toEqual(['waiting'])
  await slow.close()
})

test('a confirmed number is put into the patient of the other system, and what else stands there stays', async () => {
  peer.patients.push({
    resourceType: 'Patient',
    id: 'p7',
    meta: { versionId: '3' },
    identifier: [{ system: SYSTEM, value: 'H0000001' }],
    telecom: [
      { system: 'phone', value: '138-0013-8000' },
      { system: 'email', value: 'z@example.org' },
      { system: 'phone', value: '0510-12345678' },
    ],
    contact: [{ relationship: [{ text: 'son' }], name: { text: '赵小明' }, telecom: [{ system: 'phone', value: '13900000001' }] }],
  })
  const phone = (relation: string, number: string, retired: string[]): Content => ({
    kind: 'phone', relation, contactName: null, numbers: [{ number, isMobile: true }], retired, at: house.now(), by: '陈静',
  }) // biome-ignore format: one line of fields
  peer.behave('quicker')
  await enqueue([phone('self', '13700000009', ['13800138000']), phone('son', '13900000002', ['13900000001'])])
  await expect.poll(async () => (await lines())[0]?.attempts, wait).toBe(1)

  peer.behave('well')
  await later(() => states()).toEqual(all('sent', 2))

  expect(peer.patients[0]).toMatchObject({
    meta: { versionId: '5' },
    telecom: [
      { system: 'phone', value: '13700000009', use: 'mobile' },
      { system: 'email', value: 'z@example.org' },
      { system: 'phone', value: '0510-12345678' },
    ],
    contact: [{ name: { text: '赵小明' }, telecom: [{ system: 'phone', value: '13900000002', use: 'mobile' }] }],
  })

  await enqueue([phone('self', '13700000009', [])], otherId)
  await expect.poll(async () => (await lines()).at(-1)?.error, wait).toBe('fhir: noPatient')
})

test('an older word of a flag does not follow a newer one', async () => {
  peer.behave({ status: 422 })
  const [old = ''] = await enqueue([flag(true)])
  await expect.poll(() => states(), wait).toEqual(['refused'])
  peer.behave('well')
  await enqueue([flag(false)])
  await expect.poll(() => states(), wait).toEqual(['refused', 'sent'])

  await expect(engineer.call(writeBackApi.sendAgain, { destinationId, eventId: old })).rejects.toMatchObject({
    code: 'integration.lineOvertaken',
  })
  expect(await engineer.call(writeBackApi.sendAllAgain, { destinationId })).toEqual({ lines: 0 })
  expect([...peer.kept.values()]).toMatchObject([{ resourceType: 'Flag', status: 'inactive' }])
})

test('a line that holds up the others is taken out of the way by a person who says why', async () => {
  peer.behave('page')
  const [stuck = ''] = await enqueue([followup(), followup()])
  await expect.poll(async () => (await lines())[0]?.attempts, wait).toBe(1)

  const aside = await engineer.call(writeBackApi.setLineAside, { destinationId, eventId: stuck, reason: '对方没有这个患者' })
  peer.behave('well')

  expect(aside).toMatchObject({ status: 'refused', error: 'aside: 对方没有这个患者', patientId })
  await later(() => states()).toEqual(['refused', 'sent'])
  await expect(engineer.call(writeBackApi.setLineAside, { destinationId, eventId: stuck, reason: '再来' })).rejects.toMatchObject({
    code: 'integration.notWaiting',
  })
})

test('the secret is never shown, stays while the address does, and is asked for anew with another address', async () => {
  const [shown] = (await engineer.call(writeBackApi.destinations, {})).rows.filter((d) => d.id === destinationId)
  const said = { ...shown, id: destinationId, name: shown?.name ?? '', ...takes }

  expect(JSON.stringify(shown)).not.toContain(TOKEN)
  expect((await engineer.call(writeBackApi.saveDestination, said)).hasSecret).toBe(true)
  await expect(engineer.call(writeBackApi.saveDestination, { ...said, baseUrl: 'http://127.0.0.1:1/base' })).rejects.toMatchObject({
    code: 'integration.secretNeeded',
  })
  await expect(engineer.call(writeBackApi.saveDestination, { ...said, way: 'hl7', host: 'x', port: 1 })).rejects.toMatchObject({
    code: 'integration.wayFixed',
  })
  const test = { id: destinationId, way: 'fhir', auth: 'bearer', baseUrl: peer.baseUrl } as const
  expect(await engineer.call(writeBackApi.testDestination, test)).toMatchObject({ outcome: 'fhir', says: '平台 · FHIR 4.0.1' })
  expect(await engineer.call(writeBackApi.testDestination, { ...test, authSecret: 'other' })).toMatchObject({ outcome: 'unauthorized' })
  peer.behave('page')
  expect(await engineer.call(writeBackApi.testDestination, test)).toMatchObject({ outcome: 'notFhir' })
  await expect(engineer.call(writeBackApi.testDestination, { ...test, baseUrl: 'http://127.0.0.1:1' })).rejects.toMatchObject({
    code: 'integration.secretNeeded',
  })
})

const role = `reader_${newId().replaceAll('-', '')}`
const administrator = new pg.Client({ connectionString: house.urls.superUrl })
await administrator.connect()
afterAll(async () => {
  await administrator.query(`drop owned by ${role}; drop role ${role}`)
  await administrator.end()
})

test('a system reads its results from a table under a role of its own, in order, each once, and can read nothing else', async () => {
  const tableId = newId()
  const save = { id: tableId, name: '中间表', way: 'table', readerRole: role, ...takes } as const
  const state = async () => (await engineer.call(writeBackApi.testDestination, { way: 'table', readerRole: role })).outcome
  expect(await state()).toBe('noRole')
  await administrator.query(`create role ${role} login password 'secret'`)
  expect(await state()).toBe('noGrant')
  await administrator.query(`grant usage on schema integration_out to ${role}; grant select on integration_out.results to ${role}`)
  expect(await state()).toBe('ready')
  await engineer.call(writeBackApi.saveDestination, save)
  const stranger = await house.stranger('integration.manage', 'integration.read')
  await expect(stranger.call(writeBackApi.saveDestination, { ...save, id: newId() })).rejects.toMatchObject({
    code: 'integration.roleTaken',
  })

  const ids = await enqueue([followup(), flag(true)], patientId, tableId)
  await expect.poll(() => states(tableId), wait).toEqual(all('sent', 2))

  const url = new URL(house.urls.appUrl)
  url.username = role
  url.password = 'secret'
  const his = new pg.Client({ connectionString: url.href })
  await his.connect()
  const { rows } = await his.query('select * from integration_out.results')
  expect(rows.map((r) => [r.id, r.kind, r.medical_record_number, r.title, r.written_by])).toEqual([
    [ids[0], 'followup', 'H0000001', '出院后随访', '陈静'],
    [ids[1], 'flag', 'H0000001', '重点', ''],
  ])
  expect(rows[0]?.result).toBe('reached\n恢复得怎么样：很好\n打几分：9\n还有什么：饭菜"凉"')
  const rest = await his.query('select id from integration_out.results_after($1, 10)', [rows[0]?.line_number])
  expect(rest.rows).toEqual([{ id: ids[1] }])
  for (const sql of [
    'select * from integration.published',
    'select * from integration.outgoing',
    'select * from patients.patients',
    'select * from house.audit',
    'delete from integration.readers',
    `select integration.publish(gen_random_uuid(), gen_random_uuid(), '{}', now())`,
    `set role renxin_app`,
  ])
    await expect(his.query(sql)).rejects.toMatchObject({ code: '42501' })
  await his.end()
})

test('the text of what was sent is sealed, and cleared once its time is over; that it went stays', async () => {
  const [id = ''] = await enqueue([followup()])
  await expect.poll(() => states(), wait).toEqual(['sent'])
  const [row] = await house.sql<{ body: Buffer; message: null }>('select body, message from integration.outgoing where event_id = $1', [id])
  expect(row?.body.toString('utf8')).not.toContain('陈静')
  expect((await engineer.call(writeBackApi.outgoingText, { destinationId, eventId: id })).message).toContain('"display": "陈静"')

  house.advance({ days: 91 })
  await house.tick('integration.clearOutgoing')

  expect(await engineer.call(writeBackApi.outgoingLine, { destinationId, eventId: id })).toMatchObject({ status: 'sent', isCleared: true })
  await expect(engineer.call(writeBackApi.outgoingText, { destinationId, eventId: id })).rejects.toMatchObject({
    code: 'integration.textCleared',
  })
})

test('a text that an older version left open is sealed', async () => {
  const eventId = newId()
  await house.sql(
    `insert into integration.outgoing (destination_id, event_id, kind, object_id, patient_id, message, status, created_at, next_at, sent_at)
     values ($1, $2, 'followup', $2, $3, 'MSH|^~\\&|RENXIN', 'sent', $4, $4, $4)`,
    [destinationId, eventId, patientId, house.now()],
  )

  await house.tick('integration.clearOutgoing')

  const [row] = await house.sql('select message from integration.outgoing where event_id = $1', [eventId])
  expect(row).toEqual({ message: null })
  expect((await engineer.call(writeBackApi.outgoingText, { destinationId, eventId })).message).toBe('MSH|^~\\&|RENXIN')
})
