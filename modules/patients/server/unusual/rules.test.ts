import { expect, test } from 'vitest'
import { UnusualSettings } from '../../contract.ts'
import { buildingOf, judge, judgeVolume, type Look, limitOf, medianOf, sharedAddress, surnameOf } from './rules.ts'

const presets = UnusualSettings.parse({})
const plain: Look = {
  isOpened: true,
  isNight: false,
  isInEmergency: false,
  isAtWork: false,
  isOfWard: false,
  classes: [],
  isOwnFile: false,
  kin: null,
  isSameSurname: false,
  shares: null,
  nights: 0,
  days: 0,
}
const told = (look: Partial<Look>, settings = presets) => judge({ ...plain, ...look }, settings).map((f) => `${f.rule} ${f.reason.by}`)

test('a colleague, a relative, a neighbour, a protected patient and a stranger to the ward are told of', () => {
  expect(told({ classes: ['staff'] })).toEqual(['colleague colleague'])
  expect(told({ isOwnFile: true, classes: ['staff'] })).toEqual(['colleague own'])
  expect(told({ kin: 'namedByPatient' })).toEqual(['family namedByPatient'])
  expect(told({ isSameSurname: true, shares: 'address' })).toEqual(['family surname'])
  expect(told({ isSameSurname: true, shares: 'building' })).toEqual(['neighbour building'])
  expect(told({ shares: 'phone' })).toEqual(['neighbour phone'])
  expect(told({ isSameSurname: true })).toEqual([]) // alone it says nothing
  expect(told({ classes: ['vip'] })).toEqual(['protected vip'])
  expect(told({ isOfWard: true })).toEqual(['unrelated unrelated'])
})

test('who works with the patient is silent, unless the hospital asks for it; one’s own file and an emergency never are', () => {
  const everything = {
    classes: ['staff', 'vip'],
    kin: 'namedByOwn',
    shares: 'phone',
    isOfWard: true,
    isNight: true,
    isAtWork: true,
  } as const
  expect(told(everything)).toEqual([])
  expect(told(everything, { ...presets, evenAtWork: true })).toEqual(['colleague colleague', 'family namedByOwn', 'protected vip'])
  expect(told({ isOwnFile: true, isAtWork: true })).toEqual(['colleague own'])
  expect(told({ isInEmergency: true, isOfWard: true, isNight: true })).toEqual(['emergency emergency'])
})

test('a patient who only stood in a list was not looked at', () => {
  expect(told({ isOpened: false, classes: ['vip'], isOwnFile: true })).toEqual([])
})

test('a look at night is told of where nights are not usual for the looker; three of the last weeks make them so', () => {
  expect(told({ isNight: true, nights: 2, days: 20 })).toEqual(['night night'])
  expect(told({ isNight: true, nights: 3, days: 20 })).toEqual([])
})

test('a rule that the hospital turned off says nothing', () => {
  expect(told({ classes: ['vip'], isOfWard: true }, { ...presets, off: ['protected'] })).toEqual(['unrelated unrelated'])
})

test('the limit of a day by hand: ten days round 20, two quiet ones, k = 3.5', () => {
  const counts = [18, 19, 20, 20, 20, 21, 22, 23, 4, 5]
  // sorted 4 5 18 19 20 20 20 21 22 23: median 20; deviations 16 15 2 1 0 0 0 1 2 3: median 1.5; 1.4826·1.5 = 2.22 < √20 = 4.47; 20 + 3.5·4.47
  expect(limitOf(counts, 3.5)).toEqual({ median: 20, limit: 35.7 })
  // deviations all 10: 1.4826·10 = 14.83 > √30 = 5.48; 30 + 3.5·14.83
  expect(limitOf([20, 40, 20, 40], 3.5)).toEqual({ median: 30, limit: 81.9 })
  expect(medianOf([])).toBe(0)
})

test('a great day is held against one’s own, else against those of the same roles, and without history enough not at all', () => {
  const own = Array.from({ length: 10 }, () => 60)
  const peers = Array.from({ length: 21 }, (_, i) => ({ actorId: `p${i % 3}`, seen: 60 }))
  expect(judgeVolume(90, own, [], presets)).toMatchObject({ by: 'ownHistory', seen: 90, median: 60, limit: 87.1, days: 10 })
  expect(judgeVolume(87, own, [], presets)).toBeNull()
  expect(judgeVolume(90, own.slice(1), peers, presets)).toMatchObject({ by: 'peers', days: 21 })
  expect(judgeVolume(90, own.slice(1), peers.filter((p) => p.actorId !== 'p0'), presets)).toBeNull() // biome-ignore format: one line
  expect(judgeVolume(90, own.slice(1), [], presets)).toBeNull()
  expect(judgeVolume(49, own.map(() => 5), peers, presets)).toBeNull() // biome-ignore format: one line
})

test('addresses are one door, one house, or nothing; a town or a village without a number is no neighbour', () => {
  expect(sharedAddress('无锡市梁溪区人民路１２号3栋501室', '无锡市梁溪区人民路12号 3栋501室')).toBe('address')
  expect(sharedAddress('无锡市梁溪区人民路12号3栋501室', '无锡市梁溪区人民路12号3栋402室')).toBe('building')
  expect(sharedAddress('无锡市梁溪区人民路12号3栋501室', '无锡市梁溪区人民路12号5栋501室')).toBeNull()
  expect(sharedAddress('无锡市梁溪区', '无锡市梁溪区')).toBeNull()
  expect(sharedAddress('江苏省无锡市宜兴市周铁镇', '江苏省无锡市宜兴市周铁镇')).toBeNull()
  expect(buildingOf('人民路12号')).toBeNull()
  expect(surnameOf('欧阳修')).toBe('欧阳')
  expect(surnameOf('王芳')).toBe('王')
})
