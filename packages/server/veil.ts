import { type RawBuilder, sql } from 'kysely'
import type { Actor, Context, Scope } from './context.ts'

/** Class of privacy → the permission by which its persons are seen. The room that keeps persons names them (`sees` of its module). */
export type Sees = Readonly<Record<string, string>>

type Viewer = { id: string; units: readonly string[]; wards: readonly string[]; sees: Record<string, Scope>; admitted: readonly string[] }

/**
 * Who is at work, as the database is told it (`house.viewer`); undefined for whoever may see everybody. Another system that feeds persons in knows them
 * already; one that only reads sees those classes that its key names.
 */
export function viewerOf(actor: Actor, sees: Sees): Viewer | undefined {
  const classes = Object.entries(sees)
  if (actor.kind === 'system' || classes.length === 0) return undefined
  if (actor.kind === 'key' && actor.may.has('fhir.write')) return undefined
  const reach = Object.fromEntries(classes.flatMap(([name, permission]): [string, Scope][] => {
    const scope = actor.may.get(permission)
    return scope ? [[name, scope === 'campus' ? 'department' : scope]] : [] // of a campus, the own departments: a class is not widened by it
  })) // biome-ignore format: one thought
  if (classes.every(([name]) => reach[name] === 'hospital')) return undefined
  return { id: actor.id, units: [...actor.departments, ...actor.wards], wards: actor.wards, sees: reach, admitted: actor.admitted ?? [] }
}

/** Draws the veil over what this transaction reads, until it ends: whom the actor may not see is not there for any statement. Nothing waits for it. */
export function drawVeil(ctx: Context, sees: Sees): void {
  const viewer = viewerOf(ctx.actor, sees)
  if (!viewer) return
  ctx.isVeiled = true
  ctx.veil(JSON.stringify(viewer))
}

/**
 * Does a piece of work that must meet everybody, whoever asked for it: facts are told of whomever they name, and what follows of a change is reckoned of all
 * whom it touches. Nothing that it reads may reach the one who asked.
 */
export async function unveiled<T>(ctx: Context, work: () => Promise<T>): Promise<T> {
  if (!ctx.isVeiled) return work()
  ctx.isVeiled = false
  send(ctx, sql`select set_config('house.veil', '', true)`)
  try {
    return await work()
  } finally {
    ctx.isVeiled = true
    send(ctx, sql`select set_config('house.veil', 'on', true)`)
  }
}

/**
 * Sends a setting of the transaction on before whatever follows, without waiting for it. In a transaction that has failed it fails too, and so does every statement
 * after it, until what was done is taken back, the setting with it.
 */
export const send = (ctx: Context, statement: RawBuilder<unknown>): void => void statement.execute(ctx.db).catch(() => {})
