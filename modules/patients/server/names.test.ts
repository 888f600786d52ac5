import { expect, test } from 'vitest'
import { readName, readPhonetic } from './pinyin.ts'
import { keysOfName, keysOfNumber } from './search-keys.ts'

const keys = (name: string, kind: string) =>
  keysOfName(name)
    .filter((k) => k.kind === kind)
    .map((k) => k.key)

test.each([
  ['单雄信', 'shan xiong xin'],
  ['解缙', 'xie jin'],
  ['仇九', 'qiu jiu'],
  ['查良镛', 'zha liang yong'],
  ['尉迟恭', 'yu chi gong'],
  ['欧阳娜娜', 'ou yang na na'],
  ['吕布', 'lv bu'],
  ['阿卜杜热合曼·买买提江', 'a bu du re he man mai mai ti jiang'],
  ['John Smith', 'john smith'],
])('%s is read %s', (name, reading) => {
  expect(readName(name).whole).toBe(reading)
})

test('a reading that a source gives counts when it has a syllable for each character', () => {
  expect(readPhonetic('Shan Xiong Xin', '单雄信')?.initials).toBe('sxx')
  expect(readPhonetic('SXX', '单雄信')).toBeUndefined()
  expect(readPhonetic('S X X', '单雄信')).toBeUndefined()
})

test('a name is met from each character and each syllable on', () => {
  expect(keys('王小明', 'name')).toEqual(['王小明', '小明', '明'])
  expect(keys('王小明', 'pinyin')).toEqual(['wangxiaoming', 'xiaoming', 'ming'])
  expect(keys('王小明', 'initials')).toEqual(['wxm', 'xm'])
})

test('rare characters, dots, latin names and very long ones have whole keys', () => {
  expect(keys('𠮷田', 'name')).toEqual(['𠮷田', '田'])
  expect(keys('买买提·艾力', 'name')).toContain('艾力')
  expect(keys('John Smith', 'name')).toEqual(['johnsmith', 'smith'])
  expect(keys('吕布', 'pinyin')).toEqual(['lvbu', 'bu', 'lubu'])
  expect(keys('王'.repeat(30), 'name')).toHaveLength(12)
  expect(keysOfName('')).toEqual([])
})

test('a number is met as it stands and without the zeros in front', () => {
  expect(keysOfNumber('0012345').map((k) => k.key)).toEqual(['0012345', '12345'])
  expect(keysOfNumber('H0000101').map((k) => k.key)).toEqual(['h0000101'])
})
