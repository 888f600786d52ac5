import { describe, expect, test } from 'vitest'
import { checkAnswers } from './check.ts'
import { urls } from './fhir.ts'
import { type FilledValue, filledOf, isFilled, withFilled } from './fill.ts'
import { inspect, type KnownSource } from './inspect.ts'
import { readForm } from './read-form.ts'
import { answersOf, toResponseItems } from './response.ts'
import { enabledItems } from './visible.ts'

const from = (path: string) => ({ extension: [{ url: urls.source, valueString: path }] })
const definition = {
  resourceType: 'Questionnaire',
  title: '术后随访',
  item: [
    { linkId: 'operation', type: 'string', text: '手术', required: true, ...from('operation.last') },
    { linkId: 'potassium', type: 'decimal', text: '血钾', ...from('laboratory.latestAmount:K') },
    { linkId: 'wound', type: 'boolean', text: '切口愈合了吗？', required: true, enableWhen: [{ question: 'operation', operator: 'exists', answerBoolean: true }] },
  ],
} // biome-ignore format: an item a line
const form = readForm(definition)
const found = (linkId: string, value: string | number): FilledValue => ({
  linkId,
  path: form.byLinkId.get(linkId)?.source ?? '',
  value,
  at: '2026-09-02T02:00:00.000Z',
  of: '冠状动脉造影',
  system: 'HIS',
})

describe('an item that the records fill', () => {
  test('is no question to anybody: nothing is missing while it is empty', () => {
    expect([...form.byLinkId.values()].filter(isFilled).map((i) => i.linkId)).toEqual(['operation', 'potassium'])
    expect(checkAnswers(form, {})).toEqual([])
  })

  test('holds what the records say, whatever else was given to it', () => {
    const answers = withFilled(form, { operation: ['别的手术'], wound: [true] }, [found('operation', '冠状动脉造影')])

    expect(answers).toEqual({ operation: ['冠状动脉造影'], wound: [true] })
    expect(withFilled(form, { operation: ['别的手术'] }, [])).toEqual({})
  })

  test('brings forth the questions that depend on it', () => {
    const answers = withFilled(form, {}, [found('operation', '冠状动脉造影')])

    expect(enabledItems(form, {}).has('wound')).toBe(false)
    expect(checkAnswers(form, answers)).toEqual([{ linkId: 'wound', code: 'required' }])
  })

  test('stays empty where what was found is of another kind', () => {
    expect(withFilled(form, {}, [found('potassium', '溶血，未测')])).toEqual({})
  })

  test('says in the response where it came from, and is read back as it was', () => {
    const filled = [found('operation', '冠状动脉造影'), found('potassium', 4.1)]
    const answers = withFilled(form, { wound: [true] }, filled)

    const response = { resourceType: 'QuestionnaireResponse', item: toResponseItems(form, answers, enabledItems(form, answers), filled) }

    expect(filledOf(response)).toEqual(filled)
    expect(answersOf(form, response)).toEqual(answers)
  })
})

describe('a form is not published before each such item has a source that is there', () => {
  const known = new Map<string, KnownSource>([
    ['operation.last', { kind: 'text' }],
    ['laboratory.latestAmount', { kind: 'number', takesChoice: true }],
  ])
  const codes = (item: object) =>
    inspect({ ...definition, item: [...definition.item, item] }, known).findings.map((f) => `${f.linkId} ${f.code} ${f.weight}`)

  test('one that is there is nothing to remark', () => {
    expect(inspect(definition, known).findings).toEqual([])
  })

  test.each([
    ['none is chosen', { linkId: 'x', type: 'string', text: '?', ...from('') }, 'x sourceMissing blocks'],
    [
      'it is not said which result',
      { linkId: 'x', type: 'decimal', text: '?', ...from('laboratory.latestAmount') },
      'x sourceMissing blocks',
    ],
    ['the hospital has no such source', { linkId: 'x', type: 'string', text: '?', ...from('genome.all') }, 'x sourceUnknown blocks'],
    ['a number is to hold a name', { linkId: 'x', type: 'decimal', text: '?', ...from('operation.last') }, 'x sourceKind limits'],
  ])('%s', (_, item, finding) => {
    expect(codes(item)).toEqual([finding])
  })
})
