import fc from 'fast-check'
import { expect, test } from 'vitest'
import { applyPatch, FhirProblem, isSame } from './index.ts'

/** From RFC 6902, appendix A; the numbers are its own. */
test.each([
  ['A.1', { foo: 'bar' }, [{ op: 'add', path: '/baz', value: 'qux' }], { baz: 'qux', foo: 'bar' }],
  ['A.2', { foo: ['bar', 'baz'] }, [{ op: 'add', path: '/foo/1', value: 'qux' }], { foo: ['bar', 'qux', 'baz'] }],
  ['A.3', { baz: 'qux', foo: 'bar' }, [{ op: 'remove', path: '/baz' }], { foo: 'bar' }],
  ['A.4', { foo: ['bar', 'qux', 'baz'] }, [{ op: 'remove', path: '/foo/1' }], { foo: ['bar', 'baz'] }],
  ['A.5', { baz: 'qux', foo: 'bar' }, [{ op: 'replace', path: '/baz', value: 'boo' }], { baz: 'boo', foo: 'bar' }],
  [
    'A.6',
    { foo: { bar: 'baz', waldo: 'fred' }, qux: { corge: 'grault' } },
    [{ op: 'move', from: '/foo/waldo', path: '/qux/thud' }],
    { foo: { bar: 'baz' }, qux: { corge: 'grault', thud: 'fred' } },
  ],
  [
    'A.7',
    { foo: ['all', 'grass', 'cows', 'eat'] },
    [{ op: 'move', from: '/foo/1', path: '/foo/3' }],
    { foo: ['all', 'cows', 'eat', 'grass'] },
  ],
  ['A.10', { foo: 'bar' }, [{ op: 'add', path: '/child', value: { grandchild: {} } }], { foo: 'bar', child: { grandchild: {} } }],
  ['A.14', { '/': 9, '~1': 10 }, [{ op: 'test', path: '/~01', value: 10 }], { '/': 9, '~1': 10 }],
  ['A.16', { foo: ['bar'] }, [{ op: 'add', path: '/foo/-', value: ['abc', 'def'] }], { foo: ['bar', ['abc', 'def']] }],
])('%s of the RFC', (_, before, patch, after) => {
  expect(applyPatch(before, patch)).toEqual(after)
})

test.each([
  ['A.8 and A.9: a test that fails', { baz: 'qux' }, [{ op: 'test', path: '/baz', value: 'bar' }], 422],
  ['A.12: a place that is not there', { foo: 'bar' }, [{ op: 'add', path: '/baz/bat', value: 'qux' }], 422],
  ['A.13: no operation', { foo: 'bar' }, [{ op: 'stir', path: '/baz' }], 400],
  ['a list with a hole', { foo: [1] }, [{ op: 'add', path: '/foo/3', value: 1 }], 422],
  ['a leading nought', { foo: [1, 2] }, [{ op: 'remove', path: '/foo/01' }], 422],
  ['moved into itself', { a: { b: 1 } }, [{ op: 'move', from: '/a', path: '/a/b' }], 422],
  ['no list', {}, { op: 'add' }, 400],
])('%s is refused', (_, before, patch, status) => {
  expect(() => applyPatch(before, patch)).toThrow(expect.objectContaining({ status }))
})

const json = fc.jsonValue({ maxDepth: 4 })

test('the document before is never touched, and what is put is read back', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), json), fc.string(), json, (document, name, value) => {
      const before = structuredClone(document)
      const path = `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`

      const after = applyPatch(document, [
        { op: 'add', path, value },
        { op: 'test', path, value },
      ])

      expect(document).toEqual(before)
      expect(
        isSame(
          applyPatch(after, [{ op: 'remove', path }]),
          applyPatch(applyPatch(before, [{ op: 'add', path, value: 0 }]), [{ op: 'remove', path }]),
        ),
      ).toBe(true)
    }),
  )
})

test('a copy that is taken away again leaves everything as it was', () => {
  fc.assert(
    fc.property(fc.array(json, { minLength: 1, maxLength: 6 }), fc.nat(), (list, n) => {
      const from = `/list/${n % list.length}`
      const patch = [
        { op: 'copy', from, path: '/list/0' },
        { op: 'remove', path: '/list/0' },
      ]
      expect(isSame(applyPatch({ list }, patch), { list })).toBe(true)
    }),
  )
})

test('whatever is sent as a patch, it is applied or refused', () => {
  const operation = fc.record({ op: fc.constantFrom('add', 'remove', 'replace', 'move', 'copy', 'test', 'x'), path: fc.oneof(fc.string(), fc.constantFrom('', '/', '/a', '/a/0', '/__proto__/x', '/constructor', '/a/-')), from: fc.constantFrom('/a', '', '/a/0'), value: json }, { requiredKeys: [] }) // biome-ignore format: one thought
  fc.assert(
    fc.property(fc.oneof(json, fc.array(operation)), (patch) => {
      try {
        applyPatch({ a: [1, { b: 2 }] }, patch)
      } catch (error) {
        expect(error).toBeInstanceOf(FhirProblem)
      }
      expect(({} as Record<string, unknown>).x).toBeUndefined()
    }),
    { numRuns: 500 },
  )
})
