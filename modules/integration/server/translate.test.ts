import { parseMessage } from '@renxin/hl7'
import { expect, test } from 'vitest'
import { parseMapping, usualMapping } from './mapping.ts'
import { messageOf, profileOfTest, type Said } from './stay-of-test.ts'
import { translate } from './translate.ts'

const receivedAt = new Date('2025-11-20T00:00:00Z')
const zone = 'Asia/Shanghai'
function read(text: string, profile?: object) {
  const message = parseMessage(text)
  if (!message) throw new Error('no message')
  return translate(message, { mapping: profile ? parseMapping(profile).mapping : usualMapping, zone, receivedAt, source: 'S' })
}
const stay: Said = { event: 'A01', sentAt: '20251101093012', visit: 'V1', ward: '内科', bed: '3' }

test('the kind of event is that of MSH-9, and times without a zone are the hospital’s', () => {
  expect(read(messageOf({ ...stay, event: 'A03', discharge: '20251110160000' }))).toMatchObject({
    status: 'applied',
    sentAt: new Date('2025-11-01T09:30:12+08:00'),
    visit: {
      event: 'discharge',
      number: 'V1',
      class: 'inpatient',
      wardName: '内科',
      bed: '3',
      dischargedAt: new Date('2025-11-10T16:00:00+08:00'),
    },
    person: { name: '钱多多', sex: 'female', birthOn: '1960-01-02', identifiers: [{ system: 'HIS', type: 'MR', value: 'R1' }] },
  })
})

test('what is not sent is not said', () => {
  const { person, visit } = read(messageOf({ event: 'A08', sentAt: '20251101', visit: 'V1' }))

  expect(Object.keys(visit ?? {}).toSorted()).toEqual(['admittedAt', 'class', 'event', 'number', 'sourceAt'])
  expect(person).not.toHaveProperty('kin')
  expect(person).not.toHaveProperty('identityCard')
})

test('a class of people or a payer that is a bare code is taken as it stands and noted, so that somebody gives it a meaning', () => {
  const head = 'MSH|^~\\&|HIS|甲院|CRM||20251101||ADT^A08|1|P|2.5\rPID|1||R1^^^HIS^MR||钱多多\r'
  const of = (identity: string, payer: string, codes = {}) =>
    read(`${head}PV1|1|I${'|'.repeat(16)}${identity}|V1|${payer}\r`, { codes: { identity: codes } })

  expect(of('03', '01^职工医保')).toMatchObject({
    person: { identityClass: '03', payer: '职工医保' },
    notes: [{ code: 'unknownCode', field: 'identity', value: '03' }],
  })
  expect(of('03', '', { '03': '干部' })).toMatchObject({ person: { identityClass: '干部' }, visit: { identityClass: '干部' }, notes: [] })
  expect(of('军属', '')).toMatchObject({ person: { identityClass: '军属' }, notes: [] })
})

test('a sender’s own segment and codes are read by its mapping, and a code without a meaning is noted', () => {
  expect(read(messageOf({ ...stay, nursing: '2' }), profileOfTest).visit?.nursingLevel).toBe('一级')
  const odd = read(messageOf({ ...stay, nursing: '7' }), profileOfTest)
  expect(odd.visit).not.toHaveProperty('nursingLevel')
  expect(odd.notes).toEqual([{ code: 'unknownCode', field: 'nursingLevel', value: '7' }])
})

test.each([
  ['二级护理', '二级'],
  ['特级护理', '特级'],
  ['Ⅰ级护理', '一级'],
  ['Ⅱ级', '二级'],
  ['Ⅲ级护理', '三级'],
  ['3级', '三级'],
])('the nursing level %s is %s', (sent, level) => {
  expect(read(messageOf({ ...stay, nursing: sent }), { nursingLevel: 'ZPV-1' }).visit?.nursingLevel).toBe(level)
})

test('a visit without a number: the person is taken and the rest waits', () => {
  const read1 = read(messageOf({ ...stay, visit: '' }))

  expect(read1).toMatchObject({ status: 'waiting', reason: 'noVisitNumber', person: { name: '钱多多' } })
  expect(read1.visit).toBeUndefined()
})

test('an update of the person alone needs no visit', () => {
  expect(read(messageOf({ event: 'A08', sentAt: '20251101093012' }))).toMatchObject({ status: 'applied', person: { name: '钱多多' } })
  expect(read(messageOf({ event: 'A31', sentAt: '20251101093012' }))).toMatchObject({ status: 'applied' })
})

test('what we do not use is ignored, what has no type fails', () => {
  expect(read('MSH|^~\\&|L||||20251101||VXU^V04|1|P|2.5\rPID|1||R1\r').status).toBe('ignored')
  expect(read('MSH|^~\\&|L||||20251101||ADT^A20|1|P|2.5\r').status).toBe('ignored')
  expect(read('MSH|^~\r')).toMatchObject({ status: 'failed', reason: 'noType' })
})

test('a merge names who stays and who is retired', () => {
  expect(read(messageOf({ event: 'A40', sentAt: '20251111090000', merged: 'R9' })).person?.mergeOf).toEqual([
    { system: 'HIS', type: 'MR', value: 'R9' },
  ])
  expect(read(messageOf({ event: 'A40', sentAt: '20251111090000' }))).toMatchObject({ status: 'waiting', reason: 'noMergedId' })
})

test('death is believed, the N of every other message takes nothing back', () => {
  const pid = (pid29: string, pid30: string) =>
    `MSH|^~\\&|H||||20251101||ADT^A31|1|P|2.5\rPID|1||R1^^^HIS^MR${'|'.repeat(26)}${pid29}|${pid30}\r`

  expect(read(pid('202511011030', 'Y')).person?.deceased).toEqual({ at: new Date('2025-11-01T10:30:00+08:00') })
  expect(read(pid('', 'Y')).person?.deceased).toEqual({ at: null })
  expect(read(pid('', 'N')).person).not.toHaveProperty('deceased')
  expect(read(pid('', '""')).person?.deceased).toBe(false)
})
