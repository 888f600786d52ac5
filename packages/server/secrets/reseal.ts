import { sql } from 'kysely'
import { audit } from '../audit.ts'
import type { Context } from '../context.ts'
import type { Module, Tick } from '../module.ts'
import { readSealed, type SealedTable, writeSealed } from './sealed-rows.ts'
import { currentKey } from './texts.ts'

export const sealedTables = (modules: readonly Pick<Module, 'seals'>[]): SealedTable[] =>
  modules.flatMap(({ seals = {} }) => Object.entries(seals).map(([name, columns]) => ({ name, columns: Object.entries(columns) })))

export type Rotation = {
  number: number
  startedAt: Date
  startedBy: string
  pass: number
  place: string | null
  after: string[] | null
  found: number
  resealed: number
  settledAfter: Date | null
  finishedAt: Date | null
}

/** The newest way of a key through the hospital's rows, under way or done. */
export async function lastRotation(ctx: Context): Promise<Rotation | undefined> {
  const { rows } = await sql<Rotation>`
    select number, started_at, started_by, pass, place, after, found, resealed, settled_after, finished_at
      from house.rotations order by number desc limit 1`.execute(ctx.db)
  return rows[0]
}

/** A turn of the tick holds its rows for so long at most. */
const TURN_MS = 250
const ROWS = 200
/** What is in the hands of a transaction, or of a process between two of them, is written within this time. */
const REST_SECONDS = 60

/**
 * Seals anew, a little at each turn, what is still under an old key: table by table in the order of their keys, in passes. What was found is written together with how
 * far it came, so that a kill at any moment loses nothing. A row that somebody holds is left for the next pass. When a pass finds nothing that began after
 * everything that could still write under an old key was over, the old keys are removed.
 */
export const resealTick = (modules: readonly Pick<Module, 'seals'>[], restSeconds = REST_SECONDS): Tick => ({
  name: 'house.reseal',
  everySeconds: 1,
  run: async (ctx) => {
    const rotation = await lastRotation(ctx) // no other is begun while one is under way
    if (!rotation || rotation.finishedAt || currentKey(ctx.keys).number !== rotation.number) return
    if (!(await mayGoOn(ctx, rotation, restSeconds))) return
    await sql`select set_config('house.resealing', 'on', true)`.execute(ctx.db) // what is sealed anew says nothing new: no table need note that it changed
    await goOn(ctx, rotation, sealedTables(modules))
  },
})

async function mayGoOn(ctx: Context, { settledAfter, place }: Rotation, restSeconds: number): Promise<boolean> {
  if (!settledAfter || place !== null) return true
  const { rows } = await sql<{ may: boolean }>`
    select clock_timestamp() > settled_after + make_interval(secs => ${restSeconds}) and house.is_settled(settled_after) as may
      from house.rotations where finished_at is null`.execute(ctx.db)
  return rows[0]?.may ?? false
}

async function goOn(ctx: Context, rotation: Rotation, tables: readonly SealedTable[]): Promise<void> {
  const began = performance.now()
  const known = tables.findIndex((t) => t.name === rotation.place)
  let at = Math.max(0, known)
  let after = known < 0 ? null : rotation.after
  let { found, resealed } = rotation
  while (performance.now() - began < TURN_MS) {
    const table = tables[at]
    if (!table) break
    const read = await readSealed(ctx, table, after, ROWS)
    const stale = read.rows.filter((r) => r.isStale).map((r) => r.key)
    if (stale.length > 0) resealed += await writeSealed(ctx, table, stale)
    found += stale.length
    after = read.next
    if (!after) at += 1
  }
  const next = tables[at]
  if (!next) return endPass(ctx, { ...rotation, found, resealed })
  await sql`update house.rotations set place = ${next.name}, after = ${after}, found = ${found}, resealed = ${resealed}
             where number = ${rotation.number}`.execute(ctx.db)
}

async function endPass(ctx: Context, { number, pass, found, resealed, settledAfter }: Rotation): Promise<void> {
  if (found > 0 || !settledAfter) {
    await sql`update house.rotations set pass = pass + 1, place = null, after = null, found = 0, resealed = ${resealed}, settled_after = clock_timestamp()
               where number = ${number}`.execute(ctx.db)
    return
  }
  await sql`update house.rotations set place = null, after = null, resealed = ${resealed}, finished_at = ${ctx.clock.now()}
             where number = ${number}`.execute(ctx.db)
  const { rows } = await sql<{ n: number }>`select house.retire_keys() as n`.execute(ctx.db)
  await audit(ctx, { action: 'house.keysRetired', detail: { key: number, removed: rows[0]?.n ?? 0, resealed, passes: pass } })
  ctx.log.info({ hospitalId: ctx.hospital.id, key: number, resealed }, 'everything is sealed under the new key, the old ones are removed')
}
