import { sql } from 'kysely'
import type { Context } from './context.ts'

/** Joins the transaction in progress: routes, listeners, ticks and messages each run in one already. */
export async function transaction<T>(ctx: Context, work: (ctx: Context) => Promise<T>): Promise<T> {
  if (!ctx.inTransaction) throw new Error('no transaction is open here')
  return work(ctx)
}

/** Runs a part that may fail alone: what it did is undone, what came before stays. */
export async function savepoint<T>(ctx: Context, work: (ctx: Context) => Promise<T>): Promise<T> {
  await sql`savepoint part`.execute(ctx.db)
  const touched = new Set(ctx.touched)
  const after = ctx.afterCommit.length
  try {
    const result = await work(ctx)
    await sql`release savepoint part`.execute(ctx.db)
    return result
  } catch (error) {
    // Two statements: together they could not be prepared, which happens to whatever runs often.
    await sql`rollback to savepoint part`.execute(ctx.db)
    await sql`release savepoint part`.execute(ctx.db)
    ctx.touched = touched
    ctx.afterCommit.length = after
    throw error
  }
}
