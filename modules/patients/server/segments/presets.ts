import { newId } from '@renxin/kernel'
import { type Context, sql } from '@renxin/server'
import type { Conditions, SegmentKind } from '../../contract.ts'
import { rowsAs } from '../bulk.ts'

type Preset = { preset: string; kind: SegmentKind; name: string; conditions: Conditions | null }

/**
 * The groups that a hospital starts with. The figures in them are no norms but a beginning that stands on the page for the hospital to change:
 * its own rule of who is new, loyal or silent.
 */
const presets: readonly Preset[] = [
  { preset: 'important', kind: 'key', name: '重点', conditions: null },
  { preset: 'special', kind: 'key', name: '专病', conditions: null },
  { preset: 'chronic', kind: 'key', name: '慢病', conditions: null },
  { preset: 'veteran', kind: 'key', name: '老干部', conditions: { identityClasses: ['老干部'] } },
  { preset: 'soldier', kind: 'key', name: '战士', conditions: { identityClasses: ['战士'] } },
  { preset: 'soldierKin', kind: 'key', name: '军人家属', conditions: { identityClasses: ['军人家属'] } },
  { preset: 'new', kind: 'loyalty', name: '新患者', conditions: { firstSeenDaysTo: 30 } },
  { preset: 'returning', kind: 'loyalty', name: '复诊患者', conditions: { visitsFrom: 2 } },
  { preset: 'loyal', kind: 'loyalty', name: '忠诚患者', conditions: { visitsFrom: 6, seenDaysTo: 365 } },
  { preset: 'silent', kind: 'loyalty', name: '沉默患者', conditions: { seenDaysFrom: 365 } },
]

/** Makes those that are missing; what the hospital changed stays. */
export async function prepareSegments(ctx: Context): Promise<void> {
  const rows = presets.map((p, position) => ({ ...p, id: newId(), position }))
  const columns = { id: 'uuid', preset: 'text', kind: 'text', name: 'text', conditions: 'jsonb', position: 'int' }
  await sql`
    insert into patients.segments (id, preset, kind, name, conditions, position)
    select id, preset, kind, name, nullif(conditions, 'null'), position from ${rowsAs('n', columns, rows)}
    on conflict (hospital_id, preset) do nothing`.execute(ctx.db)
}
