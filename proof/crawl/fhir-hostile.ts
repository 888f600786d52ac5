import type { Route } from '@renxin/kernel'
import type { World } from './crawl.ts'
import { type Found, faultIn, payloads, seconds } from './hostile.ts'
import { marks } from './realms.ts'
import { request } from './requests.ts'
import { type Inspect, rehearse } from './watch.ts'

type Resource = { resourceType: string; id: string } & Readonly<Record<string, unknown>>

/** As `EXTRA`, with resources. */
export const FOREIGN = 'QZFOREIGN'

const { word } = marks.own
const subject = { reference: `Patient/${word}` }
/** One of each kind that a room takes in, with everything that it reads from it. */
const resources: readonly Resource[] = [
  { resourceType: 'Patient', id: `${word}T`, identifier: [{ type: { coding: [{ code: 'MR' }] }, system: 'urn:his', value: 'T1' }], name: [{ text: '田七' }],
    telecom: [{ system: 'phone', value: '13800001111', use: 'mobile' }], gender: 'male', birthDate: '1960-01-02', address: [{ text: '一路1号', district: '一区' }],
    contact: [{ relationship: [{ text: '儿子' }], name: { text: '田八' }, telecom: [{ value: '13900001111' }] }] },
  { resourceType: 'Encounter', id: `${word}TE`, status: 'finished', class: { code: 'IMP' }, subject, identifier: [{ value: 'TV1' }],
    period: { start: '2026-08-01T08:00:00+08:00', end: '2026-08-05T08:00:00+08:00' }, location: [{ location: { display: '一病区' } }] },
  { resourceType: 'Observation', id: `${word}TO`, status: 'final', code: { coding: [{ system: 'urn:x', code: 'K', display: '钾' }], text: '钾' }, subject,
    effectiveDateTime: '2026-08-02T07:00:00+08:00', valueString: '阴性', interpretation: [{ coding: [{ code: 'N' }] }], note: [{ text: '备注' }] },
  { resourceType: 'Condition', id: `${word}TC`, code: { coding: [{ system: 'urn:icd', code: 'I10', display: '高血压' }] }, subject, encounter: { reference: `Encounter/${word}E` } },
  { resourceType: 'AllergyIntolerance', id: `${word}TA`, code: { text: '青霉素' }, patient: subject, reaction: [{ manifestation: [{ text: '皮疹' }] }] },
  { resourceType: 'DocumentReference', id: `${word}TD`, status: 'current', type: { text: '小结' }, subject, date: '2026-08-02T07:00:00+08:00',
    content: [{ attachment: { contentType: 'text/plain', title: '小结.txt', data: Buffer.from('正文').toString('base64') } }] },
  { resourceType: 'DiagnosticReport', id: `${word}TR`, status: 'final', code: { text: '血常规' }, subject, effectiveDateTime: '2026-08-02T07:00:00+08:00', conclusion: '正常' },
  { resourceType: 'Basic', id: `${word}TB`, code: { text: '其他' }, subject },
  { resourceType: 'Subscription', id: `${word}TS`, status: 'requested', reason: '一', criteria: 'Observation?status=final',
    channel: { type: 'rest-hook', endpoint: 'http://hooks.example/a', payload: 'application/fhir+json', header: ['Authorization: Bearer a'] } },
] // biome-ignore format: a table

const general = [
  '_id',
  '_sort',
  '_include',
  '_revinclude',
  '_elements',
  '_summary',
  '_total',
  '_count',
  '_cursor',
  '_lastUpdated',
  '_has:Observation:patient:code',
  'subject:Patient.name',
  'patient.identifier',
]
/** Of a resource's texts and of the parameters each gets so many payloads, the next ones in turn: all of them meet the door. */
const EACH = 3

/** Throws what attackers type at the FHIR door: into every text of a resource that is created, put or patched, and into every search parameter that it declares. */
export async function throwAtFhir(world: World, isKept: Inspect): Promise<Found & { searched: number }> {
  const found = { faults: new Set<string>(), requests: 0, slowestMs: 0 }
  const speaker = world.accounts.find((a) => a.may.has('fhir.write'))
  if (!speaker) throw new Error('no account speaks FHIR')
  let turn = 0
  const next = () => payloads[turn++ % payloads.length] ?? ''

  for (const resource of resources) {
    await send('fhirUpdate', resource, 'as it is', 300)
    for (const path of leavesOf(resource))
      for (let n = 0; n < EACH; n += 1) {
        const text = next()
        const said = `${resource.resourceType}.${path.join('.')} = ${JSON.stringify(text).slice(0, 60)}`
        const spoilt = put(resource, path, text)
        await send(n === 0 ? 'fhirCreate' : 'fhirUpdate', spoilt, said)
        const patch = [{ op: 'replace', path: `/${path.join('/')}`, value: text }]
        if (n === 2)
          await ask(
            'fhirPatch',
            { type: resource.resourceType, id: `${word}${letters[resource.resourceType] ?? ''}`, body: JSON.stringify(patch) },
            said,
          )
      }
  }
  for (const text of payloads)
    for (const name of ['fhirRead', 'fhirHistory', 'fhirReadVersion', 'fhirEverything', 'fhirUpdateWhere', 'fhirDeleteWhere', 'fhirSearch'])
      for (const at of ['type', 'id', 'version'])
        await ask(
          name,
          { type: 'Patient', id: word, version: '1', query: [['identifier', text]], body: JSON.stringify(resources[0]), [at]: text || 'a' },
          `${name} with ${at} = ${text.slice(0, 40)}`,
        )
  const before = found.requests
  for (const { type, params } of await declared())
    for (const param of new Set([...params, ...general]))
      for (let n = 0; n < EACH; n += 1) {
        const text = next()
        const query = n === 1 ? [[`${param}:${text.slice(0, 30)}`, 'a']] : [[param, text]]
        await ask('fhirSearch', { type, query }, `${type}?${JSON.stringify(query).slice(0, 80)}`)
      }
  return { ...found, searched: found.requests - before, faults: [...found.faults].sort() }

  async function declared() {
    const { text } = await request(world.http, speaker?.session ?? null, route('fhirCapabilities'), {})
    const said: { rest?: { resource?: { type: string; searchParam?: { name: string }[] }[] }[] } = JSON.parse(text)
    return (said.rest?.[0]?.resource ?? []).map((r) => ({ type: r.type, params: (r.searchParam ?? []).map((p) => p.name) }))
  }

  function route(name: string): Route {
    const is = world.routes.find((r) => r.module === 'integration' && r.name === name)
    if (!is) throw new Error(`there is no route ${name}`)
    return is
  }

  async function send(name: string, resource: Resource, said: string, below = 600): Promise<void> {
    const body = JSON.stringify(name === 'fhirCreate' ? { ...resource, id: undefined } : resource)
    const { status, text } = await ask(name, { type: resource.resourceType, id: resource.id, body }, said)
    if (status >= below) found.faults.add(`${resource.resourceType} ${said} is not taken: ${status} ${text.slice(0, 200)}`)
  }

  async function ask(name: string, input: object, said: string) {
    found.requests += 1
    const { result, ms } = await seconds(() =>
      rehearse(() => request(world.http, speaker?.session ?? null, route(name), { ...input }), isKept),
    )
    found.slowestMs = Math.max(found.slowestMs, ms)
    const fault = faultIn(result, ms)
    if (fault) found.faults.add(`${name}: ${said} ${fault}`)
    return result
  }
}

/** Sends resources with the names of all columns there are, at every depth. What is no part of the resource may stand in what was told, and nowhere else; `isKept` says where. */
export async function throwExtraAtFhir(world: World, columns: readonly string[], isKept: Inspect): Promise<{ statuses: number[] }> {
  const speaker = world.accounts.find((a) => a.may.has('fhir.write'))
  const update = world.routes.find((r) => r.module === 'integration' && r.name === 'fhirUpdate')
  if (!speaker || !update) throw new Error('no account speaks FHIR')
  const statuses: number[] = []
  for (const resource of resources) {
    const extra = Object.fromEntries(columns.filter((c) => /[A-Z]/.test(c)).map((c) => [c, FOREIGN])) // those of one word may be the standard's own
    for (const body of [{ ...extra, ...resource }, deepened(resource, extra)]) {
      const answer = await rehearse(
        () => request(world.http, speaker.session, update, { type: resource.resourceType, id: resource.id, body: JSON.stringify(body) }),
        isKept,
      )
      statuses.push(answer.status)
    }
  }
  return { statuses }
}

const letters: Readonly<Record<string, string>> = { Encounter: 'E', Observation: 'O', Basic: 'B', Subscription: 'S' }

function deepened(value: unknown, extra: Readonly<Record<string, string>>): unknown {
  if (Array.isArray(value)) return value.map((v) => deepened(v, extra))
  if (typeof value !== 'object' || value === null) return value
  return { ...extra, ...Object.fromEntries(Object.entries(value).map(([k, v]) => [k, deepened(v, extra)])) }
}

/** The ways to every text of a value. */
function leavesOf(value: unknown, at: readonly string[] = []): string[][] {
  if (typeof value === 'string') return at.length === 1 && (at[0] === 'resourceType' || at[0] === 'id') ? [] : [[...at]]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, below]) => leavesOf(below, [...at, key]))
}

function put<T>(value: T, path: readonly string[], text: string): T {
  const copy = structuredClone(value)
  let at: unknown = copy
  for (const key of path.slice(0, -1)) at = typeof at === 'object' && at !== null ? Reflect.get(at, key) : undefined
  if (typeof at === 'object' && at !== null) Reflect.set(at, path.at(-1) ?? '', text)
  return copy
}
