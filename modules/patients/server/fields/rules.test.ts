import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { FieldDefinition } from '../../contract.ts'
import { contentOf, problemOf, readContent } from './rules.ts'

const field = (said: Partial<FieldDefinition>): FieldDefinition => ({
  id: '01990000-0000-7000-8000-000000000001',
  object: 'patient',
  key: 'k',
  label: '字段',
  kind: 'text',
  options: [],
  isRequired: false,
  pattern: null,
  least: null,
  most: null,
  position: 0,
  isActive: true,
  isSearchable: false,
  isInList: false,
  isSensitive: false,
  riskOption: null,
  ...said,
})
const read = (definition: FieldDefinition, said: unknown) => {
  const found = readContent(definition, said)
  return 'problem' in found ? found.problem.code : contentOf(definition, found.contents)
}

test.each([
  ['number', '1,280.5', 1280.5],
  ['number', 3, 3],
  ['number', '三', 'patients.fieldNotNumber'],
  ['number', '1e999', 'patients.fieldNotNumber'],
  ['date', '2026-09-01', '2026-09-01'],
  ['date', '20260901', '2026-09-01'],
  ['date', '2026年9月1日', '2026-09-01'],
  ['date', '2026/9/1 08:30', '2026-09-01'],
  ['date', '2026-02-30', 'patients.fieldNotDay'],
  ['text', '  独居 ', '独居'],
  ['text', '', null],
  ['text', null, null],
  ['text', { a: 1 }, 'patients.fieldNotInForm'],
] as const)('a field of kind %s reads %j as %j', (kind, said, expected) => {
  expect(read(field({ kind }), said)).toBe(expected)
})

test('a choice takes its options alone, several come in one text or as a list and stand in their own order', () => {
  const options = ['高血压', '糖尿病', '冠心病']

  expect(read(field({ kind: 'choice', options }), '糖尿病')).toBe('糖尿病')
  expect(read(field({ kind: 'choice', options }), '感冒')).toBe('patients.fieldNotOption')
  expect(read(field({ kind: 'multiple', options }), '冠心病；高血压')).toEqual(['高血压', '冠心病'])
  expect(read(field({ kind: 'multiple', options }), ['糖尿病', '糖尿病'])).toEqual(['糖尿病'])
  expect(read(field({ kind: 'multiple', options }), ['糖尿病', '感冒'])).toBe('patients.fieldNotOption')
})

test('a number, a day and a text keep to their bounds', () => {
  expect(read(field({ kind: 'number', least: '0', most: '10' }), 10.5)).toBe('patients.fieldOutOfRange')
  expect(read(field({ kind: 'date', least: '2020-01-01' }), '2019-12-31')).toBe('patients.fieldOutOfRange')
  expect(read(field({ pattern: '[A-Z]{2}\\d{3}' }), 'AB123x')).toBe('patients.fieldNotInForm')
  expect(read(field({ pattern: 'A|B' }), 'B')).toBe('B')
  expect(read(field({}), 'x'.repeat(501))).toBe('patients.fieldTooLong')
})

test('a form that could take for ever does not come in', () => {
  for (const pattern of ['(a+)+b', '(a|a)*b', '(.*)\\1', '(?=x)x', '[', 'a*a*a*a*b', `${'a?'.repeat(33)}${'a'.repeat(33)}`])
    expect(problemOf(field({ pattern }))?.code, pattern).toBe('patients.fieldPatternBad')
  expect(problemOf(field({ pattern: '[A-Z]{2}\\d{6}' }))).toBeUndefined()
})

test('a definition must make sense', () => {
  expect(problemOf(field({ kind: 'choice' }))?.code).toBe('patients.fieldNeedsOptions')
  expect(problemOf(field({ kind: 'choice', options: ['一', '一'] }))?.code).toBe('patients.fieldNeedsOptions')
  expect(problemOf(field({ kind: 'number', least: '一' }))?.code).toBe('patients.fieldRangeBad')
  expect(problemOf(field({ kind: 'number', isSensitive: true }))?.code).toBe('patients.fieldSensitiveText')
})

test('whatever is said, a field reads it or refuses it, and never breaks', () => {
  const kinds = fc.constantFrom('text', 'number', 'date', 'choice', 'multiple')
  fc.assert(
    fc.property(kinds, fc.anything(), (kind, said) => {
      expect(['contents', 'problem']).toContain(Object.keys(readContent(field({ kind, options: ['一'] }), said))[0])
    }),
  )
})
