import type { Holdings } from '@renxin/server'
import { sql } from '@renxin/server'
import { copySources } from './copy.ts'
import { eraseMessages } from './erase.ts'

const gone = { copied: false, erased: 'whole' } as const

/** What came from other systems in their own words, and what went to them: the words go; what a medical record needs of them stands in the rooms below. */
export const holdings: Holdings = {
  tables: {
    'integration.messages': { copied: 'sources', erased: 'partly', stays: 'trace' },
    'integration.outgoing': { copied: 'given', erased: 'partly', stays: 'trace' },
    'integration.published': gone,
    'integration.corrections': gone,
    'integration.fhir_resources': { copied: 'sources', erased: 'partly', stays: 'medicalRecord' },
    'integration.fhir_versions': { copied: false, erased: 'partly', stays: 'medicalRecord' },
    'integration.fhir_index': { copied: false, erased: 'partly', stays: 'medicalRecord' },
    'integration.fhir_notices': gone,
    'integration.import_rows': { copied: 'sources', erased: 'partly', stays: 'trace' },
    'integration.view_rows': { copied: 'sources', erased: 'partly', stays: 'trace' },
    'integration.link_visits': gone,
  },
  copy: copySources,
  stays: async (ctx, { files }) => {
    const { rows } = await sql<{ unread: number }>`
      select count(*)::int as unread from integration.messages m
       where m.status in ('waiting', 'failed') and (m.patient_id = any(${[...files]}::uuid[]) or m.visit_number in (
         select e.number from encounters.cards e where e.patient_id = any(${[...files]}::uuid[])))`.execute(ctx.db)
    return [{ reason: 'trace', what: 'unread', count: rows[0]?.unread ?? 0, until: null }]
  },
  erase: eraseMessages,
}
