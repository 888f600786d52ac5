import { addMonths, type Input, type Reply } from '@renxin/kernel'
import { audit, type Context } from '@renxin/server'
import { accessErrors, type auditApi } from '../contract.ts'
import { db } from './tables.ts'

type Api = typeof auditApi

export async function getAuditSettings(ctx: Context): Promise<Reply<Api['auditSettings']>> {
  const row = await db(ctx).selectFrom('access.auditSettings').select(['retentionMonths', 'deletionMonths']).executeTakeFirst()
  return { retentionMonths: row?.retentionMonths ?? null, deletionMonths: row?.deletionMonths ?? null }
}

export async function saveAuditSettings(ctx: Context, after: Input<Api['saveAuditSettings']>): Promise<Reply<Api['auditSettings']>> {
  const { retentionMonths, deletionMonths } = after
  if (deletionMonths !== null && (retentionMonths === null || deletionMonths < retentionMonths)) throw accessErrors.deletedTooSoon()
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
export async function auditRetentionMonths(ctx: Context): Promise<Term> {
  const { retentionMonths } = await getAuditSettings(ctx)
  return termOf(ctx, retentionMonths)
}

/** The moment before which archived rows may be deleted for good; none where they never are. */
export async function auditDeletionMonths(ctx: Context): Promise<Term> {
  const { deletionMonths } = await getAuditSettings(ctx)
  return termOf(ctx, deletionMonths)
}

type Term = { months: number | null; before: Date | null }

function termOf(ctx: Context, months: number | null): Term {
  if (months === null) return { months, before: null }
  return { months, before: ctx.clock.at(addMonths(ctx.clock.today(), -months)) }
}
