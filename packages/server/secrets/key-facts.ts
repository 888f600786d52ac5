import { sql } from 'kysely'
import type { Context } from '../context.ts'
import type { Suite } from './suites.ts'
import type { Purpose } from './wrap.ts'

export type KeyFact = { purpose: Purpose; number: number; suite: Suite; usableAt: Date; isComing: boolean }

/** The keys that this hospital has, by purpose and number; those that were removed are left out. */
export async function keyFacts(ctx: Context): Promise<KeyFact[]> {
  const { rows } = await sql<KeyFact>`select * from house.key_facts()`.execute(ctx.db)
  return rows
}
