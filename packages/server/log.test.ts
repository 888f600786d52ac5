import { Writable } from 'node:stream'
import { pino } from 'pino'
import { expect, test } from 'vitest'
import { logOptions } from './log.ts'

/** What stands in the log after an error was noted. */
function logged(error: unknown): string {
  const lines: string[] = []
  const out = new Writable({ write: (line, _, done) => done(void lines.push(String(line))) })
  pino(logOptions('info'), out).error({ err: error, requestId: 'r1' }, 'unexpected error')
  return lines.join('')
}

test('an error of the database is logged with its codes and without the values of the row', () => {
  const error = Object.assign(new Error('duplicate key value violates unique constraint "one_contact"'), {
    code: '23505',
    severity: 'ERROR',
    constraint: 'one_contact',
    detail: 'Key (name)=(王芳) already exists.',
    where: 'COPY contacts, line 1: "王芳"',
    parameters: ['王芳'],
  })

  const line = logged(error)

  expect(line).toContain('one_contact')
  expect(line).toContain('23505')
  expect(line).toContain('log.test.ts')
  expect(line).not.toContain('王芳')
})

test.each([
  ['a value that is no day', Object.assign(new Error('invalid input syntax for type date: "王芳 13800138000"'), { code: '22007' })],
  [
    'a text that is no JSON',
    (() => {
      try {
        return JSON.parse('{"name":王芳}')
      } catch (error) {
        return error
      }
    })(),
  ],
  [
    'what caused it',
    new Error('it failed', { cause: Object.assign(new Error('value out of range: "王芳"'), { code: '22003', detail: '王芳' }) }),
  ],
  ['a statement that is kept with it', Object.assign(new Error('no result'), { node: { value: '王芳' } })],
  ['something that is no error', '王芳'],
])('%s leaves nothing of anybody in the log', (_, error) => {
  expect(logged(error)).not.toContain('王芳')
})
