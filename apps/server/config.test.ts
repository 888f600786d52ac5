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

test('MLLP over TLS has a port, a certificate and a key of its own, and where senders must show one, their authority', () => {
  expect(readConfig({}).mllpTls).toBeNull()
  expect(readConfig({ MLLP_TLS_PORT: '2576', MLLP_TLS_CERT: '/etc/renxin/a.pem', MLLP_TLS_KEY: '/etc/renxin/a.key' }).mllpTls).toEqual({
    port: 2576,
    certFile: '/etc/renxin/a.pem',
    keyFile: '/etc/renxin/a.key',
    caFile: null,
  })
})

test.each([
  [{ PORT: '99999' }, /^PORT must be a port/],
  [{ RENXIN_KEY: 'short' }, /^RENXIN_KEY must be 64 hexadecimal digits/],
  [{ TZ: 'Mars/Olympus' }, /^TZ must be a time zone/],
  [{ RENXIN_ROLES: 'web,cook' }, /^RENXIN_ROLES may name web, worker, mllp/],
  [{ MLLP_TLS_PORT: '2576' }, /^MLLP_TLS_CERT and MLLP_TLS_KEY are needed/],
  [{ DATABASE_URL: 'postgresql://renxin_app@db/renxin' }, /^DATABASE_OWNER_URL is needed/],
  [{ DATABASE_URL: 'mysql://renxin_app@db/renxin' }, /^DATABASE_URL must be a postgresql:\/\/ address/],
  [{ DATABASE_URL: 'postgresql://renxin_app@one,two/renxin?target_session_attrs=standby' }, /^DATABASE_URL must be .*=read-write/],
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

test('other systems may be on this machine where the demo hospital is, and where somebody says so', () => {
  const own = {
    DATABASE_URL: 'postgresql://renxin_app@db/renxin',
    DATABASE_OWNER_URL: 'postgresql://renxin_owner@db/renxin',
    RENXIN_KEY: 'a'.repeat(64),
  }
  const allowed = [{}, { RENXIN_DEMO: 'off' }, own, { ...own, RENXIN_ALLOW_LOOPBACK: 'on' }, { RENXIN_ALLOW_LOOPBACK: 'off' }]

  expect(allowed.map((said) => readConfig(said).allowsLoopback)).toEqual([true, false, false, true, false])
})
