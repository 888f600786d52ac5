import type { LocalDate, Route, StayReason } from '@renxin/kernel'
import type { Actor, Context } from './context.ts'
import type { Listener } from './events.ts'
import type { Served } from './serve.ts'

/** Something done by the clock, once for each hospital, in a transaction, as the system. */
export type Tick = { name: string; everySeconds: number; run: (ctx: Context) => Promise<void> }

export const tick = (name: string, options: { everySeconds: number }, run: (ctx: Context) => Promise<void>): Tick => ({
  name,
  ...options,
  run,
})

/** A person by the right of whom something is asked: today's file, and all files that are one with it (that one among them). */
export type Subject = { id: string; files: readonly string[] }

/**
 * What becomes of a table's rows of a person who asks. `copied`: the section of the copy in which they stand, or false where they are reckoned from others
 * that do. `erased`: `whole`, `partly` (the row stays without its words), or `never`; what stays has its reason.
 */
export type Fate = { copied: string | false } & ({ erased: 'whole' } | { erased: 'partly' | 'never'; stays: StayReason })

/** Part of what is handed to a person who asks for a copy: facts by their names, each row with where it came from as far as it is known. */
export type CopySection = { section: string; rows: Readonly<Record<string, string | number | boolean | null>>[] }

/** Something that must stay of a person, how much of it, and until when at least where the law names years. */
export type Stay = { reason: StayReason; what: string; count: number; until: LocalDate | null }

/** `isKnown`: a record that must stay needs to be somebody's, so who the person is stays with it. */
export type Leaving = Subject & { isKnown: boolean }

/** What a module holds of persons, and how it keeps what they have a right to. Every table with rows of a person is named in `tables`; a test holds it. */
export type Holdings = {
  tables: Readonly<Record<string, Fate>>
  copy: (ctx: Context, who: Subject) => Promise<CopySection[]>
  stays: (ctx: Context, who: Subject) => Promise<Stay[]>
  /** Clears what may be cleared, in the transaction in progress; answers how many rows by table. */
  erase: (ctx: Context, who: Leaving) => Promise<Readonly<Record<string, number>>>
}

export type Module = {
  name: string
  migrations: URL
  routes: readonly Served[]
  listeners: readonly Listener[]
  ticks: readonly Tick[]
  holds?: Holdings
  /** Brings a hospital's own rows of this module into being (roles, presets); runs for each hospital at every start, so it must be repeatable. */
  prepare?: (ctx: Context) => Promise<void>
}

type Parts = Partial<Omit<Module, 'name' | 'migrations'>> & { name: string; migrations: URL }

export const defineModule = (parts: Parts): Module => ({ routes: [], listeners: [], ticks: [], ...parts })

/** Finds out who stands behind a session or a key; the module `access` gives one. */
export type Authenticator = {
  /** The modules whose rows say who somebody is and what they may: a change of theirs counts at once. */
  modules: readonly string[]
  ofSession(ctx: Context, token: string): Promise<Actor | undefined>
  ofKey(ctx: Context, token: string): Promise<Actor | undefined>
}

export const routesOf = (modules: readonly Module[]): Route[] => modules.flatMap((m) => m.routes.map((r) => r.route))

export const holdingsOf = (modules: readonly Module[]): Context['holdings'] =>
  modules.flatMap(({ name, holds }) => (holds ? [[name, holds] as const] : []))
