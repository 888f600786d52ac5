import { sql } from 'kysely'
import type { Context, Reckoning } from './context.ts'
import { send, unveiled } from './veil.ts'

/** Joins the transaction in progress: routes, listeners, ticks and messages each run in one already. */
export async function transaction<T>(ctx: Context, work: (ctx: Context) => Promise<T>): Promise<T> {
  if (!ctx.inTransaction) throw new Error('no transaction is open here')
  return work(ctx)
}

/**
 * Has `reckon` run once at the end of the transaction, of all ids that were named for it by then: work of several parts is done once, and rows that many
 * transactions want are held for the shortest time, all taken together. Of several, the one that was named first runs first.
 */
export async function atEnd(ctx: Context, reckon: Reckoning, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  if (!ctx.reckonings) return reckon(ctx, [...new Set(ids)])
  const named = ctx.reckonings.get(reckon) ?? new Set()
  for (const id of ids) named.add(id)
  ctx.reckonings.set(reckon, named)
}

/** Runs what was put off until the end. */
export async function reckonAtEnd(ctx: Context): Promise<void> {
  if (!ctx.reckonings || ctx.reckonings.size === 0) return
  await unveiled(ctx, async () => {
    for (let due = ctx.reckonings; due && due.size > 0; due = ctx.reckonings) {
      ctx.reckonings = new Map()
      for (const [reckon, ids] of due) await reckon(ctx, [...ids])
    }
  })
}

/** Runs a part that may fail alone, with what it puts off until its end: what it did is undone, what came before stays. */
export async function savepoint<T>(ctx: Context, work: (ctx: Context) => Promise<T>): Promise<T> {
  await sql`savepoint part`.execute(ctx.db)
  const touched = new Set(ctx.touched)
  const after = ctx.afterCommit.length
  const { reckonings } = ctx
  if (reckonings) ctx.reckonings = new Map()
  try {
    const result = await work(ctx)
    await reckonAtEnd(ctx)
    await sql`release savepoint part`.execute(ctx.db)
    return result
  } catch (error) {
    // Two statements: together they could not be prepared, which happens to whatever runs often.
    await sql`rollback to savepoint part`.execute(ctx.db)
    await sql`release savepoint part`.execute(ctx.db)
    ctx.touched = touched
    ctx.afterCommit.length = after
    throw error
  } finally {
    ctx.reckonings = reckonings
  }
}

/**
 * Does a piece of work whose large statements would take longer to plan than to run: once prepared on a connection they are planned for all values alike. For
 * statements that reach few rows by their keys, however many the table holds.
 */
export async function plannedOnce<T>(ctx: Context, work: () => Promise<T>): Promise<T> {
  send(ctx, sql`set local plan_cache_mode = force_generic_plan`)
  try {
    return await work()
  } finally {
    send(ctx, sql`set local plan_cache_mode = auto`)
  }
}
