import { expect, test } from 'vitest'
import { readConfig } from './config.ts'

test('with nothing said, everything has a value that works', () => {
  const config = readConfig({})

  expect(config).toMatchObject({ port: 3000, host: '127.0.0.1', mllpPort: 2575, isDemo: true, zone: 'Asia/Shanghai', database: null })
  expect(config.roles).toEqual(['web', 'worker', 'mllp'])
})

test('off turns a listener off, and 0 takes any port', () => {
  expect(readConfig({ MLLP_PORT: 'off', PORT: '0' })).toMatchObject({ mllpPort: null, port: 0 })
})

test.each([
  [{ PORT: '99999' }, /^PORT must be a port/],
  [{ RENXIN_KEY: 'short' }, /^RENXIN_KEY must be 64 hexadecimal digits/],
  [{ TZ: 'Mars/Olympus' }, /^TZ must be a time zone/],
  [{ RENXIN_ROLES: 'web,cook' }, /^RENXIN_ROLES may name web, worker, mllp/],
  [{ DATABASE_URL: 'postgresql://renxin_app@db/renxin' }, /^DATABASE_OWNER_URL is needed/],
  [{ DATABASE_URL: 'postgresql://a@db/renxin', DATABASE_OWNER_URL: 'postgresql://b@db/renxin' }, /^RENXIN_KEY is needed/],
])('a bad value stops the start with one clear line: %o', (environment, line) => {
  expect(() => readConfig(environment)).toThrow(line)
})

test('a database of the hospital has no demo data', () => {
  const key = 'ab'.repeat(32)

  const config = readConfig({
    DATABASE_URL: 'postgresql://renxin_app@db/renxin',
    DATABASE_OWNER_URL: 'postgresql://renxin_owner@db/renxin',
    RENXIN_KEY: key,
  })

  expect(config.isDemo).toBe(false)
})
