import { pathParams, type Route } from '@renxin/kernel'
import type { World } from './crawl.ts'
import { inputFor } from './inputs.ts'
import { schemaOf } from './kinds.ts'
import type { Account } from './realms.ts'
import { type Answer, request } from './requests.ts'
import { type Inspect, rehearse } from './watch.ts'

/** A word that stands nowhere: where it is found, a property was kept for which nobody asked. */
export const EXTRA = 'QZEXTRA'

const long = 'a'.repeat(20_000)

/** What an attacker types. `pg_sleep` would be felt, a stacked statement would change rows, and the rest break what is put together by hand. */
export const payloads: readonly string[] = [
  `\u0000`,
  `'`,
  `" or ""="`,
  `' or '1'='1' --`,
  `1; select pg_sleep(3); --`,
  `'); select pg_sleep(3); --`,
  `' || (select pg_sleep(3)) || '`,
  `'; update patients.patients set name = '${EXTRA}'; commit; --`,
  `$1 $$ \\ %s \${7*7} {{7*7}} <%= 7*7 %> #{7*7}`,
  `../../../../etc/passwd`,
  `..\\..\\boot.ini%00.pdf`,
  `\ud800`,
  `\u202e%_\\`,
  `__proto__`,
  `constructor`,
  `=cmd|' /C calc'!A0`,
  `${'('.repeat(3000)}${')'.repeat(3000)}`,
  long,
]

/** So many of them go into every field; of the others every fourth, a different one in each, so that a run takes seconds. */
const ALWAYS = 7
const shapes: readonly unknown[] = [{ $ne: null }, [], 1e308, -1, null, true, deep(90)]

export type Found = { faults: string[]; requests: number; slowestMs: number }

/** `[[[…]]]` */
function deep(levels: number): unknown {
  return levels === 0 ? [] : [deep(levels - 1)]
}

/** Puts every payload into every field of every route into which a text goes, and objects where texts are awaited. What is done is taken back, and looked at first. */
export async function throwHostile(world: World, isKept: Inspect): Promise<Found> {
  const found = { faults: new Set<string>(), requests: 0, slowestMs: 0 }
  for (const route of world.routes) {
    if (route.isExchange) continue
    const account = whoMay(world, route)
    const texts = textsOf(route)
    for (const field of Object.keys(schemaOf(route).properties ?? {})) // what a list is sorted by, how many of it and from where on too
      if (!texts.includes(field) && !pathParams(route.path).includes(field))
        await tryOne(account, route, field, `1; select pg_sleep(3); --`)
    for (const [nth, field] of texts.entries())
      for (const [i, payload] of payloads.entries()) if (i < ALWAYS || (i + nth) % 4 === 0) await tryOne(account, route, field, payload)
    for (const [nth, field] of Object.keys(schemaOf(route).properties ?? {}).entries()) {
      if (pathParams(route.path).includes(field) || route.method === 'GET') continue
      for (const [i, value] of shapes.entries()) if ((i + nth) % 2 === 0) await tryOne(account, route, field, value)
    }
  }
  return { ...found, faults: [...found.faults].sort() }

  async function tryOne(account: Account, route: Route, field: string, value: unknown): Promise<void> {
    found.requests += 1
    const said = `${route.module}.${route.name} with ${field}=${JSON.stringify(value)?.slice(0, 60)}`
    const input = putInto(inputFor(route, world.objects.own), field, value)
    const { result, ms } = await seconds(() => rehearse(() => request(world.http, account.session, route, input), isKept))
    found.slowestMs = Math.max(found.slowestMs, ms)
    const fault = faultIn(result, ms, value)
    if (fault) found.faults.add(`${said} ${fault}`)
  }
}

/** How long it took. */
export async function seconds<T>(work: () => Promise<T>): Promise<{ result: T; ms: number }> {
  const began = performance.now()
  return { result: await work(), ms: performance.now() - began }
}

/** What is wrong with an answer to somebody who attacks: a fault of the server, a long time, words of the inside. */
export function faultIn(answer: Answer, ms: number, said?: unknown): string | undefined {
  if (isFault(answer)) return `answers ${answer.status}: ${answer.text.slice(0, 150)}`
  if (ms > 2500) return `takes ${Math.round(ms)} ms`
  const own = answer.text.replaceAll(JSON.stringify(said) ?? '\0', '').replaceAll(String(said), '')
  const isInside = answer.status >= 400 && /pg_(?!sleep)|syntax error|SQLSTATE|at .*\.ts:\d|kysely/i.test(own)
  return isInside ? `tells of the inside: ${answer.text.slice(0, 150)}` : undefined
}

/** Sends properties nobody asked for in every object of every body, by the names of all columns there are. None may be kept; `isKept` says so. */
export async function throwExtra(world: World, columns: readonly string[], isKept: Inspect): Promise<Found & { taken: string[] }> {
  const taken: string[] = []
  const found = { faults: new Set<string>(), requests: 0, slowestMs: 0 }
  for (const route of world.routes) {
    if (route.isExchange || route.method === 'GET') continue
    const input = inputFor(route, world.objects.own)
    const plain = await rehearse(() => request(world.http, whoMay(world, route).session, route, input))
    const own = new Set(Object.keys(schemaOf(route).properties ?? {}))
    const extra = Object.fromEntries(columns.filter((c) => !own.has(c)).map((c) => [c, EXTRA]))
    const loaded = deepen(input, extra)
    const polluting: Record<string, unknown> = JSON.parse(
      `{"__proto__": {"isPolluted": "${EXTRA}"}, "constructor": {"prototype": {"isPolluted": true}}}`,
    )
    const { session } = whoMay(world, route)
    found.requests += 3
    const answer = await rehearse(() => request(world.http, session, route, loaded), isKept)
    const polluted = await rehearse(() => request(world.http, session, route, { ...input, ...polluting }), isKept)
    if (isFault(polluted)) found.faults.add(`${route.module}.${route.name} with a prototype answers ${polluted.status}`)
    const said = `${route.module}.${route.name} with properties nobody asked for`
    if (isFault(answer)) found.faults.add(`${said} answers ${answer.status}: ${answer.text.slice(0, 150)}`)
    if (answer.status < 300) taken.push(`${route.module}.${route.name}`)
    const isRefused = answer.status === 400
    if (!isRefused && answer.status !== plain.status)
      found.faults.add(`${said} answers ${answer.status} ${answer.code} and not ${plain.status} ${plain.code}`)
    if ('isPolluted' in {}) found.faults.add(`${said} changes what every object inherits`)
  }
  return { ...found, taken, faults: [...found.faults].sort() }
}

const isFault = ({ status, code }: Answer) => status >= 500 && !(status === 503 && code !== 'house.unexpected')

/** Objects get more properties; lists and what is in them too. */
function deepen(value: unknown, extra: Readonly<Record<string, string>>): Record<string, unknown> {
  const deep = (v: unknown): unknown => {
    if (Array.isArray(v)) return v.map(deep)
    if (typeof v !== 'object' || v === null) return v
    return { ...extra, ...Object.fromEntries(Object.entries(v).map(([k, below]) => [k, deep(below)])) }
  }
  const made = deep(value)
  return typeof made === 'object' && made !== null ? { ...made } : {}
}

export function whoMay(world: World, route: Route): Account {
  const reach = (a: Account) => (route.may === 'anyone' || route.may === 'signedIn' ? 'own' : a.may.get(route.may))
  const account = world.accounts.find((a) => reach(a) === 'hospital') ?? world.accounts.find((a) => reach(a))
  if (!account) throw new Error(`nobody may ${route.may}`)
  return account
}

type Schema = ReturnType<typeof schemaOf>

/** Where texts stand, with the way to them: `body.steps.0.name`. */
function textsOf(route: Route): string[] {
  const found: string[] = []
  const walk = (schema: Schema, path: string, depth: number): void => {
    if (depth > 4) return
    if (schema.type === 'string' && !schema.enum && schema.const === undefined) found.push(path)
    for (const [key, below] of Object.entries(schema.properties ?? {})) walk(below, path ? `${path}.${key}` : key, depth + 1)
    if (schema.items) walk(schema.items, `${path}.0`, depth + 1)
    for (const way of [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])]) walk(way, path, depth + 1)
    if (schema.additionalProperties === true || (typeof schema.additionalProperties === 'object' && depth < 4)) found.push(`${path}.any`)
  }
  walk(schemaOf(route), '', 0)
  return [...new Set(found)].filter(Boolean)
}

function putInto(input: Readonly<Record<string, unknown>>, path: string, value: unknown): Record<string, unknown> {
  const [key = '', ...rest] = path.split('.')
  if (rest.length === 0) return { ...input, [key]: value }
  const below = input[key]
  if (rest[0] === '0') {
    const list = Array.isArray(below) ? below : []
    return { ...input, [key]: [rest.length === 1 ? value : putInto(asObject(list[0]), rest.slice(1).join('.'), value)] }
  }
  return { ...input, [key]: putInto(asObject(below), rest.join('.'), value) }
}

const asObject = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {}
