import { expect, test } from 'vitest'
import { decode, escapeText, explain, parse, parseMessage, pathAtStart, readTime, unescapeText, usualDelimiters } from './index.ts'

// Written for this test after HL7 v2.5, chapter 2.
const admission = [
  'MSH|^~\\&|HIS|示范医院|CRM|示范医院|20251101093012||ADT^A01^ADT_A01|C1|P|2.5',
  'EVN|A03|20251101093000',
  'PID|1||H1^^^HIS^MR~110101^^^GA^NNCHN||王小明~Wang^Xiaoming^^^^^^P||19800102|M|||某路1号&甲^^某市||139^PRN^CP|""',
  'PV1|1|I|内科^0312^12床|||||||||||||||||V1',
  'ZPV|3^二级护理|',
]

test('a path leads to the first repetition, or to the one its condition names', () => {
  const m = parseMessage(admission.join('\r'))

  expect(m?.get('PID-3.1')).toBe('H1')
  expect(m?.get('PID-3 where CX.5=NNCHN')).toBe('110101')
  expect(m?.get('PID-3.4 where CX.5=NNCHN')).toBe('GA')
  expect(m?.get('PID-3 where CX.5=HC')).toBeUndefined()
  expect(m?.get('PID-11.1')).toBe('某路1号')
  expect(m?.get('PID-11.1.2')).toBe('甲')
  expect(m?.get('ZPV-1.2')).toBe('二级护理')
  expect(m?.get('OBX-5')).toBeUndefined()
})

test('the empty field says nothing, the field of two quotes asks to delete', () => {
  const m = parseMessage(admission.join('\r'))

  expect(m?.get('PID-14')).toBeUndefined()
  expect(m?.isDeleted('PID-14')).toBe(true)
  expect(m?.isDeleted('PID-15')).toBe(false)
})

test('the event is that of MSH-9, whatever EVN-1 says', () => {
  expect(parseMessage(admission.join('\r'))?.event).toBe('A01')
})

test.each([
  ['CR', '\r'],
  ['LF', '\n'],
  ['CRLF', '\r\n'],
  ['a blank line between', '\r\n\r\n'],
])('lines may end in %s', (_, end) => {
  const m = parseMessage(`\uFEFF${admission.join(end)}${end}`)

  expect(m?.segments.map((s) => s.name)).toEqual(['MSH', 'EVN', 'PID', 'PV1', 'ZPV'])
})

test('a bare line end inside a text belongs to the text', () => {
  const m = parseMessage('MSH|^~\\&|A\rOBX|1|TX|X||第一行\n第二行\rNTE|1')

  expect(m?.get('OBX-5')).toBe('第一行\n第二行')
  expect(m?.all('NTE')).toHaveLength(1)
})

test('a batch, several messages and lines that belong to none', () => {
  const read = parse('PID|1\rFHS|^~\\&|A\rBHS|^~\\&|A\rMSH|^~\\&|A|||||||1\rPID|1\rMSH@~#!$@B@@@@@@@2\rPID@1@@x~y\rBTS|2\rFTS|1\r')

  expect(read.messages.map((m) => [m.get('MSH-3'), m.get('MSH-10') ?? m.get('MSH-9')])).toEqual([
    ['A', '1'],
    ['B', '2'],
  ])
  expect(read.messages[1]?.get('PID-3.2')).toBe('y')
  expect(read.envelope.map((s) => s.name)).toEqual(['FHS', 'BHS', 'BTS', 'FTS'])
  expect(read.strays).toEqual(['PID|1'])
})

test('escapes are read, and those that are no characters stay', () => {
  expect(unescapeText('a\\F\\b\\S\\c\\T\\d\\R\\e\\E\\f\\.br\\g\\X0D0A\\h')).toBe('a|b^c&d~e\\f\ng\r\nh')
  expect(unescapeText('\\H\\急\\N\\ \\Z99\\ \\.in+4\\')).toBe('急 \\Z99\\ \\.in+4\\')
  expect(unescapeText('C:\\temp\\F\\x\\')).toBe('C:\\temp|x\\')
  expect(unescapeText('\\XC4E3\\ \\XE4BDA0\\')).toBe('你 你')
  expect(escapeText('a|b\r\nc\\', usualDelimiters)).toBe('a\\F\\b\\.br\\c\\E\\')
})

test.each([
  ['20251101093012', '2025-11-01T09:30:12'],
  ['20251101093012.5+0800', '2025-11-01T09:30:12.5+08:00'],
  ['202511010930', '2025-11-01T09:30'],
  ['20251101', '2025-11-01'],
  ['202511', '2025-11'],
  ['1970', '1970'],
  ['202512312400', '2026-01-01T00:00'],
  ['20251231240000', '2026-01-01T00:00:00'],
  ['20190230', undefined],
  ['196203520', undefined],
  ['20251101250000', undefined],
  ['', undefined],
])('the time %s is %s', (sent, read) => {
  expect(readTime(sent)?.text).toBe(read)
})

test('a path stops where a remark begins', () => {
  expect(pathAtStart('PV2-42 (ZPV-2 local)')).toEqual({ path: { segment: 'PV2', field: 42 }, rest: ' (ZPV-2 local)' })
  expect(pathAtStart('where')).toBeUndefined()
})

test('a reader is told the name of each field and component', () => {
  const m = parseMessage(admission.join('\r'))
  const pid = m && explain(m).find((s) => s.name === 'PID')

  expect(pid?.label?.zh).toBe('患者')
  expect(pid?.fields.map((f) => [f.path, f.label?.zh])).toContainEqual(['PID-3[2]', '患者标识'])
  expect(pid?.fields.find((f) => f.path === 'PID-3[2]')?.parts).toContainEqual({
    path: 'PID-3[2].5',
    label: { zh: '类型', en: 'Type' },
    value: 'NNCHN',
  })
  expect(pid?.fields.find((f) => f.path === 'PID-14')?.value).toBe('""')
})

test('a text that decodes from UTF-16 with its mark is read', () => {
  expect(decode(Buffer.from('\uFEFFMSH|^~\\&|医', 'utf16le')).text).toBe('MSH|^~\\&|医')
})

test('a field with bare line ends is one segment whatever the escape character is; blank lines between are no part of it', () => {
  const message = parseMessage('MSH|^~$&|HIS\rOBX|1|TX|||first\nsecond\r\n \n\nthird\r\rOBX|2|TX|||one\ntwo\rPV1|1|I\r')

  expect(message?.get('OBX-5')).toBe('first\nsecond\nthird')
  expect(message?.all('OBX')[1]?.get(5)).toBe('one\ntwo')
  expect(message?.get('PV1-2')).toBe('I')
})
