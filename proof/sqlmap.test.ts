import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { addressOf, pathParams, type Route } from '@renxin/kernel'
import { SESSION_COOKIE } from '@renxin/server'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { whoMay } from './crawl/hostile.ts'
import { inputFor } from './crawl/inputs.ts'
import { leaking } from './crawl/planted.ts'
import { openWorld } from './crawl/world.ts'

vi.setConfig({ testTimeout: 900_000, hookTimeout: 180_000 }) // thousands of requests, on a machine that may be busy

const run = promisify(execFile)

/** Where texts that somebody types become part of what is asked of the database: conditions, searches, names of columns and of parameters, places in a list. */
const dynamic: readonly [route: string, ...fields: string[]][] = [
  ['patients.search', 'q'],
  ['patients.list', 'where', 'after'],
  ['patients.people', 'q'],
  ['access.users', 'search', 'roleKey'],
  ['access.audit', 'action', 'address'],
  ['staff.people', 'search'],
  ['feedback.complaints', 'search'],
  ['surveys.analysis', 'item'],
  ['surveys.sourceChoices', 'path', 'search'],
  ['encounters.trend', 'analyte'],
  ['integration.messages', 'event', 'number'],
  ['integration.importRows', 'problem', 'field'],
  ['analytics.contacts', 'outcome'],
  ['followups.whom', 'what'],
]
const fhir = ['Patient?identifier=a&name=b&birthdate=2026-01-01&_sort=name', 'Observation?code=a&date=2026-01-01&patient.name=b']

let folder: string
let world: Awaited<ReturnType<typeof openWorld>>
let port: number
let isMissing: string | undefined

beforeAll(async () => {
  isMissing = await run('sqlmap', ['--version']).then(
    () => undefined,
    () => 'the package sqlmap is not installed',
  )
  if (isMissing) return
  folder = await mkdtemp(join(tmpdir(), 'renxin-sqlmap-'))
  world = await openWorld([leaking(pathToFileURL(`${folder}/`))])
  await world.http.listen({ host: '127.0.0.1', port: 0 })
  port = (world.http.server.address() as AddressInfo).port // a TCP listener has a port
})
afterAll(async () => {
  if (isMissing) return
  world.http.server.closeAllConnections()
  await world.http.close()
  await rm(folder, { recursive: true })
})

function routeNamed(name: string): Route {
  const route = world.routes.find((r) => `${r.module}.${r.name}` === name)
  if (!route) throw new Error(`there is no route ${name}`)
  return route
}

/** Lets sqlmap loose on these parameters of an address; answers what it found, a line each. */
async function attack(address: string, session: string, fields: readonly string[]): Promise<string[]> {
  const { stdout } = await run(
    'sqlmap',
    [
      ['-u', `http://127.0.0.1:${port}${address}`, '-p', fields.join(','), '--cookie', `${SESSION_COOKIE}=${session}`],
      ['--headers', 'x-renxin: 1', '--dbms', 'PostgreSQL', '--technique', 'BEUST', '--time-sec', '2', '--ignore-code', '*'],
      ['--batch', '--disable-coloring', '--flush-session', '--output-dir', folder],
    ].flat(),
    { maxBuffer: 2 ** 26 },
  )
  const wasTried = fields.every((field) => stdout.includes(`parameter '${field}'`))
  if (!wasTried) throw new Error(`sqlmap did not come to ${fields} of ${address}: ${stdout.slice(-1500)}`)
  return stdout.split('\n').filter((line) => /^Parameter: |^ {4}Payload: |is vulnerable/.test(line))
}

/** The address of a route with everything that it needs and the parameters that are attacked. */
function addressFor(route: Route, fields: readonly string[]): string {
  const input: Record<string, unknown> = { ...inputFor(route, world.objects.own) }
  for (const field of fields) input[field] ??= field === 'where' ? '{"name":"a"}' : 'a'
  const params = pathParams(addressOf(route))
  const path = addressOf(route).replaceAll(/:(\w+)/g, (_, param: string) => encodeURIComponent(String(input[param])))
  const query = Object.entries(input).filter(([key]) => !params.includes(key))
  return `${path}?${new URLSearchParams(query.map(([k, v]) => [k, typeof v === 'string' ? v : JSON.stringify(v)]))}`
}

test('sqlmap finds a statement that was put together by hand', async ({ skip }) => {
  skip(isMissing !== undefined, isMissing)
  const planted = routeNamed('planted.sorted')

  const found = await attack('/api/planted/sorted?sort=name', whoMay(world, planted).session, ['sort'])

  expect(found).toContainEqual(expect.stringContaining('Parameter: sort (GET)'))
})

test('and no way in by any text that becomes part of a question to the database', async ({ skip }) => {
  skip(isMissing !== undefined, isMissing)
  const found: string[] = []
  for (const [name, ...fields] of dynamic) {
    const route = routeNamed(name)
    for (const line of await attack(addressFor(route, fields), whoMay(world, route).session, fields)) found.push(`${name}: ${line}`)
  }
  const speaker = world.accounts.find((a) => a.may.has('fhir.read'))
  for (const address of fhir) {
    const fields = [...new URLSearchParams(address.split('?')[1]).keys()]
    for (const line of await attack(`/fhir/R4/${address}`, speaker?.session ?? '', fields)) found.push(`${address}: ${line}`)
  }

  expect(found).toEqual([])
})
