import { type Context, sql } from '@renxin/server'

/**
 * One at a time sums cells of one kind in a hospital. Without it, of two that sum the same cell at once the one that saw less may write last.
 * The lock is its own statement: the next one then sees everything that was committed by whoever held it.
 */
export const atOnce = (ctx: Context, kind: 'stays' | 'contacts' | 'answers' | 'opinions' | 'revisits' | 'appraisal'): Promise<unknown> =>
  sql`select pg_advisory_xact_lock(hashtextextended(${`analytics.${kind}.${ctx.hospital.id}`}, 0))`.execute(ctx.db)
