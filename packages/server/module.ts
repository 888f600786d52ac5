import type { Route } from '@renxin/kernel'
import type { Actor, Context, Holdings } from './context.ts'
import type { Listener } from './events.ts'
import type { Served } from './serve.ts'
import type { Sees } from './veil.ts'

/** Something done by the clock, once for each hospital, in a transaction, as the system. */
export type Tick = { name: string; everySeconds: number; run: (ctx: Context) => Promise<void> }

export const tick = (name: string, options: { everySeconds: number }, run: (ctx: Context) => Promise<void>): Tick => ({
  name,
  ...options,
  run,
})

export type Module = {
  name: string
  migrations: URL
  routes: readonly Served[]
  listeners: readonly Listener[]
  ticks: readonly Tick[]
  holds?: Holdings
  sees?: Sees
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

export const seesOf = (modules: readonly Module[]): Sees => Object.assign({}, ...modules.map((m) => m.sees ?? {}))

export const holdingsOf = (modules: readonly Module[]): Context['holdings'] =>
  modules.flatMap(({ name, holds }) => (holds ? [[name, holds] as const] : []))
