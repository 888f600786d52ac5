import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Definition, fhirUrls, inspect, readForm } from '../../contract.ts'
import { withAnalyses } from './change-analyses.ts'
import {
  addItem,
  changeItem,
  freshLinkId,
  itemAt,
  listItems,
  moveIn,
  moveItem,
  moveOut,
  type Path,
  removeItem,
  renameLinkId,
  translationOf,
  withExtension,
  withTranslation,
} from './change-definition.ts'
import { asKind, fivePoints, freshCode, fromSource, kindOf, kinds, newItem } from './kinds.ts'

const q = (linkId: string, more: object = {}) => ({ linkId, type: 'string', text: linkId, ...more })
const form = (...item: object[]): Definition => ({ resourceType: 'Questionnaire', title: 't', item })
const order = (definition: Definition) => listItems(definition).map(({ item, path }) => `${'>'.repeat(path.length - 1)}${item.linkId}`)

const sample = form(q('a'), { linkId: 'g', type: 'group', text: 'g', item: [q('b'), q('c')] }, q('d'))

describe('moving', () => {
  test('up and down among siblings, and no further', () => {
    expect(order(moveItem(sample, [2], -1)?.definition ?? sample)).toEqual(['a', 'd', 'g', '>b', '>c'])
    expect(moveItem(sample, [0], -1)).toBeUndefined()
    expect(moveItem(sample, [1, 1], 1)).toBeUndefined()
  })

  test('into the group above and out again', () => {
    const inside = moveIn(sample, [2])
    const outside = inside && moveOut(inside.definition, inside.path)

    expect(order(inside?.definition ?? sample)).toEqual(['a', 'g', '>b', '>c', '>d'])
    expect(inside?.path).toEqual([1, 2])
    expect(outside?.definition).toEqual(sample)
    expect(moveIn(sample, [0])).toBeUndefined()
    expect(moveOut(sample, [0])).toBeUndefined()
  })
})

test('a new item comes after the chosen one, into a chosen group, or at the end', () => {
  expect(order(addItem(sample, [0], q('n')).definition)).toEqual(['a', 'n', 'g', '>b', '>c', 'd'])
  expect(order(addItem(sample, [1], q('n')).definition)).toEqual(['a', 'g', '>b', '>c', '>n', 'd'])
  expect(order(addItem(sample, undefined, q('n')).definition)).toEqual(['a', 'g', '>b', '>c', 'd', 'n'])
})

test('a list that has become empty is gone, as FHIR wants it', () => {
  expect(removeItem(removeItem(sample, [1, 0]), [1, 0]).item).toEqual([q('a'), { linkId: 'g', type: 'group', text: 'g' }, q('d')])
})

test('a new name of a question is written into the conditions that speak of it', () => {
  const definition = form(q('a'), {
    linkId: 'g',
    type: 'group',
    item: [q('b', { enableWhen: [{ question: 'a', operator: 'exists', answerBoolean: true }] })],
  })

  const renamed = renameLinkId(definition, [0], 'alpha')

  expect(itemAt(renamed, [0])?.linkId).toBe('alpha')
  expect(itemAt(renamed, [1, 0])?.enableWhen).toEqual([{ question: 'alpha', operator: 'exists', answerBoolean: true }])
})

test('translations and extensions of others are left alone', () => {
  const strange = { url: 'http://else.where', valueInteger: 1 }
  const item = { ...q('a'), extension: [strange], _text: { id: 'x', extension: [strange] } }

  const said = withTranslation(item, 'text', 'en', 'A')
  const measured = withExtension(said, fhirUrls.measure, { valueCode: 'aspect' })

  expect(translationOf(said, 'text', 'en')).toBe('A')
  expect(withExtension(withTranslation(measured, 'text', 'en', ''), fhirUrls.measure, undefined)).toEqual(item)
})

describe('kinds', () => {
  test.each(kinds)('a new item of kind %s is of that kind, and a form of it can be asked', (kind) => {
    const item = newItem('n', kind)
    const chosen = kind === 'filled' ? fromSource(item, 'encounter.ward', 'text', '病区') : item
    const filled = { ...chosen, text: 'n', ...(item.answerOption ? { answerOption: fivePoints() } : {}) }

    expect(kindOf(item)).toBe(kind)
    expect(inspect(form(filled, q('other'))).findings).toEqual([])
  })

  test('from any kind to any other and back leaves a form that can be asked', () => {
    for (const from of kinds) {
      for (const to of kinds) {
        const there = asKind({ ...newItem('n', from), text: 'n' }, to)
        expect(kindOf(there)).toBe(to)
        expect(
          inspect(form(there, q('other')))
            .findings.filter((f) => f.weight === 'blocks')
            .map((f) => f.code),
        ).toEqual(to === 'filled' ? ['sourceMissing'] : [])
      }
    }
  })

  test('codes are fresh', () => {
    expect(freshCode([{ valueCoding: { code: 'a' } }, { valueString: 'b' }])).toBe('c')
    expect(freshLinkId(form(q('q3'), q('x')))).toBe('q4')
  })
})

test('whatever is done to a form, what was unknown in it is still there', () => {
  const mark = { url: 'http://else.where', valueString: 'kept' }
  const marked = form(...['a', 'b', 'c'].map((l) => q(l, { extension: [mark], design: { x: 1 } })))
  const act = fc.record({ what: fc.constantFrom('up', 'down', 'in', 'out', 'add', 'kind'), at: fc.nat(), kind: fc.constantFrom(...kinds) })

  fc.assert(
    fc.property(fc.array(act, { maxLength: 20 }), (acts) => {
      let definition: Definition = marked
      for (const { what, at, kind } of acts) {
        const items = listItems(definition)
        const path: Path = items[at % items.length]?.path ?? [0]
        if (what === 'up') definition = moveItem(definition, path, -1)?.definition ?? definition
        if (what === 'down') definition = moveItem(definition, path, 1)?.definition ?? definition
        if (what === 'in') definition = moveIn(definition, path)?.definition ?? definition
        if (what === 'out') definition = moveOut(definition, path)?.definition ?? definition
        if (what === 'add') definition = addItem(definition, path, newItem(freshLinkId(definition), kind)).definition
        if (what === 'kind') definition = changeItem(definition, path, (i) => asKind(i, kind))
      }
      const kept = listItems(definition).filter(({ item }) => ['a', 'b', 'c'].includes(String(item.linkId)))

      expect(kept).toHaveLength(3)
      for (const { item } of kept) {
        expect(item.extension).toContainEqual(mark)
        expect(item.design).toEqual({ x: 1 })
      }
      expect(readForm(definition).byLinkId.size).toBe(listItems(definition).length)
    }),
  )
})

describe('analyses', () => {
  const start = withAnalyses(form(q('a'), q('b')), [
    { name: '分布', kind: 'distribution', item: 'a', by: null },
    { name: '交叉', kind: 'cross', item: 'b', by: 'question:a' },
  ])

  test('are written into the definition and read back, beside whatever else stands there', () => {
    const other = { url: 'http://else.where', valueInteger: 1 }
    const kept = withAnalyses({ ...start, extension: [other, ...(start.extension as object[])] }, readForm(start).analyses) // a list, as it was written

    expect(readForm(kept).analyses).toEqual(readForm(start).analyses)
    expect(kept.extension).toContainEqual(other)
    expect(withAnalyses(start, [])).toEqual(form(q('a'), q('b')))
  })

  test('follow a question that is given another name', () => {
    const renamed = renameLinkId(start, [0], 'c')

    expect(readForm(renamed).analyses.map((a) => [a.item, a.by])).toEqual([
      ['c', null],
      ['b', 'question:c'],
    ])
  })
})
