import { useSyncExternalStore } from 'react'

/** Where the browser is. The address is the page's state; nothing that names a person stands in it. */
export type Place = { path: string; search: string }

const here = (): Place => ({ path: location.pathname, search: location.search })

let place: Place | undefined
const listeners = new Set<() => void>()

export const presentPlace = (): Place => {
  place ??= here()
  return place
}

function arrive() {
  place = here()
  for (const told of listeners) told()
}

/** What wants to be asked before the page is left; `leave` goes on. */
type Guard = (leave: () => void) => void
let guard: Guard | undefined

export function setGuard(next: Guard | undefined): void {
  guard = next
}

let depth = 0
const isStart = () => !(typeof history.state === 'object' && history.state !== null && 'depth' in history.state)

/** Goes to an address within the console. `replace` leaves no step to come back to. */
export function goTo(address: string, options: { replace?: boolean; force?: boolean } = {}): void {
  const next = new URL(address, location.href)
  const leaves = next.pathname !== location.pathname
  if (guard && leaves && !options.force) {
    guard(() => goTo(address, { ...options, force: true }))
    return
  }
  if (leaves) setGuard(undefined)
  if (options.replace) history.replaceState(history.state, '', next)
  else {
    depth += 1
    history.pushState({ depth }, '', next)
  }
  arrive()
}

/** One step back, or to another address where there is none within the console. */
export function goBack(otherwise: string): void {
  if (isStart()) goTo(otherwise, { replace: true })
  else history.back()
}

let lastAddress = ''
function onPop() {
  const wanted = location.href
  if (guard && new URL(wanted).pathname !== presentPlace().path) {
    // The browser has gone already: stand where we were, ask, and go then.
    history.pushState({ depth }, '', lastAddress)
    guard(() => goTo(wanted, { force: true }))
    return
  }
  arrive()
}

function listen(told: () => void) {
  if (listeners.size === 0) {
    place = here()
    window.addEventListener('popstate', onPop)
  }
  const keep = () => {
    lastAddress = location.href
  }
  keep()
  listeners.add(told)
  listeners.add(keep)
  return () => {
    listeners.delete(told)
    listeners.delete(keep)
    if (listeners.size === 0) window.removeEventListener('popstate', onPop)
  }
}

export const usePlace = (): Place => useSyncExternalStore(listen, presentPlace)

/** The parameters of a path, or nothing where it does not fit: `/tasks/:id` of `/tasks/7` is `{ id: '7' }`. */
export function matchPath(pattern: string, path: string): Record<string, string> | undefined {
  const wanted = pattern.split('/').filter(Boolean)
  const given = path.split('/').filter(Boolean)
  if (wanted.length !== given.length) return undefined
  const params: Record<string, string> = {}
  for (const [at, part] of wanted.entries()) {
    const is = given[at] ?? ''
    if (part.startsWith(':')) {
      try {
        params[part.slice(1)] = decodeURIComponent(is)
      } catch {
        return undefined
      }
    } else if (part !== is) return undefined
  }
  return params
}

export type SearchValues = Readonly<Record<string, string | number | boolean | readonly string[] | null | undefined>>

export function fillPath(pattern: string, params: Readonly<Record<string, string>> = {}, search: SearchValues = {}): string {
  const path = pattern.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(params[name] ?? ''))
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(search)) {
    if (value === null || value === undefined || value === '') continue
    for (const each of Array.isArray(value) ? value : [value]) query.append(name, String(each))
  }
  return query.size > 0 ? `${path}?${query}` : path
}
