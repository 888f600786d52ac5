import { type Holdings, sql } from '@renxin/server'

const visitsOf = (files: readonly string[]) =>
  sql`select encounter_id from analytics.revisits where patient_id = any(${[...files]}::uuid[])`

/** Counted work: the visits stand in the medical record and in its copy, what was answered among the answers. What stays has no words. */
export const holdings: Holdings = {
  tables: {
    'analytics.revisits': { copied: false, erased: 'never', stays: 'figures' },
    'analytics.revisit_tasks': { copied: false, erased: 'partly', stays: 'figures' },
  },
  copy: async () => [],
  stays: async (ctx, { files }) => {
    const { rows } = await sql<{ n: number }>`select count(*)::int as n from (${visitsOf(files)}) x`.execute(ctx.db)
    return [{ reason: 'figures', what: 'revisits', count: rows[0]?.n ?? 0, until: null }]
  },
  erase: async (ctx, { files }) => {
    const cleared = await sql`
      update analytics.revisit_tasks set reason = null, reason_text = null
       where encounter_id in (${visitsOf(files)}) and reason is not null`.execute(ctx.db)
    return { 'analytics.revisit_tasks': Number(cleared.numAffectedRows ?? 0) }
  },
}
