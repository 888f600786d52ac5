import { access, createUser } from '@renxin/access'
import { encounters } from '@renxin/encounters'
import { feedback } from '@renxin/feedback'
import { feedbackApi } from '@renxin/feedback/contract'
import { files } from '@renxin/files'
import { followups } from '@renxin/followups'
import { parseMessage } from '@renxin/hl7'
import { newId } from '@renxin/kernel'
import { applyPatientFacts, patients } from '@renxin/patients'
import { patientsApi } from '@renxin/patients/contract'
import { openHouse } from '@renxin/server/testing'
import { staff } from '@renxin/staff'
import { surveys } from '@renxin/surveys'
import { expect, test } from 'vitest'
import { writeBackApi } from '../../write-back-contract.ts'
import { integration } from '../index.ts'
import { openLine } from './bodies.ts'

const house = await openHouse([access, staff, patients, files, encounters, surveys, feedback, followups, integration], {
  now: '2026-09-04T09:00+08:00',
  prepare: true,
})
const heardBy = newId()
await house.inside((ctx) =>
  createUser(ctx, { id: heardBy, name: 'chenjing', displayName: '陈静', password: 'a long enough word 9', roleIds: [], personId: null }),
)
const nurse = house.who('patients.read', 'patients.edit', 'patients.names', { name: '陈静', id: heardBy })
const clerk = house.who('integration.confirm')
const engineer = house.who('integration.manage', 'integration.read')
const officer = house.who('feedback.read', 'feedback.record', 'feedback.handle', 'patients.names')

const tagId = newId()
const otherTag = newId()
const manager = house.who('patients.manage', 'patients.read', 'patients.edit')
await manager.call(patientsApi.saveTag, { id: tagId, name: '老干部', tone: 'care', isActive: true })
await manager.call(patientsApi.saveTag, { id: otherTag, name: '健谈', tone: 'plain', isActive: true })

const destination = (name: string, more: object) => ({
  id: newId(), name, host: '127.0.0.1', port: 2576, application: name, facility: '甲院', takesFollowups: false, takesComplaints: false, isActive: true, ...more,
}) // biome-ignore format: one line of fields

let records = 0
async function person(...phones: string[]): Promise<string> {
  records += 1
  const value = `H${records}`
  const facts = {
    identifiers: [{ system: 'HIS', type: 'MR', value }],
    sourceAt: house.now(),
    name: '赵建国',
    phones: phones.map((number) => ({ number })),
  }
  const [id = ''] = await house.inside((ctx) => applyPatientFacts(ctx, [facts]))
  return id
}
const open = async (patientId: string) => {
  await house.settle()
  return (await clerk.call(writeBackApi.corrections, {})).rows.filter((c) => c.patientId === patientId)
}
/** What stands in the lines about a patient, as messages. */
async function messagesOf(patientId: string) {
  await house.settle()
  const rows = await house.sql<{ body: Buffer; event_id: string }>(
    'select body, event_id from integration.outgoing where patient_id = $1 order by seq',
    [patientId],
  )
  return rows.map((r) => {
    const message = parseMessage(openLine(house.ctx, { body: r.body, message: null }) ?? '')
    if (!message) throw new Error('this is no message')
    return message
  })
}
const add = (patientId: string, number: string, relation: 'self' | 'son' = 'self') =>
  nurse.call(patientsApi.addContact, { id: newId(), patientId, number, relation })

test('as long as no destination takes numbers, nothing is proposed', async () => {
  const patientId = await person('13800138000')

  await add(patientId, '13700000001')

  expect(await open(patientId)).toEqual([])
  await engineer.call(writeBackApi.saveDestination, destination('HIS', { takesPhones: true, takesComplaintFlag: true, flagTags: [tagId] }))
})

test('a number that a nurse heard is proposed with who heard it and what the HIS knows, masked; nothing goes out before a person confirms it', async () => {
  const patientId = await person('13800138000')
  await add(patientId, '13700000002')

  const [proposed] = await open(patientId)
  expect(proposed).toMatchObject({
    change: 'added',
    relation: 'self',
    number: '137****0002',
    known: '138****8000',
    patientName: '赵*国',
    medicalRecordNumber: `H${records}`,
    heardBy: '陈静',
    status: 'open',
  })
  expect(await messagesOf(patientId)).toEqual([])

  const confirmed = await clerk.call(writeBackApi.confirmCorrection, { id: proposed?.id ?? '' })

  expect(confirmed).toMatchObject({ status: 'confirmed', decidedAt: house.now().toISOString() })
  const [message] = await messagesOf(patientId)
  expect([message?.type, message?.event, message?.controlId]).toEqual(['ADT', 'A31', proposed?.id])
  expect([message?.get('PID-3.1'), message?.get('PV1-2'), message?.get('EVN-5.2')]).toEqual([`H${records}`, 'N', '陈静'])
  expect(message?.text).toContain('|13700000002^PRN^CP~13800138000^PRN^CP')
  const trace = await house.sql("select reason from house.audit where action = 'patients.phoneRevealed' and patient_id = $1", [patientId])
  expect(trace).toEqual([{ reason: 'writeBack' }])
})

test('of two people who decide at once one succeeds, and one message goes', async () => {
  const patientId = await person('13800138000')
  await add(patientId, '13700000003')
  const [{ id } = { id: '' }] = await open(patientId)

  const outcomes = await Promise.allSettled([
    clerk.call(writeBackApi.confirmCorrection, { id }),
    clerk.call(writeBackApi.confirmCorrection, { id }),
  ])

  expect(outcomes.map((o) => o.status).toSorted()).toEqual(['fulfilled', 'rejected'])
  expect(outcomes).toContainEqual(expect.objectContaining({ reason: expect.objectContaining({ code: 'integration.correctionDecided' }) }))
  expect(await messagesOf(patientId)).toHaveLength(1)
})

test('what is declined goes nowhere, and says why and by whom', async () => {
  const patientId = await person('13800138000')
  await add(patientId, '13700000004')
  const [{ id } = { id: '' }] = await open(patientId)

  await clerk.call(writeBackApi.declineCorrection, { id, reason: '是邻居的电话' })

  const declined = (await clerk.call(writeBackApi.corrections, { status: 'declined' })).rows
  expect(declined.filter((c) => c.id === id)).toMatchObject([{ status: 'declined', reason: '是邻居的电话' }])
  expect(await open(patientId)).toEqual([])
  expect(await messagesOf(patientId)).toEqual([])
})

test('a number of the HIS that reaches nobody is proposed for removal; with none left the field is deleted', async () => {
  const patientId = await person('13800138000')
  const file = await nurse.call(patientsApi.file, { id: patientId })
  await nurse.call(patientsApi.changeContact, { contactId: file.contacts[0]?.id ?? '', isVoid: true })

  const [proposed] = await open(patientId)
  expect(proposed).toMatchObject({ change: 'voided', number: '138****8000', known: null })
  await clerk.call(writeBackApi.confirmCorrection, { id: proposed?.id ?? '' })

  const [message] = await messagesOf(patientId)
  expect(message?.isDeleted('PID-13')).toBe(true)
})

test('a number that was added and taken back before anybody confirmed it is proposed no more', async () => {
  const patientId = await person('13800138000')
  const contact = await add(patientId, '13700000006')
  expect(await open(patientId)).toHaveLength(1)

  await nurse.call(patientsApi.changeContact, { contactId: contact.id, isVoid: true })

  expect(await open(patientId)).toEqual([])
})

test('a number of the family goes as next of kin, and a number that is known already is no correction', async () => {
  const patientId = await person('13800138000')
  await add(patientId, '138 0013 8000')
  expect(await open(patientId)).toEqual([])
  await add(patientId, '13900000007', 'son')

  const [proposed] = await open(patientId)
  await clerk.call(writeBackApi.confirmCorrection, { id: proposed?.id ?? '' })

  const [message] = await messagesOf(patientId)
  expect([message?.get('NK1-3.1'), message?.get('NK1-5.1'), message?.get('PID-13')]).toEqual(['CHD', '13900000007', undefined])
})

test('a tag that the destination chose is told when it comes and when it goes, another is not', async () => {
  const patientId = await person()
  const mark = (id: string, isOn: boolean) => manager.call(patientsApi.tag, { patientId, tagId: id, isOn })
  await mark(tagId, true)
  await mark(tagId, true)
  await mark(otherTag, true)
  await mark(tagId, false)

  const told = (await messagesOf(patientId)).map((m) => [m.event, m.get('OBX-3.1'), m.get('OBX-3.2'), m.get('OBX-5')])
  expect(told).toEqual([
    ['A31', tagId, '老干部', 'Y'],
    ['A31', tagId, '老干部', 'N'],
  ])
})

test('that a complaint is open is told while one is, and taken back with the last', async () => {
  const patientId = await person()
  const [first, second] = [newId(), newId()]
  const said = { kind: 'complaint', text: '等了两个小时', patientId, source: 'call' } as const
  const close = (id: string) => officer.call(feedbackApi.close, { id, outcome: 'onTheSpot', result: '已致歉', toldBy: 'phone' })
  for (const id of [first, second]) await officer.call(feedbackApi.record, { id, ...said })
  await house.settle()
  await close(first)
  await house.settle()
  await close(second)

  const told = (await messagesOf(patientId)).map((m) => [m.get('OBX-3.1'), m.get('OBX-5')])
  expect(told).toEqual(['Y', 'Y', 'Y', 'N'].map((state) => ['COMPLAINT_OPEN', state]))
})

test('who may not confirm sees no correction, and another hospital has none', async () => {
  await expect(engineer.call(writeBackApi.corrections, {})).rejects.toMatchObject({ code: 'house.forbidden' })
  const stranger = await house.stranger('integration.confirm')
  expect((await stranger.call(writeBackApi.corrections, { status: 'confirmed' })).rows).toEqual([])
  const [confirmed] = (await clerk.call(writeBackApi.corrections, { status: 'confirmed' })).rows
  await expect(stranger.call(writeBackApi.confirmCorrection, { id: confirmed?.id ?? '' })).rejects.toMatchObject({
    code: 'integration.correctionNotFound',
  })
})
