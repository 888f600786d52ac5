import type { Route } from '@renxin/kernel'
import type { Actor, Context, Holdings, Sources } from './context.ts'
import type { Listener } from './events.ts'
import type { Served } from './serve.ts'
import type { Sees } from './veil.ts'

/** Something done by the clock, once for each hospital, in a transaction, as the system. Where it answers `more`, its next turn comes at once. */
export type Tick = { name: string; everySeconds: number; run: (ctx: Context) => Promise<unknown> }

export const tick = (name: string, options: { everySeconds: number }, run: Tick['run']): Tick => ({
  name,
  ...options,
  run,
})

/** What one module keeps sealed: table → column → how it stands there. `json`: somewhere within, as PostgreSQL writes bytes into jsonb. */
export type Seals = Readonly<Record<string, Readonly<Record<string, 'bytes' | 'json'>>>>

export type Module = {
  name: string
  migrations: URL
  routes: readonly Served[]
  listeners: readonly Listener[]
  /**
   * What must be true with the event itself and may not wait for its delivery: heard in the transaction that emits it, which fails where this fails. For the few
   * facts on which somebody's life may hang; everything else is a listener.
   */
  joins?: readonly Listener[]
  ticks: readonly Tick[]
  holds?: Holdings
  sees?: Sees
  sources?: Sources
  /** Every column in which something stands sealed, so that it is sealed anew under a new key. A test holds it. */
  seals?: Seals
  /** Brings a hospital's own rows of this module into being (roles, presets); runs for each hospital at every start, so it must be repeatable. */
  prepare?: (ctx: Context) => Promise<void>
}

type Parts = Partial<Omit<Module, 'name' | 'migrations'>> & { name: string; migrations: URL }

export const defineModule = (parts: Parts): Module => ({ routes: [], listeners: [], ticks: [], ...parts })

/** Finds out who stands behind a session or a key; the module `access` gives one. */
export type Authenticator = {
  /** The modules whose rows say who somebody is and what they may: a change of theirs counts at once. */
  modules: readonly string[]
  /** `isGlance`: to look who it is, without the session counting as used. */
  ofSession(ctx: Context, token: string, options?: { isGlance?: boolean }): Promise<Actor | undefined>
  ofKey(ctx: Context, token: string): Promise<Actor | undefined>
}

export const routesOf = (modules: readonly Module[]): Route[] => modules.flatMap((m) => m.routes.map((r) => r.route))

export const joinersOf = (modules: readonly Module[]): Context['joiners'] => modules.flatMap((m) => m.joins ?? [])

export const seesOf = (modules: readonly Module[]): Sees => Object.assign({}, ...modules.map((m) => m.sees ?? {}))

export const sourcesOf = (modules: readonly Module[]): Context['sources'] => modules.flatMap((m) => m.sources ?? [])

export const holdingsOf = (modules: readonly Module[]): Context['holdings'] =>
  modules.flatMap(({ name, holds }) => (holds ? [[name, holds] as const] : []))
