import { expect, test } from 'vitest'
import { cleanPhone, formatPhone, lastFourOf, maskPhone } from './phone.ts'

test.each([
  '13800138000',
  '+8613800138000',
  '+86 138 0013 8000',
  '86-13800138000',
  '008613800138000',
  '013800138000',
  '１３８００１３８０００',
  '138-0013-8000',
  ' 138 0013 8000 ',
  '(138)00138000',
  'tel:13800138000',
])('%s is the mobile 13800138000', (text) => {
  expect(cleanPhone(text)).toEqual({ number: '13800138000', extension: null, kind: 'mobile', mayContact: true })
})

test.each([
  ['051012345678', '0510-12345678', null],
  ['0510-12345678', '0510-12345678', null],
  ['(0510) 1234 5678', '0510-12345678', null],
  ['+86 510 1234 5678', '0510-12345678', null],
  ['010-00000101', '010-00000101', null],
  ['021-12345678-801', '021-12345678', '801'],
  ['0510-1234567转8001', '0510-1234567', '8001'],
  ['010-12345678 分机 22', '010-12345678', '22'],
  ['010-12345678 ext. 22', '010-12345678', '22'],
  ['０２５－８３７１２３４５', '025-83712345', null],
])('%s is the landline %s with the extension %s', (text, number, extension) => {
  expect(cleanPhone(text)).toEqual({ number, extension, kind: 'landline', mayContact: true })
})

test('a number without an area code gets the hospital’s', () => {
  expect(cleanPhone('82712345', '0510')).toMatchObject({ number: '0510-82712345', kind: 'landline' })
  expect(cleanPhone('82712345')).toMatchObject({ number: '82712345', kind: 'landline' })
})

test.each(['1440000000000', '1410123456789'])('%s is a device, not a person', (text) => {
  expect(cleanPhone(text)).toMatchObject({ kind: 'other', mayContact: false })
})

test.each(['4008001234', '800-820-1234', '95588', '12320', '120'])('%s is a service, nobody’s own number', (text) => {
  expect(cleanPhone(text)).toMatchObject({ kind: 'service', mayContact: false })
})

test('a number abroad keeps its country', () => {
  expect(cleanPhone('+852 9123 4567')).toMatchObject({ number: '+85291234567', kind: 'foreign' })
  expect(cleanPhone('0044 20 7946 0958')).toMatchObject({ number: '+442079460958', kind: 'foreign' })
})

test.each(['', '无', '不详', '1380013800', '138001380001', '0', '00000000', 'abc'])('“%s” is no phone number', (text) => {
  expect(cleanPhone(text)).toBeUndefined()
})

test.each([
  ['13800138000', '138 0013 8000', '138****8000', '8000'],
  ['0510-12345678', '0510-1234 5678', '0510-****5678', '5678'],
  ['0510-1234567', '0510-123 4567', '0510-****4567', '4567'],
  ['0510-12345678#801', '0510-1234 5678#801', '0510-****5678', '5678'],
  ['4008001234', '400-800-1234', '4008001234', '1234'],
  ['+85291234567', '+85291234567', '****4567', '4567'],
])('%s is shown as %s, masked as %s, and recalled by %s', (number, shown, masked, lastFour) => {
  expect(formatPhone(number)).toBe(shown)
  expect(maskPhone(number)).toBe(masked)
  expect(lastFourOf(number)).toBe(lastFour)
})
