import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { SESSION_COOKIE, sql } from '@renxin/server'
import { afterAll, expect, test, vi } from 'vitest'
import { FOREIGN, throwAtFhir, throwExtraAtFhir } from './crawl/fhir-hostile.ts'
import { EXTRA, throwExtra, throwHostile } from './crawl/hostile.ts'
import { leaking } from './crawl/planted.ts'
import type { Inspect } from './crawl/watch.ts'
import { openWorld } from './crawl/world.ts'

vi.setConfig({ testTimeout: 600_000, hookTimeout: 180_000 }) // thousands of requests, on a machine that may be busy

const folder = await mkdtemp(join(tmpdir(), 'renxin-hostile-'))
const everything = await openWorld([leaking(pathToFileURL(`${folder}/`))])
afterAll(async () => {
  await everything.http.close()
  await rm(folder, { recursive: true })
})
const world = { ...everything, routes: everything.routes.filter((r) => r.module !== 'planted') }
const tables = (
  await world.house.ownerSql(`select format('%I.%I', n.nspname, c.relname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p') and c.relforcerowsecurity order by 1`)
).map((r) => String(r.name))

test('hostile texts in every field of every route are refused or kept as texts: no fault of the server, nothing slow, no word of the inside', async () => {
  let touched = ''
  const before = await namesOf()
  const { faults, requests, slowestMs } = await throwHostile(world, async (ask) => {
    const { rows } = await ask(`select name from patients.patients where name = '${EXTRA}'`)
    if (rows.length > 0) touched = 'a statement of an attacker was run'
  })

  console.log(`${requests} requests, the slowest took ${slowestMs.toFixed(0)} ms`)
  expect(faults).toEqual([])
  expect(touched).toBe('')
  expect(await namesOf()).toEqual(before)
  expect(requests).toBeGreaterThan(4000)
})

test('what is nested a thousand deep is refused before anybody reads it', async () => {
  const [account] = world.accounts
  const response = await world.http.inject({
    method: 'POST',
    url: '/api/surveys/inspect',
    headers: { 'x-renxin': '1', 'content-type': 'application/json' },
    cookies: { [SESSION_COOKIE]: world.accounts.find((a) => a.may.has('surveys.edit'))?.session ?? account?.session ?? '' },
    payload: `{"definition":${'['.repeat(100_000)}${']'.repeat(100_000)}}`,
  })

  expect(response.statusCode).toBe(400)
  expect(response.json()).toMatchObject({ code: 'house.invalid' })
})

test('a property that nobody asked for is refused or left lying, never kept', async () => {
  const names = await columnsOf()
  const kept = new Set<string>()
  const isKept: Inspect = async (ask) => {
    const found = await ask(tables.map((t) => `select '${t}' as name from ${t} r where r::text like '%${EXTRA}%'`).join(' union all '))
    for (const row of found.rows) kept.add(String(row.name))
  }

  const { faults, requests, taken } = await throwExtra(world, names, isKept)

  expect(faults).toEqual([])
  expect([...kept].sort()).toEqual(['surveys.questionnaires']) // a questionnaire stays as it came, with what other systems put into it
  expect(taken.length).toBeGreaterThan(100) // the others refuse them
  expect(requests).toBeGreaterThan(200)
  expect(names.length).toBeGreaterThan(400)
})

test('a statement that is put together by hand is caught by its fault, or by the time that it takes', async () => {
  const planted = { ...everything, routes: everything.routes.filter((r) => r.module === 'planted' && r.name === 'sorted') }

  const { faults } = await throwHostile(planted, async () => {})

  expect(faults).toContainEqual(expect.stringMatching(/^planted\.sorted with sort=.* answers 500/))
})

test('the same texts in every text of a resource and every search parameter of FHIR: no fault of the server, nothing slow, no statement of theirs is run', async () => {
  let touched = ''
  const before = await namesOf()
  const { faults, requests, searched, slowestMs } = await throwAtFhir(world, async (ask) => {
    const { rows } = await ask(`select name from patients.patients where name = '${EXTRA}'`)
    if (rows.length > 0) touched = 'a statement of an attacker was run'
  })

  console.log(`${requests} requests, the slowest took ${slowestMs.toFixed(0)} ms`)
  expect(faults).toEqual([])
  expect(touched).toBe('')
  expect(await namesOf()).toEqual(before)
  expect(requests).toBeGreaterThan(500)
  expect(searched).toBeGreaterThan(500)
})

test('what is no part of a FHIR resource is kept with what was told, and set in no column of ours', async () => {
  const kept = new Set<string>()
  const { statuses } = await throwExtraAtFhir(world, await columnsOf(), async (ask) => {
    for (const row of (
      await ask(tables.map((t) => `select '${t}' as name from ${t} r where r::text like '%${FOREIGN}%'`).join(' union all '))
    ).rows)
      kept.add(String(row.name))
  })

  expect(kept.size).toBeGreaterThan(0)
  expect([...kept].filter((t) => !t.startsWith('integration.fhir_'))).toEqual([])
  expect(statuses.every((s) => s < 500)).toBe(true)
  expect(statuses.filter((s) => s < 300).length).toBeGreaterThan(5)
})

const namesOf = () =>
  world.house.inside(async (ctx) => (await sql<{ name: string }>`select name from patients.patients order by id`.execute(ctx.db)).rows)
async function columnsOf(): Promise<string[]> {
  const columns = await world.house.ownerSql(`select distinct column_name as name from information_schema.columns c
    where table_schema not in ('pg_catalog', 'information_schema')`)
  return columns.map((c) => String(c.name).replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase()))
}
