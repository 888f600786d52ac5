import { sql } from 'kysely'
import type { Context } from './context.ts'

/**
 * The numbers of PostgreSQL's advisory locks, all of them, so that no two things wait for each other by chance. Where a hospital is locked, its number is the
 * second part; migrations take `seal` and `deliver` by their numbers, which therefore stay. Locks by a name (ticks, views, lists) are hashed and stand elsewhere.
 */
export const locks = {
  migrate: 7000,
  seal: 7001,
  /** One process at a time delivers what a hospital has, so that listeners hear it in its order. */
  deliver: 7002,
  exports: 7003,
  prepare: 7004,
  draws: 7011,
  publications: 7012,
  /** Of the whole database, each with a second part of its own: `server` one on a data folder, `backup` one under way. */
  server: [0x52454e, 0x58494e],
  backup: [0x52454e, 0x4241_434b],
} as const

/** Waits until whoever does the same in this hospital has committed. */
export const inTurn = (ctx: Context, what: 'exports' | 'prepare' | 'draws' | 'publications') =>
  sql`select pg_advisory_xact_lock(${locks[what]}, ${ctx.hospital.id})`.execute(ctx.db)
