import { type Ask, addressOf, ExportWaits, pathParams, type Reply, type Route } from '@renxin/kernel'
import { Problem, problemOf } from './problem.ts'

type Fields = Readonly<Record<string, unknown>>

const fieldsOf = (input: unknown): Fields => (typeof input === 'object' && input !== null ? (input as Fields) : {}) // an input is an object by contract

/** Address, method and body of a request: the path's parameters and, for GET, the query come from the input. */
export function requestOf(route: Route, input: unknown): { url: string; init: RequestInit } {
  const params = new Set(pathParams(route.path))
  const fields = fieldsOf(input)
  const path = addressOf(route).replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(fields[name] ?? '')))
  const rest = Object.entries(fields).filter(([name, value]) => !params.has(name) && value !== undefined)
  if (route.method !== 'GET') {
    const headers = { 'content-type': 'application/json', 'x-renxin': '1' } // a form on another site cannot send that header
    return { url: path, init: { method: route.method, headers, body: JSON.stringify(Object.fromEntries(rest)) } }
  }
  const query = new URLSearchParams()
  for (const [name, value] of rest) {
    for (const each of Array.isArray(value) ? value : [value]) if (each !== null) query.append(name, String(each))
  }
  return { url: query.size > 0 ? `${path}?${query}` : path, init: { method: 'GET' } }
}

let signedOut: () => void = () => {}

/** What is to happen when the server no longer knows who asks. */
export function onSignedOut(told: () => void): void {
  signedOut = told
}

async function send(route: Route, input: unknown, signal?: AbortSignal): Promise<Response> {
  const { url, init } = requestOf(route, input)
  const answer = await fetch(url, { ...init, credentials: 'same-origin', signal: signal ?? null }).catch((error: unknown) => {
    if (signal?.aborted) throw error
    throw new Problem('house.network', 'network')
  })
  if (answer.ok) return answer
  const problem = await problemOf(answer)
  if (problem.kind === 'unauthenticated' && route.may !== 'anyone') signedOut()
  throw problem
}

/** Asks one route of a contract; rejects with a `Problem`. */
export async function call<R extends Route>(route: R, input: Ask<R>, options: { signal?: AbortSignal } = {}): Promise<Reply<R>> {
  const answer = await send(route, input, options.signal)
  if (answer.status === 204) return undefined as Reply<R> // the route's reply says there is none
  return answer.json()
}

const nameIn = (disposition: string | null): string | undefined => {
  const encoded = /filename\*=UTF-8''([^;]+)/i.exec(disposition ?? '')?.[1]
  if (encoded) return decodeURIComponent(encoded)
  return /filename="?([^";]+)"?/i.exec(disposition ?? '')?.[1]
}

/** What a page shows itself: the browser's own viewers run nothing of these. */
const shownTypes = ['application/pdf', 'image/png', 'image/jpeg', 'image/gif', 'image/webp'] as const
export type Shown = { type: (typeof shownTypes)[number]; address: string }

/** Asks a route whose answer is a file that is to be looked at here; null where it is none that a page may show. Give the address back with `URL.revokeObjectURL`. */
export async function fetchShown<R extends Route>(route: R, input: Ask<R>): Promise<Shown | null> {
  const answer = await send(route, input)
  const type = shownTypes.find((t) => answer.headers.get('content-type')?.startsWith(t))
  if (!type) return null
  return { type, address: URL.createObjectURL(new Blob([await answer.arrayBuffer()], { type })) }
}

/** Asks a route whose answer is a file and hands it to the browser to keep; or says that it waits until another person has released it. */
export async function download<R extends Route>(route: R, input: Ask<R>, name?: string): Promise<ExportWaits | undefined> {
  const answer = await send(route, input)
  if (answer.status === 202) return ExportWaits.parse(await answer.json())
  const address = URL.createObjectURL(await answer.blob())
  const link = document.createElement('a')
  link.href = address
  link.download = name ?? nameIn(answer.headers.get('content-disposition')) ?? route.name
  link.click()
  setTimeout(() => URL.revokeObjectURL(address), 60_000)
  return undefined
}
