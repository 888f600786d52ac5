import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { inspect } from './inspect.ts'
import { readForm } from './read-form.ts'
import { raisedFlags } from './red-flags.ts'

type When = { question: string; operator: string; answers?: object[] }

const when = ({ question, operator, answers = [] }: When) => ({
  url: 'when',
  extension: [
    { url: 'question', valueString: question },
    { url: 'operator', valueCode: operator },
    ...answers.map((a) => ({ url: 'answer', ...a })),
  ],
})

const rule = (id: string, conditions: When[], more: object[] = []) => ({
  url: 'urn:renxin:fhir:red-flag',
  extension: [
    { url: 'id', valueString: id },
    { url: 'title', valueString: `规则${id}` },
    { url: 'severity', valueCode: 'emergency' },
    { url: 'say', valueString: '请您先坐下。' },
    { url: 'tell', valueString: '请马上拨打 120。' },
    { url: 'deadline', valueDuration: { value: 2, unit: 'h', system: 'http://unitsofmeasure.org', code: 'h' } },
    ...conditions.map(when),
    ...more,
  ],
})

const questions = [
  {
    linkId: 'wound',
    type: 'choice',
    text: '伤口？',
    answerOption: ['healing', 'inflamed', 'open'].map((code) => ({ valueCoding: { code, display: code } })),
  },
  { linkId: 'temperature', type: 'decimal', text: '体温？' },
  { linkId: 'troubled', type: 'boolean', text: '不舒服？' },
  { linkId: 'text', type: 'text', text: '哪里？', enableWhen: [{ question: 'troubled', operator: '=', answerBoolean: true }] },
]
const form = (...rules: object[]) => ({ resourceType: 'Questionnaire', title: '随访', item: questions, extension: rules })
const raised = (definition: object, answers: Parameters<typeof raisedFlags>[1]) =>
  raisedFlags(readForm(definition), answers).map((r) => r.flag.id)

describe('an answer raises a red flag', () => {
  const open = rule('open', [{ question: 'wound', operator: '=', answers: [{ valueCoding: { code: 'open' } }] }])
  const hot = rule('hot', [{ question: 'temperature', operator: '>=', answers: [{ valueDecimal: 38.5 }] }])
  const pain = rule('pain', [{ question: 'text', operator: 'contains', answers: [{ valueString: '胸痛' }, { valueString: 'chest pain' }] }])

  test('when the option that the rule names is chosen, and with no other', () => {
    expect(raised(form(open), { wound: ['open'] })).toEqual(['open'])
    expect(raised(form(open), { wound: ['healing'] })).toEqual([])
    expect(raised(form(open), {})).toEqual([])
  })

  test('when one of several options is chosen', () => {
    const either = rule('either', [
      { question: 'wound', operator: '=', answers: [{ valueCoding: { code: 'open' } }, { valueCoding: { code: 'inflamed' } }] },
    ])

    expect(raised(form(either), { wound: ['inflamed'] })).toEqual(['either'])
    expect(raised(form(either), { wound: ['healing'] })).toEqual([])
  })

  test.each([
    [38.4, []],
    [38.5, ['hot']],
    [39, ['hot']],
  ])('when a number reaches the bound: %s', (temperature, expected) => {
    expect(raised(form(hot), { temperature: [temperature] })).toEqual(expected)
  })

  test.each(['今天早上有点胸 痛', '有 Chest Pain', 'ｃｈｅｓｔ　ｐａｉｎ'])(
    'when the words hold one of the rule’s, whatever width or case: %s',
    (text) => {
      expect(raised(form(pain), { troubled: [true], text: [text] })).toEqual(['pain'])
    },
  )

  test('several answers together, where the rule asks for all of them', () => {
    const both = rule(
      'both',
      [
        { question: 'wound', operator: '=', answers: [{ valueCoding: { code: 'open' } }] },
        { question: 'temperature', operator: '>=', answers: [{ valueDecimal: 38 }] },
      ],
      [{ url: 'needs', valueCode: 'all' }],
    )

    expect(raised(form(both), { wound: ['open'] })).toEqual([])
    expect(raised(form(both), { wound: ['open'], temperature: [38] })).toEqual(['both'])
    expect(raisedFlags(readForm(form(both)), { wound: ['open'], temperature: [38] })[0]?.because).toEqual(['wound', 'temperature'])
  })

  test('and an answer that is remembered but no longer asked for raises none', () => {
    expect(raised(form(pain), { troubled: [false], text: ['胸痛'] })).toEqual([])
  })

  test('the rule’s words, severity and deadline are read as they are written', () => {
    expect(readForm(form(open)).redFlags).toMatchObject([
      {
        id: 'open',
        severity: 'emergency',
        say: { text: '请您先坐下。' },
        tell: { text: '请马上拨打 120。' },
        deadlineMinutes: 120,
        needs: 'any',
      },
    ])
  })

  test('whatever is answered, the flags are those of the rules one by one, in their order', () => {
    const answers = fc.record({
      wound: fc.constantFrom([], ['healing'], ['open'], ['inflamed']),
      temperature: fc.constantFrom([], [37], [38.5], [40]),
      troubled: fc.constantFrom([], [true], [false]),
      text: fc.constantFrom([], ['胸痛'], ['没事']),
    })

    fc.assert(
      fc.property(answers, (given) => {
        const expected = [
          ...(given.wound[0] === 'open' ? ['open'] : []),
          ...((given.temperature[0] ?? 0) >= 38.5 ? ['hot'] : []),
          ...(given.troubled[0] === true && given.text[0] === '胸痛' ? ['pain'] : []),
        ]
        expect(raised(form(open, hot, pain), given)).toEqual(expected)
      }),
    )
  })
})

describe('a rule that would not do what it says is told before it is published', () => {
  const codes = (...rules: object[]) => inspect(form(...rules)).findings.map((f) => [f.code, f.weight])
  const fine = [{ question: 'troubled', operator: '=', answers: [{ valueBoolean: true }] }]

  test('a whole rule has nothing to mend', () => {
    expect(codes(rule('a', fine))).toEqual([])
  })

  test.each([
    ['without a condition', [rule('a', [])], 'flagWithoutCondition'],
    ['over a question that is not there', [rule('a', [{ ...fine[0], question: 'gone', operator: 'exists' }])], 'flagUnknownQuestion'],
    ['without the answer that it waits for', [rule('a', [{ question: 'text', operator: 'contains' }])], 'flagWithoutAnswer'],
    ['under the name of another', [rule('a', fine), rule('a', fine)], 'flagTwice'],
  ])('%s', (_, rules, code) => {
    expect(codes(...rules)).toContainEqual([code, 'blocks'])
  })

  test('without words for the nurse or the patient it blocks; without a deadline it is told', () => {
    const bare = {
      url: 'urn:renxin:fhir:red-flag',
      extension: [{ url: 'id', valueString: 'a' }, { url: 'title', valueString: '空' }, when({ question: 'troubled', operator: 'exists' })],
    }

    expect(codes(bare)).toEqual([
      ['flagWithoutWords', 'blocks'],
      ['flagWithoutDeadline', 'limits'],
    ])
  })
})
