import { type CopySection, type Holdings, sql } from '@renxin/server'

/** Papers belong to medical records and complaint files, and stay with them. */
export const holdings: Holdings = {
  tables: {
    'files.files': { copied: 'files', erased: 'never', stays: 'medicalRecord' },
    'files.contents': { copied: false, erased: 'never', stays: 'medicalRecord' }, // handed out on paper with the record, not in the overview
  },
  copy: async (ctx, { files }) => {
    const { rows } = await sql<CopySection['rows'][number]>`
      select name, type, size_bytes, to_char(attached_at at time zone ${ctx.hospital.zone}, 'YYYY-MM-DD HH24:MI') as at
        from files.files where patient_id = any(${[...files]}::uuid[]) and removed_at is null order by attached_at`.execute(ctx.db)
    return [{ section: 'files', rows }]
  },
  stays: async (ctx, { files }) => {
    const { rows } = await sql<{
      n: number
    }>`select count(*)::int as n from files.files where patient_id = any(${[...files]}::uuid[])`.execute(ctx.db)
    return [{ reason: 'medicalRecord', what: 'files', count: rows[0]?.n ?? 0, until: null }]
  },
  erase: async () => ({}),
}
