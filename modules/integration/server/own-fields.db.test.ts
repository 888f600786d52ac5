import { encounters } from '@renxin/encounters'
import { encodeMessage, type SegmentIn } from '@renxin/hl7'
import { newId } from '@renxin/kernel'
import { patients } from '@renxin/patients'
import { type FieldDefinition, fieldsApi } from '@renxin/patients/contract'
import { openHouse } from '@renxin/server/testing'
import { staff } from '@renxin/staff'
import { beforeAll, beforeEach, expect, test } from 'vitest'
import { integrationApi, type Profile } from '../contract.ts'
import { ownFieldsApi } from '../own-fields-contract.ts'
import { ingest, integration, readFrame } from './index.ts'

const house = await openHouse([staff, patients, encounters, integration], { now: '2026-11-10T09:00+08:00' })
const engineer = house.who('integration.read', 'integration.mend', 'integration.manage', 'patients.manage')

const define = (said: Pick<FieldDefinition, 'key' | 'label' | 'kind' | 'object'> & Partial<FieldDefinition>) =>
  engineer.call(fieldsApi.saveField, {
    id: newId(), options: [], isRequired: false, pattern: null, least: null, most: null, position: 0, isActive: true, isSearchable: false,
    isInList: false, isSensitive: false, riskOption: null, ...said,
  }) // biome-ignore format: a list

beforeAll(async () => {
  await define({ key: 'living', label: '居住情况', kind: 'choice', object: 'patient', options: ['独居', '与家人同住'] })
  await define({ key: 'diseases', label: '慢病', kind: 'multiple', object: 'patient', options: ['高血压', '糖尿病'] })
  await define({ key: 'firstSeen', label: '建档日期', kind: 'date', object: 'patient' })
  await define({ key: 'bloodCard', label: '献血证号', kind: 'text', object: 'patient', isSensitive: true })
  await define({ key: 'escort', label: '陪护人数', kind: 'number', object: 'inpatient', most: '3' })
})

/** A HIS whose segment ZCU says where somebody lives, which chronic diseases are known, since when, and how many keep him company. */
const messageOf = (n: number, minute: string, zcu: string[]) => {
  const sentAt = `202611100${minute}00`
  const head: SegmentIn = [
    'MSH',
    'HIS',
    '甲院',
    'CRM',
    '',
    sentAt,
    '',
    ['ADT', 'A08'],
    `${n}-${minute}`,
    'P',
    '2.4',
    '',
    '',
    '',
    '',
    '',
    'UNICODE UTF-8',
  ]
  const person: SegmentIn = ['PID', '1', '', [`H${n}`, '', '', 'WN', 'MR'], '', `吴${n}`, '', '19700101', 'M']
  return encodeMessage([
    head,
    ['EVN', 'A08', sentAt],
    person,
    ['PV1', '1', 'I', ['骨科', '', '8'], ...Array(15).fill(undefined), `V${n}`],
    ['ZCU', ...zcu],
  ]).replace('\\R\\', '~')
}
const send = async (...texts: string[]) =>
  (await house.inside((ctx) => ingest(ctx, texts.flatMap((t) => readFrame(Buffer.from(t)))))).map((t) => t.status) // biome-ignore format: one thought
const kept = (n: number) =>
  house
    .sql<{ key: string; text: string | null; number: number | null; day: string | null }>(
      `select d.key, v.text_value as text, v.number_value as number, v.date_value as day from patients.field_values v
       join patients.field_definitions d on d.id = v.field_id
       where v.is_shown and (v.text_value is not null or v.number_value is not null or v.date_value is not null) and v.object_id in (
         select patient_id from patients.identifiers where value = $1
         union select id from encounters.cards where number = $2) order by d.key, v.position`,
      [`H${n}`, `V${n}`],
    )
    .then((rows) => rows.map((r) => `${r.key} ${r.text ?? r.number ?? r.day}`))

const mapping: Profile = {
  'own:patient:living': 'ZCU-1',
  'own:patient:diseases': 'ZCU-2',
  'own:patient:firstSeen': 'ZCU-3',
  'own:inpatient:escort': 'ZCU-4',
  codes: { 'own:patient:living': { '1': '独居', '2': '与家人同住' } },
}
const settings = { name: '甲院 HIS', charset: 'auto' as const, zone: null, replyMode: 'auto' as const, isActive: true }
let senderId = ''
beforeEach(async () => {
  if (!senderId) {
    await send(messageOf(99, '900', ['1']))
    senderId = (await engineer.call(integrationApi.senders, {})).rows[0]?.id ?? ''
  }
  await engineer.call(integrationApi.saveSender, { id: senderId, ...settings, mapping })
})

test('the pages of mappings are told what the hospital asks beyond what every hospital does', async () => {
  const { rows } = await engineer.call(ownFieldsApi.ownFields, {})

  expect(rows.map((o) => `${o.name} ${o.label}`).sort()).toEqual([
    'own:inpatient:escort 陪护人数',
    'own:patient:bloodCard 献血证号',
    'own:patient:diseases 慢病',
    'own:patient:firstSeen 建档日期',
    'own:patient:living 居住情况',
  ])
})

test('what a HIS says in a segment of its own stands in the hospital’s own fields of the patient and of the stay', async () => {
  expect(await send(messageOf(1, '901', ['1', '糖尿病~高血压', '20200105103000', '2']))).toEqual(['applied'])

  expect(await kept(1)).toEqual(['diseases 高血压', 'diseases 糖尿病', 'escort 2', 'firstSeen 2020-01-05', 'living 独居'])
})

test('the latest word counts whatever the order of arrival; left empty it stays, and an explicit nothing takes it away', async () => {
  await send(messageOf(2, '905', ['与家人同住', '', '', '1']), messageOf(2, '901', ['1', '高血压', '', '3']))
  expect(await kept(2)).toEqual(['diseases 高血压', 'escort 1', 'living 与家人同住'])

  await send(messageOf(2, '906', ['""', '', '', '""']))

  expect(await kept(2)).toEqual(['diseases 高血压'])
})

test('what a field does not take is noted, the rest of the message counts, and a code that is given its meaning is read again', async () => {
  expect(await send(messageOf(3, '901', ['7', '高血压', '', '9']))).toEqual(['applied'])
  expect(await kept(3)).toEqual(['diseases 高血压'])
  const noted = (await engineer.call(integrationApi.messages, { number: 'V3', noted: 'yes' })).rows
  const { notes } = await engineer.call(integrationApi.message, { id: noted[0]?.id ?? '' })
  expect(notes).toEqual([
    { code: 'badOwnField', field: 'own:patient:living', value: '7' },
    { code: 'badOwnField', field: 'own:inpatient:escort', value: '9' },
  ])

  const codes = { 'own:patient:living': { '1': '独居', '7': '独居' } }
  await engineer.call(integrationApi.saveSender, { id: senderId, ...settings, mapping: { ...mapping, codes } })
  await engineer.call(integrationApi.replayAll, { cause: 'notes', senderId })

  expect(await kept(3)).toEqual(['diseases 高血压', 'living 独居'])
})

test('a pasted message shows what would be read of the own fields; a mapping to a field that nobody defined is refused', async () => {
  const tried = await engineer.call(integrationApi.testMapping, { mapping, text: messageOf(4, '901', ['2', '', '', '1']) })

  expect(tried.reads).toContainEqual({ field: 'own:patient:living', path: 'ZCU-1', value: '2' })
  expect(tried.facts).toContainEqual({ about: 'patient', field: 'own:patient:living', value: '与家人同住' })
  expect(tried.facts).toContainEqual({ about: 'encounter', field: 'own:inpatient:escort', value: '1' })

  const save = (profile: Profile) => engineer.call(integrationApi.saveSender, { id: senderId, ...settings, mapping: profile })
  await expect(save({ 'own:patient:nowhere': 'ZCU-9' })).rejects.toMatchObject({
    code: 'integration.badMapping',
    details: { problems: [{ entry: 'own:patient:nowhere', code: 'unknownField' }] },
  })
  await expect(save({ ...mapping, codes: { 'own:patient:living': { '1': '在月球' } } })).rejects.toMatchObject({
    details: { problems: [{ entry: 'codes.own:patient:living.1', code: 'badMeaning', allowed: '独居 与家人同住' }] },
  })
})

test('a content that the hospital keeps sealed is not written into the notes', async () => {
  await engineer.call(integrationApi.saveSender, { id: senderId, ...settings, mapping: { 'own:patient:bloodCard': 'ZCU-5' } })
  await send(messageOf(5, '901', ['', '', '', '', 'X'.repeat(501)]))

  const [noted] = (await engineer.call(integrationApi.messages, { number: 'V5' })).rows
  const { notes } = await engineer.call(integrationApi.message, { id: noted?.id ?? '' })

  expect(notes).toEqual([{ code: 'badOwnField', field: 'own:patient:bloodCard', value: '' }])
})
