import { inflateRawSync } from 'node:zlib'
import { addressOf, pathParams, type Route } from '@renxin/kernel'
import { type openHttp, SESSION_COOKIE } from '@renxin/server'

export type Http = Awaited<ReturnType<typeof openHttp>>

export type Answer = { status: number; code: string; text: string; headers: string; cookies: readonly { name: string; value: string }[] }

/** One request over HTTP as a page or another system sends it: the parameters of the address, then the rest as query or body. */
export async function request(http: Http, session: string | null, route: Route, input: Readonly<Record<string, unknown>>): Promise<Answer> {
  if (route.isExchange) return exchange(http, session, route, input)
  const params = new Set(pathParams(addressOf(route)))
  const rest = Object.entries(input).filter(([field]) => !params.has(field))
  const isRead = route.method === 'GET'
  const query = new URLSearchParams(rest.map(([k, v]) => [k, typeof v === 'string' ? v : JSON.stringify(v)]))
  const response = await http.inject({
    method: route.method,
    url: `${addressed(route, input)}${isRead && rest.length > 0 ? `?${query}` : ''}`,
    headers: { 'x-renxin': '1' },
    ...(session === null ? {} : { cookies: { [SESSION_COOKIE]: session } }),
    ...(isRead ? {} : { payload: Object.fromEntries(rest) }),
  })
  return answerOf(response)
}

const addressed = (route: Route, input: Readonly<Record<string, unknown>>) =>
  addressOf(route).replaceAll(/:(\w+)/g, (_, param: string) => encodeURIComponent(String(input[param]).toWellFormed()))

/** FHIR has addresses, queries and bodies of its own. */
async function exchange(http: Http, session: string | null, route: Route, input: Readonly<Record<string, unknown>>): Promise<Answer> {
  const query = Array.isArray(input.query) ? new URLSearchParams(input.query) : new URLSearchParams()
  const isPatch = route.method === 'PATCH'
  const isForm = route.name === 'fhirSearchByPost'
  const type = isForm ? 'application/x-www-form-urlencoded' : isPatch ? 'application/json-patch+json' : 'application/fhir+json'
  const body = isForm ? String(query) : typeof input.body === 'string' ? input.body : ''
  const response = await http.inject({
    method: route.method,
    url: `${addressed(route, input)}${!isForm && query.size > 0 ? `?${query}` : ''}`,
    headers: { 'x-renxin': '1', ...(body === '' ? {} : { 'content-type': type }) },
    ...(session === null ? {} : { cookies: { [SESSION_COOKIE]: session } }),
    ...(body === '' ? {} : { payload: body }),
  })
  return answerOf(response)
}

type Raw = Awaited<ReturnType<Http['inject']>>

function answerOf(response: Raw): Answer {
  const isJson = String(response.headers['content-type'] ?? '').includes('json')
  const said: unknown = isJson && response.payload !== '' ? JSON.parse(response.payload) : null
  const code = typeof said === 'object' && said !== null && 'code' in said && typeof said.code === 'string' ? said.code : ''
  return {
    status: response.statusCode,
    code,
    text: isJson ? response.payload : textOf(response.rawPayload),
    headers: JSON.stringify(response.headers),
    cookies: response.cookies,
  }
}

/** What stands in a file: of a workbook what is packed into it. */
function textOf(body: Buffer): string {
  if (body.length < 4 || body.readUInt32LE(0) !== 0x04034b50) return body.toString('utf8')
  const parts: string[] = []
  for (let at = 0; at + 30 <= body.length && body.readUInt32LE(at) === 0x04034b50; ) {
    const [packed, name, extra] = [body.readUInt32LE(at + 18), body.readUInt16LE(at + 26), body.readUInt16LE(at + 28)]
    const from = at + 30 + name + extra
    const bytes = body.subarray(from, from + packed)
    parts.push(body.readUInt16LE(at + 8) === 8 ? inflateRawSync(bytes).toString('utf8') : bytes.toString('utf8'))
    at = from + packed
  }
  return parts.join('\n')
}
