import { yearsBetween } from '@renxin/kernel'
import { expect, test } from 'vitest'
import { yearsOfService } from './years-of-service.ts'

test('a year of service is whole on its day and not before', () => {
  expect(yearsBetween('2018-09-04', '2026-09-03')).toBe(7)
  expect(yearsBetween('2018-09-04', '2026-09-04')).toBe(8)
  expect(yearsBetween('2024-02-29', '2025-02-28')).toBe(0)
  expect(yearsBetween('2024-02-29', '2025-03-01')).toBe(1)
})

test('of whom it is not known nothing is said', () => {
  expect(yearsOfService(null)).toBeNull()
})
