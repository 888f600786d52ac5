import type { QueryClient } from '@tanstack/react-query'
import { useSyncExternalStore } from 'react'

export type Connection = 'connecting' | 'connected' | 'reconnecting'

let connection: Connection = 'connecting'
const listeners = new Set<() => void>()

function become(next: Connection) {
  if (next === connection) return
  connection = next
  for (const told of listeners) told()
}

const listen = (told: () => void) => {
  listeners.add(told)
  return () => listeners.delete(told)
}

export const isLive = (): boolean => connection === 'connected'
/** 已连接 or 重连中, for the light in the top bar. */
export const useConnection = (): Connection => useSyncExternalStore(listen, () => connection)

const moduleIn = (data: string): string | undefined => {
  try {
    const told: unknown = JSON.parse(data)
    return typeof told === 'object' && told !== null && 'module' in told && typeof told.module === 'string' ? told.module : undefined
  } catch {
    return undefined
  }
}

/** The modules whose changes concern what was read: the one that was asked, and those that the page named. */
const modulesOf = (key: readonly unknown[], meta: Record<string, unknown> | undefined): string[] =>
  [key[0], ...(Array.isArray(meta?.alsoOf) ? meta.alsoOf : [])].filter((m) => typeof m === 'string')

const restMs = 150
/** A browser holds six connections to one server: tabs that nobody looks at give theirs back after a while. */
const hiddenMs = 30_000

/**
 * Listens to the server, which says after each commit whose data changed, and lets what is on the page be read again.
 * After a break everything is read again, since nobody knows what was missed. `onYou` is told when one's own
 * rights or place have changed, or, not sure, when they may have. Gives what ends it.
 */
export function goLive(queries: QueryClient, address = '/api/events', onYou: (isSure: boolean) => void = () => {}): () => void {
  const changed = new Set<string>()
  let source: EventSource | undefined
  let reading: ReturnType<typeof setTimeout> | undefined
  let retry: ReturnType<typeof setTimeout> | undefined
  let hiding: ReturnType<typeof setTimeout> | undefined
  let breaks = 0
  let hasMissed = false

  const readAgain = () => {
    reading = undefined
    const modules = new Set(changed)
    changed.clear()
    queries.invalidateQueries(
      { predicate: ({ queryKey, meta }) => modulesOf(queryKey, meta).some((m) => modules.has(m)) },
      { cancelRefetch: false },
    )
  }
  const open = () => {
    source = new EventSource(address)
    source.onopen = () => {
      breaks = 0
      become('connected')
      if (hasMissed) {
        queries.invalidateQueries()
        onYou(false)
      }
      hasMissed = false
    }
    source.onmessage = ({ data }) => {
      const module = moduleIn(String(data))
      if (!module) return
      changed.add(module)
      reading ??= setTimeout(readAgain, restMs) // a burst of commits is read once
    }
    source.addEventListener('you', () => onYou(true))
    source.onerror = () => {
      hasMissed = true
      become('reconnecting')
      if (source?.readyState !== EventSource.CLOSED) return // it tries again by itself
      breaks += 1
      retry = setTimeout(open, Math.min(30_000, 1000 * 2 ** breaks))
    }
  }
  const close = () => {
    source?.close()
    source = undefined
    clearTimeout(retry)
    hasMissed = true
    become('connecting')
  }
  const look = () => {
    clearTimeout(hiding)
    if (document.hidden) hiding = setTimeout(close, hiddenMs)
    else if (!source) open()
  }
  open()
  document.addEventListener('visibilitychange', look)
  return () => {
    document.removeEventListener('visibilitychange', look)
    clearTimeout(hiding)
    clearTimeout(reading)
    close()
  }
}
