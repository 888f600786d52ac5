import { definitions } from './definitions.ts'
import { type Element, isElement, isResource, type Resource, textOf } from './json.ts'
import { FhirProblem } from './problem.ts'

export const methods = ['DELETE', 'POST', 'PUT', 'PATCH', 'GET', 'HEAD'] as const
export type Method = (typeof methods)[number]

/** One request in a Bundle: what it asks, of what, and where it stood. */
export type Asked = {
  position: number
  method: Method
  fullUrl: string | undefined
  type: string
  id: string | undefined
  /** What comes after the id: `_history/2`, `$everything`. */
  rest: string | undefined
  search: string
  resource: Resource | undefined
  body: unknown
  ifMatch: string | undefined
  ifNoneMatch: string | undefined
  ifNoneExist: string | undefined
}

const MOST_ENTRIES = 5000
const URL_SHAPE =
  /^\/?(?:([A-Z][A-Za-z]+)(?:\/([A-Za-z0-9.-]{1,64})(?:\/(_history(?:\/[A-Za-z0-9.-]{1,64})?|\$[a-z-]+))?|\/(_history|_search))?)?(?:\?(.*))?$/s

/** Reads the requests of a transaction or batch; whatever is wrong with the whole of it is refused here. */
export function readBundle(body: unknown, base: string): { type: 'transaction' | 'batch'; asked: (Asked | FhirProblem)[] } {
  if (!isResource(body) || body.resourceType !== 'Bundle') throw new FhirProblem(400, 'structure', 'the body is no Bundle')
  if (body.type !== 'transaction' && body.type !== 'batch')
    throw new FhirProblem(400, 'not-supported', 'a Bundle sent here is a transaction or a batch')
  const entries = body.entry ?? []
  if (!Array.isArray(entries)) throw new FhirProblem(400, 'structure', 'Bundle.entry is no list')
  if (entries.length > MOST_ENTRIES) throw new FhirProblem(413, 'too-long', `more than ${MOST_ENTRIES} entries`)
  const asked = entries.map((entry, position) => {
    try {
      return readEntry(entry, position, base)
    } catch (error) {
      if (error instanceof FhirProblem && body.type === 'batch') return error
      throw error
    }
  })
  if (body.type === 'transaction') refuseDoubles(asked.filter((one): one is Asked => !(one instanceof FhirProblem)))
  return { type: body.type, asked }
}

function readEntry(entry: unknown, position: number, base: string): Asked {
  const at = `Bundle.entry[${position}]`
  const fail = (text: string) => new FhirProblem(400, 'invalid', `${at}: ${text}`, at)
  if (!isElement(entry) || !isElement(entry.request)) throw fail('there is no request')
  const { request } = entry
  const method = methods.find((m) => m === request.method)
  const url = textOf(request.url)
  if (!method || url === undefined) throw fail('the request has no method or no url')
  const match = URL_SHAPE.exec(url.startsWith(`${base}/`) ? url.slice(base.length + 1) : url)
  if (!match) throw fail('the url is none of this server')
  const [, type = '', id, rest, word, search = ''] = match
  if (type !== '' && !definitions.has(type))
    throw new FhirProblem(404, 'not-supported', `${at}: the resource type ${type} is not taken`, at)
  if (type === '' && method !== 'GET') throw fail('the url names no resource type')
  const resource = entry.resource === undefined ? undefined : isResource(entry.resource) ? entry.resource : null
  if (resource === null) throw fail('the resource is none')
  if ((method === 'POST' || method === 'PUT') && !resource) throw fail(`a ${method} without a resource`)
  if (method === 'PATCH' && !resource) throw fail('a PATCH without a Binary that holds it')
  return {
    position,
    method,
    fullUrl: textOf(entry.fullUrl),
    type,
    id,
    rest: rest ?? word,
    search,
    resource,
    body: method === 'PATCH' ? patchIn(resource, fail) : resource,
    ifMatch: textOf(request.ifMatch),
    ifNoneMatch: textOf(request.ifNoneMatch),
    ifNoneExist: textOf(request.ifNoneExist),
  }
}

/** A patch in a Bundle is a Binary with the JSON Patch in base 64 (R4, 3.1.0.8.1). */
function patchIn(resource: Element | undefined, fail: (text: string) => FhirProblem): unknown {
  if (resource?.resourceType !== 'Binary' || typeof resource.data !== 'string') throw fail('a PATCH without a Binary that holds it')
  try {
    return JSON.parse(Buffer.from(resource.data, 'base64').toString('utf8'))
  } catch {
    throw fail('the Binary holds no JSON')
  }
}

/** The same resource may not be written twice, nor the same fullUrl be given twice: the outcome would hang on the order (R4, 3.1.0.11.2). */
function refuseDoubles(asked: readonly Asked[]): void {
  const seen = new Set<string>()
  for (const { method, fullUrl, type, id, position } of asked) {
    const names = [
      ...(method === 'POST' || method === 'PUT' ? (fullUrl?.startsWith('urn:') ? [fullUrl] : []) : []),
      ...(method !== 'GET' && method !== 'HEAD' && id ? [`${type}/${id}`] : []),
    ]
    for (const name of names) {
      if (seen.has(name)) throw new FhirProblem(400, 'invariant', `Bundle.entry[${position}]: ${name.slice(0, 100)} stands in it twice`)
      seen.add(name)
    }
  }
}

/** In which order a transaction is done: DELETE, POST, PUT with PATCH, GET. */
export const inOrder = (asked: readonly Asked[]): Asked[] =>
  asked.toSorted((a, b) => methods.indexOf(a.method) - methods.indexOf(b.method) || a.position - b.position)
