import { expect, test } from 'vitest'
import { charsetOf, decode, encodeText, parseMessage } from './index.ts'

const text = (msh18: string) => `MSH|^~\\&|HIS|葉錦東醫院|CRM||20251101||ADT^A01|1|P|2.5||||||${msh18}\rPID|1||1||葉錦東珅玘誠^陳|\r`

test.each([
  ['', 'gb18030', 'gb18030'],
  ['GB 18030-2000', 'gb18030', 'gb18030'],
  ['GBK', 'gb18030', 'gb18030'],
  ['', 'utf-8', 'utf-8'],
  ['UNICODE', 'utf-8', 'utf-8'],
  ['UNICODE UTF-8', 'utf-8', 'utf-8'],
  ['ASCII~UNICODE UTF-8', 'utf-8', 'utf-8'],
  ['ASCII', 'utf-8', 'utf-8'],
  ['UNICODE UTF-8', 'gb18030', 'gb18030'],
] as const)('MSH-18 "%s" with bytes in %s is read as %s', (declared, sent, read) => {
  const decoded = decode(encodeText(text(declared), sent))

  expect(decoded.charset).toBe(read)
  expect(decoded.text).toBe(text(declared))
  expect(parseMessage(decoded.text)?.get('PID-5.1')).toBe('葉錦東珅玘誠')
})

test('a header whose own names hold delimiter bytes still gives its character set', () => {
  const bytes = encodeText(text('GB18030'), 'gb18030')

  expect(bytes.subarray(0, 40).filter((b) => b === 0x7c).length).toBeGreaterThan(4) // 葉 and 東 end in the byte of `|`
  expect(decode(bytes).declared).toBe('GB18030')
})

test('bytes that disprove what is declared are told', () => {
  expect(decode(encodeText(text('UNICODE UTF-8'), 'gb18030')).disagrees).toBe(true)
  expect(decode(encodeText(text('UNICODE UTF-8'), 'utf-8')).disagrees).toBe(false)
})

test('the sender’s setting comes before the header', () => {
  expect(decode(encodeText(text('ASCII'), 'gb18030'), 'gb18030').text).toBe(text('ASCII'))
})

test('a byte order mark goes away, whatever stands before MSH', () => {
  expect(decode(Buffer.from(`\uFEFF${text('')}`)).text).toBe(text(''))
})

test('names of character sets as makers write them', () => {
  expect(['UNICODE UTF-16', 'utf8', 'CP936', 'GB2312', 'BIG-5', '8859/1', 'ISO IR87'].map(charsetOf)).toEqual([
    'utf-16le',
    'utf-8',
    'gb18030',
    'gb18030',
    'big5',
    'windows-1252',
    undefined,
  ])
})

test('GB18030 goes there and back, two bytes, four bytes and beyond the first plane', () => {
  const everything = 'A€葉㛃𠮷😀ü·～\u{2A6D6}\ufffd'

  expect(new TextDecoder('gb18030', { fatal: true }).decode(encodeText(everything, 'gb18030'))).toBe(everything)
})

test.each([
  ['BIG-5', 'big5', '葉錦東醫院'],
  ['8859/1', 'windows-1252', 'Krankenhaus Köln'],
  ['UNICODE UTF-16', 'utf-16le', '葉錦東醫院'],
  ['', 'utf-16be', '葉錦東醫院'],
] as const)('a message in "%s" is read, and can be answered in %s', (declared, charset, facility) => {
  const sent = `MSH|^~\\&|HIS|${facility}|CRM||20251101||ADT^A01|1|P|2.5||||||${declared}\r`

  const decoded = decode(encodeText(sent, charset))

  expect([decoded.charset, decoded.text]).toEqual([charset, sent])
})

test('wide characters without a mark are told by their zero bytes', () => {
  const sent = text('')

  expect(decode(Buffer.from(sent, 'utf16le')).text).toBe(sent)
  expect(decode(Buffer.from(sent, 'utf16le').swap16()).text).toBe(sent)
})

test('of several sets in the header the bytes prove one', () => {
  expect(decode(encodeText(text('8859/1~UNICODE UTF-8'), 'utf-8')).charset).toBe('utf-8')
  expect(decode(encodeText(text('ASCII~GBK'), 'gb18030')).charset).toBe('gb18030')
})

test('a character that a set does not have is a question mark in the answer, and nothing worse', () => {
  expect(encodeText('A😀ö', 'windows-1252').toString('latin1')).toBe('A?ö')
})

test('a switch to GB 2312 within a text is followed, and back', () => {
  const message = parseMessage('MSH|^~\\&|A\rPID|1||1||\\M2441\\UT=(9z\\C2842\\ ok\r')

  expect(message?.get('PID-5.1')).toBe('赵建国 ok')
})
