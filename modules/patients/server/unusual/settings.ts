import { addDays } from '@renxin/kernel'
import { audit, blockBefore, type Context, sql } from '@renxin/server'
import { UnusualSettings } from '../../contract.ts'

export async function getUnusualSettings(ctx: Context): Promise<UnusualSettings> {
  const { rows } = await sql<{ settings: unknown }>`select settings from patients.unusual_rules`.execute(ctx.db)
  return UnusualSettings.parse(rows[0]?.settings ?? {})
}

/** The first round begins with the rows of the days that are history, whether or not the thresholds were set before it. */
export const blockOfHistory = (ctx: Context, historyDays: number): Promise<number> =>
  blockBefore(ctx, ctx.clock.at(addDays(ctx.clock.today(), -historyDays)))

export async function saveUnusualSettings(ctx: Context, after: UnusualSettings): Promise<UnusualSettings> {
  const before = await getUnusualSettings(ctx)
  await sql`
    insert into patients.unusual_rules (block, settings) values (${await blockOfHistory(ctx, after.historyDays)}, ${JSON.stringify(after)}::jsonb)
    on conflict (hospital_id) do update set settings = excluded.settings`.execute(ctx.db)
  await audit(ctx, { action: 'patients.unusualRulesChanged', detail: { before, after } })
  return after
}
