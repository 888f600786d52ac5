import { access } from '@renxin/access'
import { applyEncounterFacts, encounters } from '@renxin/encounters'
import { feedback } from '@renxin/feedback'
import { feedbackApi } from '@renxin/feedback/contract'
import { files } from '@renxin/files'
import { followups } from '@renxin/followups'
import { followupsApi, reviewsApi } from '@renxin/followups/contract'
import { type Message, parseMessage } from '@renxin/hl7'
import { newId } from '@renxin/kernel'
import { applyPatientFacts, patients } from '@renxin/patients'
import { deliverOnce } from '@renxin/server'
import { openHouse } from '@renxin/server/testing'
import { staff } from '@renxin/staff'
import { surveys } from '@renxin/surveys'
import { surveysApi } from '@renxin/surveys/contract'
import { beforeAll, expect, test } from 'vitest'
import { writeBackApi } from '../../write-back-contract.ts'
import { integration } from '../index.ts'
import { openLine } from './bodies.ts'

const house = await openHouse([access, staff, patients, files, encounters, surveys, feedback, followups, integration], {
  now: '2026-09-01T09:00+08:00',
  prepare: true,
})
const nurse = house.who('followups.work', 'followups.read', 'patients.names', { name: '陈静' })
const officer = house.who('feedback.read', 'feedback.record', 'feedback.handle', 'patients.names')
const supervisor = house.who('followups.supervise', 'followups.read', 'encounters.read')
const engineer = house.who('integration.manage', 'integration.read', 'integration.mend')

const [his, emr, off] = [newId(), newId(), newId()]
let patientId = ''
let encounterId = ''

type Takes = { takesFollowups: boolean; takesComplaints: boolean; isActive?: boolean; followupsAs?: 'mdm' }
const destination = (id: string, name: string, takes: Takes) =>
  engineer.call(writeBackApi.saveDestination, {
    id, name, host: '127.0.0.1', port: 2576, application: name, facility: '甲院', charset: 'utf-8', isActive: true, ...takes,
  }) // biome-ignore format: one line of fields

beforeAll(async () => {
  await destination(his, 'HIS', { takesFollowups: true, takesComplaints: true })
  await destination(emr, 'EMR', { takesFollowups: true, takesComplaints: false, followupsAs: 'mdm' })
  await destination(off, '停用', { takesFollowups: true, takesComplaints: true, isActive: false })
  ;[patientId = ''] = await house.inside((ctx) =>
    applyPatientFacts(ctx, [
      {
        identifiers: [{ system: 'HIS', type: 'MR', value: 'H0000001' }],
        sourceAt: house.now(),
        name: '赵建国',
        sex: 'male',
        birthOn: '1960-05-01',
        phones: [{ number: '13800138000' }],
      },
    ]),
  )
  const stay = { number: 'I1', patientId, class: 'inpatient' as const, departmentName: '心血管内科', wardName: '心内一病区', bed: '12' }
  const tell = (facts: object) =>
    house.inside((ctx) => applyEncounterFacts(ctx, [{ ...stay, event: 'admit', sourceAt: house.now(), ...facts }]))
  ;[encounterId = ''] = await tell({ admittedAt: house.now() })
  await house.settle()
  house.advance({ days: 3 })
  await tell({ event: 'discharge', dischargedAt: house.now(), disposition: '1' })
  await house.settle()
  house.advance({ days: 3, hours: 1 })
})

type Row = { destination_id: string; event_id: string; kind: string; body: Buffer; message: null; status: string; patient_id: string }
const queued = (objectId: string) =>
  house.sql<Row>(
    'select destination_id, event_id, kind, body, message, status, patient_id from integration.outgoing where object_id = $1 order by seq',
    [objectId],
  )

const emrNotes = () =>
  house.sql<Row>(`select * from integration.outgoing where destination_id = $1 and kind = 'followup' order by seq`, [emr])

function read(row: Row | undefined): Message {
  const message = parseMessage((row && openLine(house.ctx, row)) ?? '')
  if (!message) throw new Error('this is no message')
  return message
}

const observationsOf = (message: Message) =>
  message.all('OBX').map((s) => ({ code: s.get(3, 1), question: s.get(3, 2), value: s.get(5, 1) }))

/** The first choice of every question that must be answered, as the form would send it. */
type Item = {
  linkId: string
  type: string
  required?: boolean
  item?: Item[]
  answerOption?: { valueCoding?: { code: string; display: string } }[]
}
const questionsOf = (items: Item[]): Item[] => items.flatMap((i) => [i, ...questionsOf(i.item ?? [])])

async function completeCall() {
  const { rows } = await nurse.call(followupsApi.board, { limit: 50 })
  const tasks = await Promise.all(rows.filter((r) => r.patientId === patientId).map((r) => nurse.call(followupsApi.task, { id: r.id })))
  const task = tasks.find((t) => t.programmeName.includes('72'))
  if (!task?.questionnaire) throw new Error('the call at 72 hours is not planned')
  const questions = questionsOf((task.questionnaire.definition as unknown as { item: Item[] }).item) // a FHIR Questionnaire, read as such
  const answers = Object.fromEntries(
    questions.flatMap((q): [string, (string | number)[]][] => {
      if (!q.required) return []
      return q.type === 'choice'
        ? [[q.linkId, [q.answerOption?.[0]?.valueCoding?.code ?? '']]]
        : q.type === 'integer'
          ? [[q.linkId, [9]]]
          : []
    }),
  )
  const attemptId = newId()
  await nurse.call(followupsApi.dial, { id: task.id, attemptId, contactId: task.contacts[0]?.id ?? '' })
  const response = { id: newId(), versionId: task.questionnaire.versionId, answers }
  await nurse.call(followupsApi.complete, { id: task.id, attemptId, outcome: 'reached', note: '恢复良好', response })
  return { taskId: task.id, responseId: response.id, answers, questions, programme: task.programmeName }
}

test('a completed follow-up goes into the line of each destination that takes it, also of one switched off, once, and says what was answered', async () => {
  const { taskId, answers, questions, programme } = await completeCall()
  await house.settle()

  const rows = await queued(taskId)
  const place = (id: string) => ({ destination_id: id, kind: 'followup', status: 'waiting', patient_id: patientId })
  expect(rows).toHaveLength(3)
  expect(rows).toEqual(expect.arrayContaining([his, emr, off].map((id) => expect.objectContaining(place(id)))))
  const message = read(rows.find((r) => r.destination_id === his))
  expect([message.type, message.event, message.controlId]).toEqual(['ORU', 'R01', rows[0]?.event_id])
  const field = (path: string) => message.get(path)
  expect([field('MSH-3'), field('MSH-4'), field('MSH-5'), field('MSH-6'), field('MSH-18')]).toEqual([
    'RENXIN',
    '仁心示范医院',
    'HIS',
    '甲院',
    'UNICODE UTF-8',
  ])
  expect([field('PID-3.1'), field('PID-3.5'), field('PID-5.1'), field('PID-7'), field('PID-8')]).toEqual([
    'H0000001',
    'MR',
    '赵建国',
    '19600501',
    'M',
  ])
  expect([field('PV1-2'), field('PV1-3.1'), field('PV1-3.3'), field('PV1-19.1')]).toEqual(['I', '心内一病区', '12', 'I1'])
  expect([field('OBR-3'), field('OBR-4.2'), field('OBR-7'), field('OBR-25')]).toEqual([taskId, programme, '20260907100000', 'F'])
  const observations = observationsOf(message)
  expect(observations[0]).toEqual({ code: 'OUTCOME', question: '联系结果', value: 'reached' })
  expect(observations.slice(1).map((o) => [o.code, o.value])).toEqual(
    Object.entries(answers).map(([linkId, [value]]) => [linkId, String(value)]),
  )
  expect(observations.slice(1).map((o) => o.question)).toEqual(
    Object.keys(answers).map((linkId) => (questions.find((q) => q.linkId === linkId) as unknown as { text: string }).text),
  )
  expect(message.text).not.toContain('13800138000')
})

/** The supervisor puts the first choice that was answered right; answers what is told of it then, by destination. */
async function putRight(nth: number) {
  const [call] = await house.sql<{ id: string; response_id: string }>(
    'select id, response_id from followups.tasks where response_id is not null',
  )
  const { id = '', response_id: formerId = '' } = call ?? {}
  const { definition, answers } = await supervisor.call(surveysApi.response, { id: formerId })
  const question = questionsOf((definition as unknown as { item: Item[] }).item).find((q) => q.type === 'choice' && answers[q.linkId]) // a FHIR Questionnaire, read as such
  const { code = '' } = question?.answerOption?.[nth]?.valueCoding ?? {}
  const before = await queued(id)
  const corrected = { ...answers, [question?.linkId ?? '']: [code] }
  await supervisor.call(reviewsApi.correctTask, { id, formerId, responseId: newId(), answers: corrected, reason: '听录音核对' })
  await house.settle()
  const after = (await queued(id)).slice(before.length)
  return {
    id,
    told: after,
    to: (destinationId: string) => read(after.find((r) => r.destination_id === destinationId)),
    linkId: question?.linkId,
    code,
  }
}

test('answers that are put right are told once more, as they stand, as a correction of what was told', async () => {
  const { to, told, linkId, code } = await putRight(1)

  expect(told.map((r) => r.destination_id).sort()).toEqual([his, emr, off].sort())
  const message = to(his)
  expect([message.get('OBR-25'), ...message.all('OBX').map((s) => s.get(11))]).toEqual(
    Array.from({ length: message.all('OBX').length + 1 }, () => 'C'),
  )
  expect(observationsOf(message)).toContainEqual(expect.objectContaining({ code: linkId, value: code }))
})

test('in the medical record the corrected note replaces the one before it, by number', async () => {
  const [first, second] = [(await putRight(0)).to(emr), (await putRight(1)).to(emr)]
  const [note, earlier] = (await emrNotes()).map(read)

  const numbers = (m: Message | undefined) => [m?.event, m?.get('EVN-1'), m?.get('TXA-12.1'), m?.get('TXA-13.1')]
  const [{ id = '' } = {}] = await house.sql<{ id: string }>('select id from followups.tasks where response_id is not null')
  expect(numbers(note)).toEqual(['T02', 'T02', id, undefined])
  expect(numbers(earlier)).toEqual(['T10', 'T10', earlier?.controlId, id])
  expect(numbers(first)).toEqual(['T10', 'T10', first.controlId, earlier?.controlId])
  expect(numbers(second)).toEqual(['T10', 'T10', second.controlId, first.controlId])
  expect(second.get('MSH-9.3')).toBe('MDM_T02')
})

test('what the other side refused is not there to be replaced, and does not follow the correction', async () => {
  await house.sql(`update integration.outgoing set status = 'refused' where destination_id = $1`, [emr])

  const { to, id } = await putRight(0)

  expect([to(emr).event, to(emr).get('TXA-12.1')]).toEqual(['T02', id])
  const [refused] = await emrNotes()
  const again = engineer.call(writeBackApi.sendAgain, { destinationId: emr, eventId: refused?.event_id ?? '' })
  await expect(again).rejects.toMatchObject({ code: 'integration.lineOvertaken' })
})

test('a closed complaint goes to who takes complaints, with what was said and what was done', async () => {
  const id = newId()
  await officer.call(feedbackApi.record, { id, kind: 'complaint', text: '等了两个小时|没人管^', patientId, encounterId, source: 'call' })
  await officer.call(feedbackApi.close, { id, outcome: 'onTheSpot', result: '已致歉，患者表示理解', toldBy: 'phone' })
  await house.settle()

  const rows = await queued(id)
  expect(rows.map((r) => [r.destination_id, r.kind]).toSorted()).toEqual(
    [
      [his, 'complaint'],
      [off, 'complaint'],
    ].toSorted(),
  )
  const message = read(rows.find((r) => r.destination_id === his))
  expect([message.type, message.event, message.controlId]).toEqual(['MDM', 'T02', rows[0]?.event_id])
  expect([message.get('PID-3.1'), message.get('PV1-19.1'), message.get('TXA-2.1'), message.get('TXA-12.1')]).toEqual([
    'H0000001',
    'I1',
    'COMPLAINT',
    id,
  ])
  expect(message.get('TXA-16')).toMatch(/^TS2026-\d{4}$/)
  expect(observationsOf(message).map((o) => [o.code, o.value])).toEqual([
    ['SUBJECT', '等了两个小时|没人管^'],
    ['RESOLUTION', '已致歉，患者表示理解'],
  ])
})

test('an event that is delivered again fills no second place in the line', async () => {
  const before = await house.sql('select destination_id, event_id from integration.outgoing')
  await house.sql(`update house.events set pending = true where name in ('followups.taskCompleted', 'feedback.complaintClosed')`)

  while ((await deliverOnce(house.house)) > 0);

  expect(await house.sql('select destination_id, event_id from integration.outgoing')).toEqual(before)
  expect(await house.sql('select listener from house.deliveries')).toEqual([])
})
