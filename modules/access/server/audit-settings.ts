import { addMonths, type Input, type Reply } from '@renxin/kernel'
import { audit, type Context } from '@renxin/server'
import type { auditApi } from '../audit-contract.ts'
import { db } from './tables.ts'

type Api = typeof auditApi

export async function getAuditSettings(ctx: Context): Promise<Reply<Api['auditSettings']>> {
  const row = await db(ctx).selectFrom('access.auditSettings').select('retentionMonths').executeTakeFirst()
  return { retentionMonths: row?.retentionMonths ?? null }
}

export async function saveAuditSettings(ctx: Context, after: Input<Api['saveAuditSettings']>): Promise<Reply<Api['auditSettings']>> {
  const before = await getAuditSettings(ctx)
  await db(ctx)
    .insertInto('access.auditSettings')
    .values(after)
    .onConflict((c) => c.constraint('audit_settings_pkey').doUpdateSet(after))
    .execute()
  await audit(ctx, { action: 'access.auditRetentionChanged', detail: { before, after } })
  return after
}

/** The moment before which audit rows may leave the database as files; none where everything stays. */
export async function auditRetentionMonths(ctx: Context): Promise<{ months: number | null; before: Date | null }> {
  const { retentionMonths: months } = await getAuditSettings(ctx)
  if (months === null) return { months, before: null }
  return { months, before: ctx.clock.at(addMonths(ctx.clock.today(), -months)) }
}
