import fc from 'fast-check'
import { expect, test } from 'vitest'
import { priorityReasons } from '../contract.ts'
import { type RiskReason, riskClasses, riskFor, riskOf, riskOrder } from './risk-rules.ts'

test('the reasons are ranked as the contract names them, and every one but the hand’s has its class', () => {
  expect(riskOrder).toEqual(priorityReasons.filter((r) => r !== 'byHand'))
})

test.each([
  [[], 3, 0],
  [['longStay'], 2, 24],
  [['veryOld', 'longStay'], 2, 25],
  [['redFlagOpen'], 1, 48],
  [['redFlagOpen', 'veryOld'], 1, 49],
] as const)('%s stands so far before its deadline', (reasons, priority, risk) => {
  expect(riskOf(reasons)).toEqual({ priority, risk })
})

test('hastened by hand it stands as one of that priority, with what else speaks for it', () => {
  expect(riskFor(1, 0)).toBe(48)
  expect(riskFor(1, 3)).toBe(50)
  expect(riskFor(3, 0)).toBe(0)
})

test('whatever the reasons: one more never moves anybody back, and one of the first class stands before all of the second', () => {
  const some = fc.uniqueArray(fc.constantFrom<RiskReason>(...riskOrder))

  fc.assert(
    fc.property(some, fc.constantFrom<RiskReason>(...riskOrder), (reasons, more) => {
      const wider = [...new Set([...reasons, more])]
      expect(riskOf(wider).risk).toBeGreaterThanOrEqual(riskOf(reasons).risk)
      if (riskClasses[more] === 'first')
        expect(riskOf([more]).risk).toBeGreaterThan(riskOf(reasons.filter((r) => riskClasses[r] === 'second')).risk)
    }),
  )
})
