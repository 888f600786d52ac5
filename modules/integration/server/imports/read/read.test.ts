import { encodeText } from '@renxin/hl7'
import { Refusal } from '@renxin/kernel'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { rowXml, workbookOf, zipOf } from './files.fixture.ts'
import { findHead, isAside, layoutOf } from './head.ts'
import { recordsOf, separatorOf } from './separated.ts'
import { openSource, rowsOf } from './source.ts'
import { openZip, unpack } from './zip.ts'

const KNOWN = ['姓名', '性别', '联系电话', '病案号', '家属 电话', '患者 电话', '地址']
const score = (heads: readonly string[]) => heads.filter((h) => KNOWN.includes(h)).length

async function read(bytes: Buffer, sheet?: string) {
  const source = await openSource(bytes)
  const rows: string[][] = []
  for await (const row of rowsOf(bytes, source, sheet ?? source.sheets[0] ?? '')) rows.push(row.cells)
  return rows
}
const refusalOf = async (bytes: Buffer) => {
  try {
    await read(bytes)
  } catch (error) {
    if (error instanceof Refusal) return error.code.replace('integration.', '')
    throw error
  }
  return 'taken'
}

const table = '病案号,姓名,备注\r\n000123,王芳,"说“好”\n第二行"\r\n000124,欧阳娜娜,\r\n'
const rows = [
  ['病案号', '姓名', '备注'],
  ['000123', '王芳', '说“好”\n第二行'],
  ['000124', '欧阳娜娜'],
]

test.each([
  ['UTF-8', Buffer.from(table)],
  ['UTF-8 with its mark', Buffer.from(`\uFEFF${table}`)],
  ['GB18030, which holds GBK', encodeText(table, 'gb18030')],
  ['UTF-16 with its mark', encodeText(table, 'utf-16le')],
  ['UTF-16 without a mark', Buffer.from(table, 'utf16le')],
  ['UTF-16 the other way round', Buffer.from(`\uFEFF${table}`, 'utf16le').swap16()],
])('a table in %s is read the same, with zeros in front and line ends inside a cell', async (_, bytes) => {
  expect(await read(bytes)).toEqual(rows)
})

test.each([',', '\t', '|', ';', '，'])('columns parted by %j are found', async (separator) => {
  const text = ['病案号', '姓名', '诊断'].join(separator).concat('\n', ['1', '王芳', '胆囊炎、结石'].join(separator), '\n')
  expect(separatorOf(text)).toBe(separator)
  expect(await read(Buffer.from(text))).toEqual([
    ['病案号', '姓名', '诊断'],
    ['1', '王芳', '胆囊炎、结石'],
  ])
})

test('a comma in quotes does not make columns, and more columns of another separator do', () => {
  expect(separatorOf('a\tb\tc\n"1,2,3,4"\t5\t6\n')).toBe('\t')
})

test('rows may be short or long, quotes may stand in the middle of a cell, and empty rows among the others are told', async () => {
  const text = 'a,b,c\n1\n\n1,2,3,4\n身高"高",170,\n'
  expect(await read(Buffer.from(text))).toEqual([['a', 'b', 'c'], ['1'], [], ['1', '2', '3', '4'], ['身高"高"', '170']])
})

test('what any program writes with quotes is read as it was, wherever it is cut into pieces', () => {
  const cell = fc.string({ unit: fc.constantFrom('a', ',', '"', '\n', '\r', '王', ' ', '𠮷') })
  const written = fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 5 })
  fc.assert(
    fc.property(written, fc.integer({ min: 1, max: 7 }), (records, size) => {
      const text = records.map((r) => r.map((c) => `"${c.replaceAll('"', '""')}"`).join(',')).join('\r\n')
      const pieces = text.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? []
      expect([...recordsOf(pieces, ',')]).toEqual(records)
    }),
  )
})

test('a quote that is never closed is named with its row instead of swallowing the file', async () => {
  const text = `a,b\n1,"2\n${'3,4\n'.repeat(5000)}`
  await expect(read(Buffer.from(text))).rejects.toMatchObject({ code: 'integration.openQuote', row: 2 })
})

test('a workbook gives dates as days, formulas as what they came to, numbers as typed, and long ones as the spoilt numbers they are', async () => {
  const bytes = workbookOf({
    病人: [
      rowXml(1, ['病案号', '姓名', '出生日期', '身份证号', '电话', '年龄']),
      rowXml(2, ['000123', '王芳', ['d', 25_694], 110101199001011230, 13800138000, ['f', 'YEAR(C2)', '55']]),
      rowXml(5, [7, '李强', 45017.5, '11010119900101123X', '=1+1', 1.5]),
    ].join(''),
  })
  expect(await read(bytes)).toEqual([
    ['病案号', '姓名', '出生日期', '身份证号', '电话', '年龄'],
    ['000123', '王芳', '1970-05-06', '1.10101E+17', '13800138000', '55'],
    [],
    [],
    ['7', '李强', '45017.5', '11010119900101123X', '=1+1', '1.5'],
  ])
})

test('every sheet that is shown can be read, a hidden one is not offered', async () => {
  const bytes = workbookOf({ '甲&amp;乙': rowXml(1, ['a']), 旧: rowXml(1, ['b']), 乙: rowXml(1, ['c']) }, ['旧'])
  expect((await openSource(bytes)).sheets).toEqual(['甲&乙', '乙'])
  expect(await read(bytes, '乙')).toEqual([['c']])
})

const ole = (inner: string) => Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(100), Buffer.from(inner, 'utf16le')])

test.each([
  ['an empty file', Buffer.alloc(0), 'fileEmpty'],
  ['blank lines alone', Buffer.from('\n \r\n'), 'fileEmpty'],
  ['a workbook of before 2007', ole('Workbook'), 'oldWorkbook'],
  ['a workbook with a password', ole('EncryptedPackage'), 'fileLocked'],
  ['a page that is called a table', Buffer.from('<html><table><tr><td>王芳</td></tr></table></html>'), 'pageNotTable'],
  ['a picture', Buffer.from('89504e470d0a1a0a0000000d', 'hex'), 'unknownFile'],
  ['a PDF', Buffer.from('%PDF-1.7\n1 0 obj'), 'unknownFile'],
  ['another zip', zipOf([{ name: 'a.txt', body: Buffer.from('a') }]), 'notAWorkbook'],
  ['a workbook cut off', workbookOf({ a: rowXml(1, ['1']) }).subarray(0, 400), 'fileBroken'],
  ['more than 20 MB', Buffer.alloc(20 * 1024 * 1024 + 1, 'a'), 'fileTooLarge'],
  ['300 columns', Buffer.from(`${'a,'.repeat(300)}\n`), 'tooManyColumns'],
  ['a cell of 10,000 letters', Buffer.from(`a,b\n${'长'.repeat(10_000)},1\n`), 'cellTooLong'],
])('%s is refused with its reason', async (_, bytes, reason) => {
  expect(await refusalOf(bytes)).toBe(reason)
})

test('a workbook that unpacks to 400 MB is refused, whatever sizes it claims', async () => {
  const bomb = workbookOf({ a: rowXml(1, ['1']) })
  const parts = [...openZip(bomb)].map(([name, part]) => ({ name, body: unpack(part, 1_000_000) }))
  const bytes = zipOf([...parts, { name: 'xl/media/bomb.bin', body: Buffer.alloc(400 * 1024 * 1024), claims: 10 }])
  expect(bytes.length).toBeLessThan(1024 * 1024)
  expect(await refusalOf(bytes)).toBe('unpacksTooLarge')
})

test('any bytes at all are read or refused with a reason', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), fc.boolean(), async (some, asZip) => {
      const bytes = asZip ? Buffer.concat([Buffer.from('504b0304', 'hex'), some]) : Buffer.from(some)
      expect(typeof (await refusalOf(bytes))).toBe('string')
    }),
    { numRuns: 300 },
  )
})

const at = (...cells: string[][]) => cells.map((c, i) => ({ number: i + 1, cells: c }))

test('the row of names is found below a title and who printed it', () => {
  const found = findHead(
    at(['出院患者一览表'], ['打印人：张三', '', '打印时间：2026-01-01'], ['病案号', '姓名', '性别'], ['1', '王芳', '女']),
    score,
  )
  expect(found).toEqual({ headRow: 3, heads: ['病案号', '姓名', '性别'] })
})

test('names in two rows with merged groups become one name each', () => {
  const found = findHead(
    at(['病案号', '姓名', '患者', '', '家属', ''], ['', '', '电话', '地址', '电话', '关系'], ['1', '王芳', '1', '2', '3', '4']),
    score,
  )
  expect(found).toEqual({ headRow: 2, heads: ['病案号', '姓名', '患者 电话', '地址', '家属 电话', '关系'] })
})

test('sums, what is printed below, repeated names and empty rows are no rows of the table', () => {
  const heads = ['病案号', '姓名', '金额']
  expect(isAside(['合 计', '4人', '30222.10'], heads)).toBe('total')
  expect(isAside(['', '总计：', '9'], heads)).toBe('total')
  expect(isAside(['制表人：李四'], heads)).toBe('total')
  expect(isAside(['病案号', ' 姓名', '金额'], heads)).toBe('head')
  expect(isAside(['', ' '], heads)).toBe('empty')
  expect(isAside(['000123', '合计明', '3'], heads)).toBe(null)
  expect(isAside(['合川', '王芳', '3'], heads)).toBe(null)
})

test('two files with the same names in the same order have one layout', () => {
  expect(layoutOf('patients', ['病案号', ' 姓名'])).toBe(layoutOf('patients', ['病案号', '姓 名']))
  expect(layoutOf('patients', ['病案号', '姓名'])).not.toBe(layoutOf('encounters', ['病案号', '姓名']))
})
