import { readXlsx } from 'hucre/xlsx'
import { expect, test } from 'vitest'
import { writeCsv, writeTables } from './sheet.ts'

test('what somebody wrote is never a formula, and numbers stay numbers', async () => {
  const body = await writeTables([
    {
      name: '意见/类别',
      title: '仁心示范医院',
      about: [['导出人', '=HYPERLINK("http://x")']],
      columns: [{ name: '原话' }, { name: '电话' }, { name: '件数', as: 'count' }, { name: '满意', as: 'share' }],
      rows: [
        ['=1+1', '013900000101', 3, 0.917],
        ['+cmd', '-2', 0, null],
        ['@sum', '110101195603122154', 1, 1],
      ],
    },
  ])

  const { sheets } = await readXlsx(new Uint8Array(body), { readFormulas: true } as object)

  expect(sheets[0]?.name).toBe('意见 类别')
  expect(sheets[0]?.rows.slice(4)).toEqual([
    ['=1+1', '013900000101', 3, 0.917],
    ['+cmd', '-2', 0, null],
    ['@sum', '110101195603122154', 1, 1],
  ])
  expect([...(sheets[0]?.cells?.values() ?? [])].some((cell) => cell.formula !== undefined)).toBe(false)
  expect(sheets[0]?.freezePane).toMatchObject({ rows: 4 })
})

test('a CSV begins no cell with a formula and keeps commas, quotes and lines in their cell', () => {
  const body = writeCsv(['甲', '乙'], [['=1+1', -2], ['+a,"b"\nc', null], ['\t=1', '@x'], ['王-芳', 3]]) // biome-ignore format: a table

  expect(String(body)).toBe(`\u{feff}甲,乙\r\n'=1+1,-2\r\n"'+a,""b""\nc",\r\n'\t=1,'@x\r\n王-芳,3\r\n`)
})
