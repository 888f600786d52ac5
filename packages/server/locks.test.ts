import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { locks } from './locks.ts'

const root = join(import.meta.dirname, '../..')

test('no two things share the number of a lock', () => {
  const numbers = Object.values(locks).map(String)

  expect(new Set(numbers).size).toBe(numbers.length)
})

test('a lock that is taken by its number stands in the list: in a migration as it is there, in the program by its name', async () => {
  const taken: string[] = []
  for (const folder of ['apps', 'modules', 'packages'])
    for (const path of await readdir(join(root, folder), { recursive: true })) {
      if (path.includes('node_modules') || !/\.(ts|sql)$/.test(path) || path.endsWith('.test.ts')) continue
      const text = await readFile(join(root, folder, path), 'utf8')
      for (const [, number = ''] of text.matchAll(/pg_(?:try_)?advisory_(?:xact_)?lock\((\d+)/g))
        taken.push(path.endsWith('.sql') ? number : `${path}: ${number}`)
    }

  expect([...new Set(taken)].sort()).toEqual([String(locks.seal), String(locks.deliver)])
})
