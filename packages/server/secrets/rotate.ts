import { CompiledQuery, sql } from 'kysely'
import type pg from 'pg'
import { audit } from '../audit.ts'
import type { Context } from '../context.ts'
import type { House } from '../house.ts'
import { type Asked, addKey } from './key-list.ts'
import { readAnew, SECONDS_UNTIL_USED } from './known-keys.ts'
import { lastRotation, type Rotation } from './reseal.ts'
import type { Suite } from './suites.ts'
import { currentKey } from './texts.ts'

type Said = { suite?: Suite | undefined; seconds?: number }

/**
 * Makes the hospital a new key, of its own suite or of another one, and has everything that is sealed go over to it: from the moment on at which every process
 * knows it, what is written is sealed under it; what stands is sealed anew by the clock (`resealTick`), and is read under the old key until then. Undefined where
 * the key before it is still on its way.
 */
export async function rotateKeys(
  house: House,
  ctx: Context,
  { suite, seconds = SECONDS_UNTIL_USED }: Said = {},
): Promise<Rotation | undefined> {
  const before = await lastRotation(ctx)
  if (before && !before.finishedAt) return undefined
  const hospitalId = ctx.hospital.id
  const wanted = suite ?? currentKey(ctx.keys).suite
  const { rows } = await sql<{ purpose: string; number: number; suite: Suite }>`
    select distinct on (purpose) purpose, number, suite from house.list_keys(${hospitalId}, '') order by purpose, number desc`.execute(
    ctx.db,
  )
  const newest = new Map(rows.map((r) => [r.purpose, r])) // another process may have made one that is not known here yet
  const number = (newest.get('seal')?.number ?? 0) + 1
  const add = (purpose: 'seal' | 'anchor', next: number, after: number) =>
    addKey(askIn(ctx), house.masterKey, { hospitalId, purpose, number: next }, { suite: wanted, seconds: after })
  if (!(await add('seal', number, seconds))) return undefined
  const anchor = newest.get('anchor')
  if (anchor && anchor.suite !== wanted) await add('anchor', anchor.number + 1, 0)
  await sql`insert into house.rotations (number, started_at, started_by) values (${number}, ${ctx.clock.now()}, ${ctx.actor.name})`.execute(
    ctx.db,
  )
  await audit(ctx, { action: 'house.keysRotated', detail: { key: number, suite: wanted } })
  ctx.afterCommit.push(() => void readAnew(house, hospitalId).catch(() => {})) // it is read again by itself
  return lastRotation(ctx)
}

/** Asks within the transaction in progress; the names of columns come back as one word each. */
const askIn = (ctx: Context): Asked => ({
  query: <R extends pg.QueryResultRow>(text: string, values: unknown[]) => ctx.db.executeQuery<R>(CompiledQuery.raw(text, values)),
})
