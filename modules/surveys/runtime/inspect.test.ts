import { expect, test } from 'vitest'
import { fhirUrls } from './index.ts'
import { inspect } from './inspect.ts'

const findings = (...item: object[]) =>
  inspect({ resourceType: 'Questionnaire', title: 't', item: [...item, { linkId: 'ok', type: 'string', text: 'ok' }] }).findings
const q = (more: object) => ({ linkId: 'q', text: 'q', type: 'string', ...more })

test('a form that is in order has nothing to say about', () => {
  expect(findings()).toEqual([])
})

test.each<[string, object[], object]>([
  ['an item without a linkId', [{ type: 'string', text: 'x' }], { linkId: null, code: 'linkIdMissing', weight: 'blocks', detail: 'x' }],
  ['a linkId that stands twice', [q({}), q({})], { linkId: 'q', code: 'linkIdTwice', weight: 'blocks' }],
  ['a kind that FHIR does not know', [q({ type: 'matrix' })], { linkId: 'q', code: 'unknownType', weight: 'blocks', detail: 'matrix' }],
  ['a file to hand in', [q({ type: 'attachment' })], { linkId: 'q', code: 'typeNotAnswered', weight: 'limits', detail: 'attachment' }],
  ['a moment, of which we ask the day', [q({ type: 'dateTime' })], { linkId: 'q', code: 'dayOnly', weight: 'limits' }],
  [
    'options that stand on another server',
    [q({ type: 'choice', answerValueSet: 'http://x/vs' })],
    { linkId: 'q', code: 'optionsElsewhere', weight: 'limits', detail: 'http://x/vs' },
  ],
  ['a choice with nothing to choose', [q({ type: 'choice' })], { linkId: 'q', code: 'noOptions', weight: 'blocks' }],
  [
    'the same option twice',
    [q({ type: 'choice', answerOption: [{ valueCoding: { code: 'a' } }, { valueCoding: { code: 'a' } }] })],
    { linkId: 'q', code: 'optionTwice', weight: 'blocks' },
  ],
  [
    'a condition on a question that is not there',
    [q({ enableWhen: [{ question: 'no', operator: 'exists', answerBoolean: true }] })],
    { linkId: 'q', code: 'conditionUnknownQuestion', weight: 'blocks', detail: 'no' },
  ],
  [
    'a condition with an unknown operator',
    [q({ enableWhen: [{ question: 'ok', operator: '~', answerString: 'x' }] })],
    { linkId: 'q', code: 'conditionOperator', weight: 'blocks', detail: '~' },
  ],
  [
    'a condition without an answer',
    [q({ enableWhen: [{ question: 'ok', operator: '=' }] })],
    { linkId: 'q', code: 'conditionWithoutAnswer', weight: 'blocks', detail: 'ok' },
  ],
  [
    'a circle of conditions',
    [q({ enableWhen: [{ question: 'q', operator: 'exists', answerBoolean: true }] })],
    { linkId: 'q', code: 'conditionCircle', weight: 'blocks', detail: 'q' },
  ],
  [
    'a group that repeats',
    [{ linkId: 'q', type: 'group', repeats: true, item: [] }],
    { linkId: 'q', code: 'groupRepeats', weight: 'limits' },
  ],
  [
    'an expression',
    [q({ extension: [{ url: `${fhirUrls.sdc}sdc-questionnaire-calculatedExpression`, valueExpression: { expression: '1' } }] })],
    { linkId: 'q', code: 'expression', weight: 'limits', detail: 'sdc-questionnaire-calculatedExpression' },
  ],
  [
    'a modifier that we do not know',
    [q({ modifierExtension: [{ url: 'http://x/not' }] })],
    { linkId: 'q', code: 'modifier', weight: 'blocks', detail: 'http://x/not' },
  ],
  [
    'a least that is above the most',
    [
      q({
        type: 'integer',
        extension: [
          { url: fhirUrls.minValue, valueInteger: 3 },
          { url: fhirUrls.maxValue, valueInteger: 2 },
        ],
      }),
    ],
    { linkId: 'q', code: 'limitsCrossed', weight: 'blocks', detail: '3 > 2' },
  ],
])('%s is told', (_, items, expected) => {
  expect(findings(...items)).toContainEqual({ detail: expect.any(String), ...expected })
})

test('something else than a questionnaire is told at once, and nothing more', () => {
  for (const definition of [null, 1, 'x', [], {}, { resourceType: 'Patient' }]) {
    expect(inspect(definition).findings).toEqual([expect.objectContaining({ code: 'notAQuestionnaire', weight: 'blocks' })])
  }
})

test('a form without a title or without questions cannot be published', () => {
  expect(inspect({ resourceType: 'Questionnaire' }).findings.map((f) => f.code)).toEqual(['noTitle', 'noQuestions'])
})

test('options in a value set inside the questionnaire are found, expanded or composed', () => {
  const contained = [
    { resourceType: 'ValueSet', id: 'a', expansion: { contains: [{ system: 's', code: 'x', display: 'X' }] } },
    { resourceType: 'ValueSet', id: 'b', compose: { include: [{ system: 's', concept: [{ code: 'y', display: 'Y' }] }] } },
  ]
  const { form } = inspect({
    resourceType: 'Questionnaire',
    contained,
    item: ['a', 'b'].map((id) => ({ linkId: id, type: 'choice', answerValueSet: `#${id}` })),
  })

  expect([...form.byLinkId.values()].map((i) => i.options[0]?.value.content)).toEqual([
    { system: 's', code: 'x', display: 'X' },
    { system: 's', code: 'y', display: 'Y' },
  ])
})

test('a form nested beyond all reason is told, and is no danger', () => {
  let item: object = { linkId: 'deepest', type: 'string' }
  for (let depth = 0; depth < 5000; depth += 1) item = { linkId: `g${depth}`, type: 'group', item: [item] }

  expect(inspect({ resourceType: 'Questionnaire', title: 't', item: [item] }).findings.map((f) => f.code)).toContain('tooManyItems')
})
