import { addDays, type Input } from '@renxin/kernel'
import { type Context, sql } from '@renxin/server'
import type { Alarm, HealthCheck, installationApi } from '../../health-contract.ts'
import { db } from '../tables.ts'

type Alarms = { rows: Alarm[] }

/** What is red now, each with who has put its banner off, if anybody has and it still stands for the same. */
export async function listAlarms(ctx: Context, checks: readonly HealthCheck[]): Promise<Alarms> {
  const red = checks.filter((c) => c.state === 'bad')
  if (red.length === 0) return { rows: [] }
  const kept = await db(ctx).selectFrom('setup.putOff').selectAll().where('until', '>', ctx.clock.now()).execute()
  return {
    rows: red.map(({ item, finding, what }) => {
      const off = kept.find((k) => k.item === item && k.finding === finding) // one that has become worse is told again
      return {
        item,
        finding,
        what,
        putOff: off ? { byName: off.byName, at: off.at.toISOString(), until: off.until.toISOString() } : null,
      }
    }),
  }
}

export async function putOffAlarms(
  ctx: Context,
  { items }: Input<(typeof installationApi)['putOffAlarms']>,
  checks: readonly HealthCheck[],
): Promise<Alarms> {
  const at = ctx.clock.now()
  const until = ctx.clock.at(addDays(ctx.clock.dayOf(at), 1), ctx.clock.timeOf(at)) // the same time tomorrow
  const seen = checks.filter((c) => c.state === 'bad' && items.includes(c.item))
  if (seen.length > 0)
    await db(ctx)
      .insertInto('setup.putOff')
      .values(seen.map(({ item, finding }) => ({ item, finding, at, until, byName: ctx.actor.name })))
      .onConflict((c) =>
        c.constraint('put_off_pkey').doUpdateSet({
          finding: sql`excluded.finding`,
          at: sql`excluded.at`,
          until: sql`excluded.until`,
          byName: sql`excluded.by_name`,
        }),
      )
      .execute()
  return listAlarms(ctx, checks)
}

export async function recallAlarms(ctx: Context, checks: readonly HealthCheck[]): Promise<Alarms> {
  await db(ctx).deleteFrom('setup.putOff').execute()
  return listAlarms(ctx, checks)
}
