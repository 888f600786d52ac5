import { expect, test } from 'vitest'
import { maskIdentityCard, maskName } from './masking.ts'

test.each([
  ['张三', '张*'],
  ['王小明', '王*明'],
  ['欧阳娜娜', '欧**娜'],
  ['欧阳上官娜', '欧**娜'],
  ['𠮷田', '𠮷*'],
  ['㛃', '*'],
  ['阿卜杜热合曼·买买提江', '阿*********江'],
  ['买买提•艾力', '买****力'],
  ['', ''],
  [' 张三 ', '张*'],
])('%s is shown as %s', (name, masked) => {
  expect(maskName(name)).toBe(masked)
})

test('of an identity number the first three and the last four are shown', () => {
  expect(maskIdentityCard('320000000000001234')).toBe('320***********1234')
  expect(maskIdentityCard('E12345678')).toBe('*******78')
})
