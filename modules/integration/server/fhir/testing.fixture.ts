import { access, authenticator, createApiKey } from '@renxin/access'
import { encounters } from '@renxin/encounters'
import { feedback } from '@renxin/feedback'
import { files } from '@renxin/files'
import { followups } from '@renxin/followups'
import { addressOf, type Reply } from '@renxin/kernel'
import { patients } from '@renxin/patients'
import { openHttp } from '@renxin/server'
import { openHouse, type Visitor } from '@renxin/server/testing'
import { staff } from '@renxin/staff'
import { surveys } from '@renxin/surveys'
import { afterAll } from 'vitest'
import { integration, operationOutcome } from '../index.ts'

export const FHIR = 'application/fhir+json; charset=utf-8'
export const BASE = 'http://localhost:80/fhir/R4'

export type Resource = { resourceType: string; id: string } & Record<string, unknown>
export type Entry = { fullUrl: string; resource: Resource; response: { status: string; location?: string; outcome?: Resource } }
export type Body = Resource & {
  total?: number
  entry?: Entry[]
  link?: { relation: string; url: string }[]
  issue?: { code: string; diagnostics: string }[]
  meta?: { versionId: string; lastUpdated: string }
}
export type Answer = { status: number; headers: Record<string, unknown>; body: Body }

type Sent = { body?: unknown; key?: string; headers?: Record<string, string> }

/** A hospital with its FHIR door, and whoever knocks at it. */
export async function openFhir(modules = [staff, access, files, patients, encounters, surveys, feedback, followups, integration]) {
  const house = await openHouse(modules, { now: '2026-09-04T09:00+08:00', authenticator, prepare: true })
  const app = await openHttp(house.house, {
    requestsPerMinute: 1_000_000,
    problems: [{ prefix: '/fhir/', type: FHIR, body: operationOutcome }],
  })
  afterAll(() => app.close())
  const keyFor = async (...scopes: string[]) => (await house.inside((ctx) => createApiKey(ctx, { name: '平台', scopes }))).secret
  const whole = await keyFor('fhir.read', 'fhir.write', 'patients.unmask')

  async function send(
    method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    address: string,
    { body, key = whole, headers = {} }: Sent = {},
  ): Promise<Answer> {
    const type = body === undefined ? {} : { 'content-type': method === 'PATCH' ? 'application/json-patch+json' : 'application/fhir+json' }
    const payload = body === undefined ? {} : { payload: typeof body === 'string' ? body : JSON.stringify(body) }
    const response = await app.inject({
      method,
      url: address.startsWith('http') ? address.slice(BASE.length - '/fhir/R4'.length) : `/fhir/R4${address === '' ? '' : '/'}${address}`,
      headers: { authorization: `Bearer ${key}`, ...type, ...headers },
      ...payload,
    })
    return {
      status: response.statusCode,
      headers: response.headers,
      body: response.payload === '' ? { resourceType: '', id: '' } : response.json(),
    }
  }
  /** Somebody who asks other rooms with a key of these scopes. */
  function asker(...scopes: string[]): Pick<Visitor, 'call'> {
    const made = keyFor(...scopes)
    return {
      call: async (route, input) => {
        const said = new Map(Object.entries(input ?? {}))
        const path = addressOf(route).replace(/:(\w+)/g, (_, name: string) => {
          const value = String(said.get(name))
          said.delete(name)
          return encodeURIComponent(value)
        })
        const rest = Object.fromEntries(said)
        const response = await app.inject({
          method: route.method,
          url: path,
          headers: { authorization: `Bearer ${await made}` },
          ...(route.method === 'GET'
            ? { query: Object.fromEntries(Object.entries(rest).map(([k, v]) => [k, String(v)])) }
            : { payload: rest }),
        })
        if (response.statusCode >= 300) throw new Error(`${route.name}: ${response.statusCode} ${response.payload}`)
        return route.reply.parse(response.json()) as Reply<typeof route> // parsed by the same schema
      },
    }
  }
  return {
    house,
    app,
    asker,
    keyFor,
    send,
    get: (address: string, sent: Sent = {}) => send('GET', address, sent),
    put: (resource: Resource, sent: Sent = {}) => send('PUT', `${resource.resourceType}/${resource.id}`, { ...sent, body: resource }),
    /** The ids of what a search finds. */
    found: async (search: string, sent: Sent = {}) => {
      const { status, body } = await send('GET', encodeURI(search).replaceAll('%25', '%'), sent)
      if (status !== 200) throw new Error(`${search}: ${JSON.stringify(body)}`)
      return (body.entry ?? []).map((e) => e.resource.id)
    },
  }
}
