import { expect, test } from 'vitest'
import { databaseTrouble } from './database-errors.ts'

const coded = (code: string, message = 'x') => Object.assign(new Error(message), { code })

test.each([
  ['the database is down', coded('ECONNREFUSED')],
  ['at each of its addresses', new AggregateError([coded('ECONNREFUSED'), coded('EHOSTUNREACH')])],
  ['it is being shut down', coded('57P01')],
  ['it takes no more connections', coded('53300')],
  ['its connection broke', coded('08006')],
  ['the pool is used up', new Error('timeout exceeded when trying to connect')],
  ['its answer did not come', new Error('Query read timeout')],
  ['the driver says so within another error', new Error('a listener failed', { cause: new Error('Connection terminated unexpectedly') })],
])('whoever asks is told that the system is busy: %s', (_, error) => {
  expect(databaseTrouble(error)).toBe('away')
})

test.each([
  ['the disk of the database', coded('53100', 'could not extend file: No space left on device')],
  ['our own disk', coded('ENOSPC')],
])('a full disk is called by its name: %s', (_, error) => {
  expect(databaseTrouble(error)).toBe('full')
})

test('a mistake of ours is none of the database’s', () => {
  expect(databaseTrouble(coded('23505', 'duplicate key'))).toBeUndefined()
  expect(databaseTrouble(new TypeError('x is not a function'))).toBeUndefined()
  expect(databaseTrouble('a text')).toBeUndefined()
})
