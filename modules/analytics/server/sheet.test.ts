import { readXlsx } from 'hucre/xlsx'
import { expect, test } from 'vitest'
import { writeTables } from './sheet.ts'

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
