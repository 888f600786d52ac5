import { describe, expect, test } from 'vitest'
import { compareAnswers } from '../../contract.ts'
import { type Counts, changesBetween, type Found, objectionTo, recordedAs, sumOf, withShares } from './check-rules.ts'

const found: Found = { hasTalk: true, hasAnswers: true, isShort: false, differing: 0, isAsking: true }
const nothing: Found = { ...found, hasTalk: false, hasAnswers: false }
type Said = Parameters<typeof objectionTo>[0]
const of = (call: Said['call'], answers: Said['answers'], note = '') => ({ call, answers, note })

describe('what the centre can find of a level', () => {
  test.each([
    ['it was true and the answers agree', of('confirmed', 'agree'), found, null],
    ['of a short call the same, without a word', of('confirmed', 'agree'), { ...found, isShort: true }, 'noteNeeded'],
    ['of a short call the same, with a word', of('confirmed', 'agree', '患者说讲清楚了'), { ...found, isShort: true }, null],
    ['that answers agree which do not', of('confirmed', 'agree'), { ...found, differing: 1 }, 'noteNeeded'],
    ['that answers differ, without a word', of('confirmed', 'differ'), found, 'noteNeeded'],
    ['that nobody called, without a word', of('untrue', 'differ'), found, 'noteNeeded'],
    ['that nobody called, and that the answers agree', of('untrue', 'agree', '没人打过'), found, 'neverAgrees'],
    ['nothing on record, where a call is', of('none', 'none'), found, 'findingNeeded'],
    ['nothing said of answers, where they are on record', of('confirmed', 'none'), found, 'findingNeeded'],
    ['a call that is not on record', of('confirmed', 'none'), nothing, 'nothingOnRecord'],
    ['nothing on record, of whom the centre did not reach', of('none', 'none'), { ...nothing, isAsking: false }, null],
    ['what a patient said whom nobody reached', of('confirmed', 'unclear'), { ...found, isAsking: false }, 'notAsked'],
    ['that nobody can tell, of whom the centre did not reach', of('unclear', 'unclear'), { ...found, isAsking: false }, null],
  ] as const)('%s', (_, said, on, why) => {
    expect(objectionTo(said, on)).toBe(why)
  })
})

test('a conversation is too short below the hospital’s own length, and one that nobody measured is neither', () => {
  const as = (seconds: number | null) => recordedAs({ tries: 1, talk: { seconds } }, 30)
  expect([as(29), as(30), as(null), recordedAs({ tries: 2, talk: null }, 30), recordedAs({ tries: 0, talk: null }, 30)]).toEqual([
    'short',
    'talked',
    'unmeasured',
    'tried',
    'none',
  ])
})

test('answers are compared question by question, several in any order; one’s own words somebody must read', () => {
  const option = (code: string) => ({ valueCoding: { code, display: code } })
  const definition = {
    resourceType: 'Questionnaire',
    item: [
      { linkId: 'wound', type: 'choice', text: '伤口', answerOption: [option('well'), option('open')] },
      { linkId: 'food', type: 'choice', repeats: true, text: '饮食', answerOption: [option('a'), option('b')] },
      { linkId: 'words', type: 'text', text: '其他' },
      { linkId: 'left', type: 'boolean', text: '未答' },
    ],
  }
  const said = { wound: ['well'], food: ['a', 'b'], words: ['谢谢'], left: [true] }

  const compared = compareAnswers(definition, said, { wound: ['open'], food: ['b', 'a'], words: ['没有'] })

  expect(compared.map((c) => [c.linkId, c.isSame])).toEqual([
    ['wound', false],
    ['food', true],
    ['words', null],
  ])
})

const counts: Counts = {
  departmentId: 'a', departmentName: '内科', level: 'department', drawn: 10, reached: 9, checked: 8, confirmed: 4, untrue: 2, unclear: 1, notCalled: 1,
  tooShort: 1, agree: 3, differ: 1, notCompared: 4,
} // biome-ignore format: a row

test('what nobody could tell is in no base, and the hospital is the sum of its departments', () => {
  const [whole] = sumOf([counts, { ...counts, departmentId: 'b' }]).map(withShares)

  expect(withShares(counts)).toMatchObject({ truth: { count: 4, n: 6 }, agreement: { count: 3, n: 4 } })
  expect(whole).toMatchObject({ departmentId: null, drawn: 20, checked: 16, truth: { count: 8, n: 12 } })
})

test('a later version says what is another count, also of a department that comes anew or goes', () => {
  const fresh = { ...counts, departmentId: 'b', departmentName: '外科' }

  expect(changesBetween([counts], [{ ...counts, confirmed: 5, untrue: 1 }])).toEqual([
    { departmentId: 'a', departmentName: '内科', level: 'department', count: 'confirmed', before: 4, after: 5 },
    { departmentId: 'a', departmentName: '内科', level: 'department', count: 'untrue', before: 2, after: 1 },
  ])
  expect(changesBetween([counts], [counts, fresh]).find((c) => c.count === 'drawn')).toMatchObject({ before: 0, after: 10 })
  expect(changesBetween([counts], []).find((c) => c.count === 'drawn')).toMatchObject({ before: 10, after: 0 })
  expect(changesBetween([counts], [{ ...counts }])).toEqual([])
})
