import { parseMessage } from '@renxin/hl7'
import { expect, test } from 'vitest'
import { parseMapping, parsePlaces, textAt } from './mapping.ts'

const fieldsOf = (text: string) => {
  const read = parsePlaces(text)
  return 'wrong' in read
    ? read
    : read.paths.map((p) => `${p.segment}-${p.field}${p.component ? `.${p.component}` : ''}${p.where ? `=${p.where.is}` : ''}`)
}

test.each([
  ['PV1-19.1', ['PV1-19.1']],
  ['PID-3 where CX.5=MR', ['PID-3=MR']],
  ['PID-3 where CX.5=MR or PID-3 where CX.5=PI or PID-2.1', ['PID-3=MR', 'PID-3=PI', 'PID-2.1']],
  ['PV2-42 (ZPV-2 local)', ['PV2-42']],
  ['PV2-42（或 ZPV-2）', ['PV2-42']],
  ['ZPV-1 national table, or so they say', ['ZPV-1']],
  ['PV1-44, local time', ['PV1-44']],
  ['', []],
])('the places of "%s" are %j', (text, places) => {
  expect(fieldsOf(text)).toEqual(places)
})

test.each([
  ['the ward', 'the ward'],
  ['PV1_19', 'PV1_19'],
  ['PV1-19.1 or PV1.50', 'PV1.50'],
  ['PV1-19x', 'PV1-19x'],
  ['PID-3 where CX5', 'PID-3 where CX5'],
  ['(PV1-3)', '(PV1-3)'],
  ['PV1-0', 'PV1-0'],
])('"%s" is refused, and the wrong part is named', (text, wrong) => {
  expect(fieldsOf(text)).toEqual({ wrong })
})

test('the first place that says something counts', () => {
  const message = parseMessage(`MSH|^~\\&|A\rPV1|1|I${'|'.repeat(17)}""${'|'.repeat(31)}V2\r`)
  const { mapping } = parseMapping({ visitNo: 'PV1-19.1 or PV1-50.1' })

  expect(message && textAt(message, mapping, 'visitNo')).toBe('V2')
})

test('a field of two quotes deletes, where no other place says something', () => {
  const message = parseMessage('MSH|^~\\&|A\rPV1|1|I|^^""|||||||""\r')

  expect(message && textAt(message, parseMapping({ bed: 'PV1-10' }).mapping, 'bed')).toBeNull()
  expect(message && textAt(message, parseMapping({ bed: 'PV1-11' }).mapping, 'bed')).toBeUndefined()
})

test('every mistake of a profile is told with the entry it is in', () => {
  const { problems } = parseMapping({
    wrad: 'PV1-3',
    bed: 'bed 3',
    room: 3,
    _remark: 'ours',
    codes: { nursing: { '1': '特护' }, colour: {}, condition: 'C' },
  })

  expect(problems).toEqual([
    { entry: 'wrad', text: 'PV1-3', code: 'unknownField' },
    { entry: 'room', text: '3', code: 'notText' },
    { entry: 'bed', text: 'bed 3', code: 'noPath' },
    { entry: 'codes.colour', text: '', code: 'unknownCodes' },
    { entry: 'codes.condition', text: 'C', code: 'notAnObject' },
    { entry: 'codes.nursing.1', text: '特护', code: 'badMeaning', allowed: '特级 一级 二级 三级' },
  ])
})
