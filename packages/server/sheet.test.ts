import { readXlsx } from 'hucre/xlsx'
import { expect, test } from 'vitest'
import { csvOf, type Mark, workbookOf } from './sheet.ts'

const mark: Mark = {
  title: '仁心示范医院 · 意见',
  about: [
    ['导出人', '=HYPERLINK("http://x")'],
    ['理由', '质控, 九月'],
  ],
  serial: '编号 EX-000007',
  header: ['仁心示范医院', 'A&B', 'EX-000007'],
  footer: ['张护士 2026-09-04 09:00', '理'.repeat(200)],
}
const table = {
  name: '意见/类别',
  columns: [{ name: '原话' }, { name: '电话' }, { name: '件数', as: 'count' as const }, { name: '满意', as: 'share' as const }],
  rows: [
    ['=1+1', '013900000101', 3, 0.917],
    ['+cmd', '-2', 0, null],
    ['@sum', '110101195603122154', 1, 1],
  ],
}

test('what somebody wrote is never a formula, and numbers stay numbers', async () => {
  const { sheets } = await readXlsx(new Uint8Array(await workbookOf([table], mark)), { readFormulas: true } as object)

  expect(sheets[0]?.name).toBe('意见 类别')
  expect(sheets[0]?.rows.slice(5)).toEqual(table.rows)
  expect([...(sheets[0]?.cells?.values() ?? [])].some((cell) => cell.formula !== undefined)).toBe(false)
  expect(sheets[0]?.freezePane).toMatchObject({ rows: 5 })
})

test('a workbook says on top of each table and on each printed page whose it is', async () => {
  const { sheets } = await readXlsx(new Uint8Array(await workbookOf([table, { ...table, name: '科室' }], mark)))

  expect(sheets.map((s) => s.rows.slice(0, 4).map((r) => r.filter((c) => c !== null && c !== '')))).toEqual(
    ['意见/类别', '科室'].map((name) => [[`${mark.title} · ${name}`], ...mark.about, [mark.serial]]),
  )
  for (const sheet of sheets) {
    expect(sheet.headerFooter?.oddHeader).toBe('&L 仁心示范医院&C A&&B&R EX-000007')
    expect(sheet.headerFooter?.oddFooter).toMatch(/^&L 张护士 2026-09-04 09:00&C 理{70}&R&P \/ &N$/)
  }
})

test('a CSV has its mark on top, begins no cell with a formula, cuts no number, and keeps commas, quotes and lines in their cell', () => {
  const rows = [['=1+1', -2], ['+a,"b"\nc', null], ['\t=1', '@x'], ['\r=1', '-1'], ['王-芳', 3], ['0139', '110101195603122154'], ['13900000101', 0]] // biome-ignore format: a table

  const body = csvOf([{ name: '甲', columns: [{ name: '甲' }, { name: '乙' }], rows }], mark)

  const [title, by, why, serial, ...lines] = String(body).split('\r\n')
  expect([title, by, why, serial]).toEqual([
    '\u{feff}仁心示范医院 · 意见',
    `导出人,"'=HYPERLINK(""http://x"")"`,
    '理由,"质控, 九月"',
    '编号 EX-000007',
  ])
  expect(lines).toEqual(['甲,乙', `'=1+1,-2`, `"'+a,""b""\nc",`, `'\t=1,'@x`, `"'\r=1",'-1`, '王-芳,3', `'0139,'110101195603122154`, '13900000101,0', '']) // biome-ignore format: a table
})
