import { expect, test } from 'vitest'
import { phrasesOf } from './sentence.ts'

test('a rule reads as somebody would say it', () => {
  const phrases = phrasesOf(
    {
      states: ['discharged', 'booked'],
      wardIds: ['01990000-0000-7000-8000-000000000001'],
      diagnoses: ['I20-I25'],
      ageFrom: 65,
      ageTo: 80,
      followups: ['unreached', 'never'],
      firstSeenDaysTo: 30,
      visitsFrom: 2,
      fields: [{ fieldId: '01990000-0000-7000-8000-000000000002', any: ['独居'] }],
    },
    new Map([
      ['01990000-0000-7000-8000-000000000001', '心内一病区'],
      ['01990000-0000-7000-8000-000000000002', '居住情况'],
    ]),
  )

  expect(phrases).toEqual([
    '状态 已出院/预约',
    '病区 心内一病区',
    '诊断编码 I20-I25',
    '年龄 ≥ 65 ≤ 80',
    '最近随访 未联系上/从未随访',
    '首次就诊在 30 天内',
    '就诊至少 2 次',
    '居住情况 独居',
  ])
})
