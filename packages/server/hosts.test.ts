import { expect, test } from 'vitest'
import { databaseTrouble } from './database-errors.ts'
import { clientFor, hostsOf } from './hosts.ts'

test.each([
  ['postgresql://app:a%40b@db/renxin?sslmode=require', ['postgresql://app:a%40b@db/renxin?sslmode=require']],
  [
    'postgres://app:p@one:5432,two:5433/renxin?target_session_attrs=read-write&sslmode=require',
    ['postgres://app:p@one:5432/renxin?sslmode=require', 'postgres://app:p@two:5433/renxin?sslmode=require'],
  ],
  ['postgresql://one,[2001:db8::1]:5432/renxin', ['postgresql://one/renxin', 'postgresql://[2001:db8::1]:5432/renxin']],
  ['postgresql://app@%2Ftmp%2Fa:5432,%2Ftmp%2Fb/renxin', ['postgresql://app@%2Ftmp%2Fa:5432/renxin', 'postgresql://app@%2Ftmp%2Fb/renxin']],
  ['mysql://one/renxin', undefined],
  ['postgresql://one:port,two/renxin', undefined],
  ['postgresql://one,/renxin', undefined],
  ['postgresql:///renxin', undefined],
  ['postgresql://one,two/renxin?target_session_attrs=standby', undefined],
])('the hosts of %s', (url, hosts) => {
  expect(hostsOf(url)).toEqual(hosts)
})

test('where no host takes writes, each says why, and whoever asks is told that the system is busy', async () => {
  const client = clientFor({ connectionString: 'postgresql://app@127.0.0.1:1,%2Fnowhere:5432/renxin' })

  const error = await client.connect().catch((e: unknown) => e)

  expect(String(error)).toMatch(/none of its hosts takes writes \(127\.0\.0\.1:1: .*ECONNREFUSED.*; \/nowhere:5432: .*ENOENT/)
  expect(databaseTrouble(error)).toBe('away')
})
