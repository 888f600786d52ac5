import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { calendarOf, modules } from '@renxin/app-server/modules'
import { newId, type Route } from '@renxin/kernel'
import { allowLoopback, routesOf } from '@renxin/server'
import { openHouse } from '@renxin/server/testing'
import { afterAll, afterEach, expect, test } from 'vitest'
import { schemaOf } from './crawl/kinds.ts'
import { setupModule } from './crawl/world.ts'

const house = await openHouse(modules, { prepare: true, calendarOf })
const engineer = house.who('integration.manage', 'integration.read', 'access.rules')
let knocks = 0
const inside: Server = createServer((_, response) => {
  knocks += 1
  response.end('{}')
}).on('connection', () => {
  knocks += 1
})
await new Promise<void>((done) => inside.listen(0, '127.0.0.1', done))
const { port } = inside.address() as AddressInfo // a TCP listener has a port
afterAll(() => inside.close())
afterEach(() => allowLoopback(true))

const byName = new Map(routesOf(modules).map((r) => [`${r.module}.${r.name}`, r]))
const routeOf = (name: string): Route => {
  const route = byName.get(name)
  if (!route) throw new Error(`there is no route ${name}`)
  return route
}

const destination = {
  name: '一',
  application: '',
  facility: '',
  charset: 'utf-8',
  takesFollowups: true,
  takesComplaints: false,
  isActive: true,
} as const
const hl7 = (host: string) => ({ way: 'hl7', host, port })
const fhir = (host: string) => ({ way: 'fhir', baseUrl: `http://${host}:${port}/fhir` })
const archive = (host: string) => ({ qidoUrl: `http://${host}:${port}/dicom`, auth: 'none' })
const sso = (host: string) => ({ homeUrl: 'https://crm.hospital.cn', issuerUrl: `http://${host}:${port}`, clientId: 'renxin' })
const signIn = { isActive: true, label: '一', claim: 'sub', match: 'name', alwaysAsks: true, trustsFactor: false, signsOutThere: true }
const source = (host: string) => ({
  name: '一',
  kind: 'postgres',
  host,
  port,
  database: 'his',
  username: 'reader',
  password: 'x',
  tls: false,
  charset: 'declared',
  authority: '',
  isActive: false,
})

/** Each setting through which somebody sends the server somewhere, and how it is said. */
const settings: Readonly<Record<string, { fields: readonly string[]; said: readonly ((host: string) => object)[] }>> = {
  'integration.saveDestination': {
    fields: ['host', 'baseUrl'],
    said: [(h) => ({ id: newId(), ...destination, ...hl7(h) }), (h) => ({ id: newId(), ...destination, ...fhir(h) })],
  },
  'integration.testDestination': { fields: ['host', 'baseUrl'], said: [hl7, fhir] },
  'encounters.saveArchive': {
    fields: ['qidoUrl'],
    said: [(h) => ({ id: newId(), name: '一', ...archive(h), viewerUrl: 'https://viewer.hospital.cn/v?s={studyUid}' })],
  },
  'encounters.testArchive': { fields: ['qidoUrl'], said: [archive] },
  'access.saveSso': { fields: ['issuerUrl'], said: [(h) => ({ ...sso(h), ...signIn })] },
  'access.testSso': { fields: ['issuerUrl'], said: [sso] },
  'integration.saveSource': { fields: ['host'], said: [(h) => ({ id: newId(), ...source(h) })] },
}

/** Addresses that are none to which the server goes: a browser does, or the hosts of hooks are compared with them (`subscriptions.db.test.ts`). */
const others = new Set([
  'encounters.saveArchive viewerUrl',
  'access.saveSso homeUrl',
  'access.testSso homeUrl',
  'integration.saveScreenLink template',
  'integration.saveHookHosts hosts',
  'integration.ask tried.host', // met by the worker, below
  'integration.testScreenLink address', // read, and not opened
  'patients.change address', // where somebody lives
  'access.audit address', // from where somebody came
  'access.exportAudit address',
])

function addressesOf(route: Route): string[] {
  const found: string[] = []
  const walk = (schema: ReturnType<typeof schemaOf>, path: string): void => {
    for (const [key, below] of Object.entries(schema.properties ?? {})) {
      const at = path ? `${path}.${key}` : key
      if (/host(s)?$|url|uri|endpoint|server|address|template$/i.test(key) || below.format === 'uri') found.push(at)
      walk(below, at)
    }
    for (const way of [...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.items ? [schema.items] : [])]) walk(way, path)
  }
  walk(schemaOf(route), '')
  return [...new Set(found)]
}

test('no setting that takes an address is left out of the rule', () => {
  const found = routesOf([...modules, setupModule()]).flatMap((r) => addressesOf(r).map((field) => `${r.module}.${r.name} ${field}`))
  const proved = Object.entries(settings).flatMap(([name, { fields }]) => fields.map((f) => `${name} ${f}`))

  expect(found.filter((f) => !proved.includes(f) && !others.has(f))).toEqual([])
  expect(proved.filter((p) => !found.includes(p))).toEqual([])
})

const closed = ['127.0.0.1', 'localhost', '127.1', '2130706433', '0.0.0.0', '169.254.169.254', '100.100.100.200']

for (const [name, { said }] of Object.entries(settings))
  test(`${name} refuses what is closed, says why, and knocks nowhere`, async () => {
    allowLoopback(false)
    knocks = 0
    for (const host of closed)
      for (const say of said) {
        const saved = engineer.call(routeOf(name), say(host))
        await expect(saved, host).rejects.toMatchObject({ code: 'house.closedAddress' })
      }
    expect(knocks).toBe(0)
  })

test('what is no address at all is refused as such', async () => {
  for (const host of ['a:b', 'a b', '%', '[::'])
    await expect(engineer.call(routeOf('encounters.testArchive'), archive(host)), host).rejects.toMatchObject({ code: 'house.invalid' })
})

test('the hospital’s own network can be set up, and this machine where the environment allows it', async () => {
  allowLoopback(false)
  for (const name of ['integration.saveDestination', 'encounters.saveArchive', 'integration.saveSource'])
    for (const [i, say] of (settings[name]?.said ?? []).entries())
      await engineer.call(routeOf(name), { ...say('10.255.255.1'), name: `网内${i}` })
  allowLoopback(true)

  const answer = await engineer.call(routeOf('encounters.testArchive'), { qidoUrl: `http://127.0.0.1:${port}/dicom`, auth: 'none' })

  expect(answer).toMatchObject({ outcome: 'notDicomweb' })
  expect(knocks).toBeGreaterThan(0)
})
