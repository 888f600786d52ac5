import { mkdtemp, rm } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { newId } from '@renxin/kernel'
import { SESSION_COOKIE } from '@renxin/server'
import { afterAll, describe, expect, test, vi } from 'vitest'
import { crawl } from './crawl/crawl.ts'
import { crawlFhir } from './crawl/fhir.ts'
import { namedIn, staleKinds } from './crawl/kinds.ts'
import { leaking } from './crawl/planted.ts'
import { marks } from './crawl/realms.ts'
import { searchForHidden } from './crawl/search.ts'
import { openWorld } from './crawl/world.ts'

vi.setConfig({ testTimeout: 300_000, hookTimeout: 180_000 }) // thousands of requests, on a machine that may be busy

const folder = await mkdtemp(join(tmpdir(), 'renxin-crawl-'))
const everything = await openWorld([leaking(pathToFileURL(`${folder}/`))])
afterAll(async () => {
  await everything.http.close()
  await rm(folder, { recursive: true })
})
const world = { ...everything, routes: everything.routes.filter((r) => r.module !== 'planted') }
const planted = { ...everything, routes: everything.routes.filter((r) => r.module === 'planted') }
const allTraces = Object.values(marks).flatMap((m) => m.traces)

test('the crawler has an object for every id that any route takes', () => {
  expect(world.routes.length).toBeGreaterThan(300)
  expect(world.accounts.length).toBeGreaterThan(10)
  expect(world.routes.flatMap((r) => namedIn(r).faults)).toEqual([])
  expect(staleKinds(world.routes)).toEqual([])
})

test('no role sees, changes or learns of anything of another department beyond its scope, or of another hospital, over any route', async () => {
  const { faults, requests, reached, shown } = await crawl(world)

  expect(faults).toEqual([])
  expect(requests).toBeGreaterThan(5000)
  expect(reached.size).toBeGreaterThan(250) // of its own things each role gets an answer
  expect([...shown]).toEqual(
    expect.arrayContaining(['patients.search', 'encounters.reportFile', 'files.download', 'access.exportAudit', 'analytics.discharges']),
  )
})

test('whoever searches for what is hidden finds what there is of nobody', async () => {
  const { faults, searches } = await searchForHidden(world)

  expect(faults).toEqual([])
  expect(searches).toBeGreaterThan(500)
})

test('the FHIR door shows nothing of another hospital, by id, search, chain, inclusion or bundle', async () => {
  const { faults, requests, shown } = await crawlFhir(world)

  expect(faults).toEqual([])
  expect(requests).toBeGreaterThan(1000)
  expect(shown).toBeGreaterThan(12) // its own are read under the same types
})

test('live events tell of one’s own hospital alone, and nothing but which module changed', async () => {
  await world.http.listen({ host: '127.0.0.1', port: 0 })
  const { port } = world.http.server.address() as AddressInfo // a TCP listener has a port
  const leave = new AbortController()
  const heard: string[] = []
  const stream = await fetch(`http://127.0.0.1:${port}/api/events`, {
    headers: { cookie: `${SESSION_COOKIE}=${world.accounts[0]?.session}` },
    signal: leave.signal,
  })
  const listening = (async () => {
    for await (const piece of stream.body ?? []) heard.push(Buffer.from(piece).toString('utf8'))
  })().catch(() => {})

  await world.there('patients.saveTag', { id: newId(), name: `${marks.hospital.word}二`, tone: 'plain', isActive: true })
  await world.here('staff.saveCampus', { id: newId(), name: `${marks.own.word}二` })
  for (const until = performance.now() + 5000; !heard.join('').includes('staff') && performance.now() < until; ) await pause(20)
  leave.abort()
  await listening
  world.http.server.closeAllConnections()

  const said = heard
    .join('')
    .split('\n\n')
    .filter((line) => line.startsWith('data:'))
  expect(said).toEqual(['data: {"module":"staff"}'])
})

test('the log holds nothing of anybody, whatever was asked', () => {
  expect(world.logged.filter((line) => allTraces.some((t) => line.includes(t)))).toEqual([])
})

describe('a leak that is planted is caught', async () => {
  const of = (faults: readonly string[], route: string) =>
    [...new Set(faults.filter((f) => f.startsWith(`planted.${route} as clinician`)))].map((f) => f.replace(/^.*?(: |, )/, ''))

  test('by the crawler, each in its way, and what is sound is not', async () => {
    const before = planted.logged.length
    const { faults } = await crawl(planted)

    expect(of(faults, 'byId')).toContainEqual(
      expect.stringContaining(`in patientId shows ${[...marks.department.name][0]} of another department`),
    )
    expect(of(faults, 'list')).toContainEqual(expect.stringContaining('about its own shows'))
    expect(of(faults, 'touch')).toContainEqual(
      expect.stringContaining('about a patient of another department in patientId changes what is not its own in patients.patients'),
    )
    expect(of(faults, 'tells')).toContainEqual(expect.stringContaining('in patientId answers 403'))
    expect(of(faults, 'remembers')).toContainEqual(expect.stringContaining('of another hospital'))
    expect(of(faults, 'sound')).toEqual([])
    expect(planted.logged.slice(before).some((line) => allTraces.some((t) => line.includes(t)))).toBe(true)
  })

  test('by a search that only counts', async () => {
    const { faults } = await searchForHidden(planted)

    expect(of(faults, 'search')).toContainEqual(expect.stringContaining('answers otherwise than for nobody'))
  })

  test('by name, where a route takes an id of a kind that the crawler does not know', () => {
    expect(planted.routes.flatMap((r) => namedIn(r).faults)).toContain('planted.unknown: the crawler knows no object for thingId')
  })
})
