import pg from 'pg'
import { expect, test } from 'vitest'
import { socketUrl, withDatabase } from './urls.ts'

test('a socket folder of any name survives the address', () => {
  const folder = '/数据/a b%20c/socket'
  const url = withDatabase(socketUrl('renxin_app', folder), '另一个')

  const client = new pg.Client({ connectionString: url })

  expect(client).toMatchObject({ host: folder, user: 'renxin_app', database: '另一个', port: 5432 })
})
