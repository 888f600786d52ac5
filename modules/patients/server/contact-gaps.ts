import type { Input, Page, Reply } from '@renxin/kernel'
import { type Context, paged, sql } from '@renxin/server'
import type { GapKind, PatientLine, reachApi, WardGaps } from '../contract.ts'
import { linesOf } from './cards.ts'
import { patientVisible } from './care.ts'
import { db } from './tables.ts'

type Api = typeof reachApi

/** The ways to reach patient `s.patient_id`: numbers that may be called, those that were found wrong, and whose they are. */
const reach = sql`lateral (
  select count(distinct c.phone_index) filter (where c.is_usable) as usable, bool_or(c.is_void) as has_void,
         coalesce(bool_or(c.is_usable and c.relation not in ('self', 'other')), false) as has_relative,
         coalesce(bool_or(c.is_usable and c.kind = 'landline'), false) as has_landline
    from (select phone_index, relation, kind, is_void, not is_void and not is_former and kind in ('mobile', 'landline', 'foreign') as is_usable
            from patients.contacts where patient_id = s.patient_id) c)`

/** Every gap by itself, so that a patient counts in one of the first three at most. */
const gaps: Record<GapKind, ReturnType<typeof sql<boolean>>> = {
  noPhone: sql<boolean>`(g.usable = 0 and g.has_void is not true)`,
  allVoid: sql<boolean>`(g.usable = 0 and g.has_void is true)`,
  onePhone: sql<boolean>`(g.usable = 1)`,
  noRelative: sql<boolean>`(not g.has_relative)`,
  noLandline: sql<boolean>`(not g.has_landline)`,
}

/** Of those who went home in these days and whom the reader may see. */
export async function countGaps(ctx: Context, { from, until }: Input<Api['contactGaps']>): Promise<Reply<Api['contactGaps']>> {
  const counts = Object.entries(gaps).map(([gap, holds]) => sql`(count(*) filter (where ${holds}))::int as ${sql.ref(gap)}`)
  const { rows } = await sql<WardGaps>`
    select s.ward_id, max(w.name) as ward, count(*)::int as patients, ${sql.join(counts)}
      from patients.standings s
      join patients.patients p on p.id = s.patient_id and p.merged_into is null and p.deceased_at is null
      left join staff.unit_cards w on w.id = s.ward_id
      cross join ${reach} g
     where s.discharged_on >= ${from} and s.discharged_on <= ${until} and s.state = 'discharged' and ${patientVisible(ctx, 's.patientId')}
     group by s.ward_id order by max(w.name) nulls last`.execute(ctx.db)
  return { rows }
}

export async function listGapPatients(ctx: Context, asked: Input<Api['gapPatients']>): Promise<Page<PatientLine>> {
  const { from, until, gap, wardId, ...cursor } = asked
  const query = db(ctx)
    .selectFrom('patients.patients as p')
    .select('p.id')
    .where('p.mergedInto', 'is', null)
    .where('p.deceasedAt', 'is', null)
    .where(patientVisible(ctx, 'p.id'))
    .where(
      sql<boolean>`p.id in (select s.patient_id from patients.standings s cross join ${reach} g
        where s.discharged_on >= ${from} and s.discharged_on <= ${until} and s.state = 'discharged'
          and ${wardId ? sql`s.ward_id = ${wardId}::uuid` : sql`true`} and ${gaps[gap]})`,
    )
  const { rows, next } = await paged(query, cursor, ['p.id'], 'desc')
  return { rows: await linesOf(ctx, rows.map((r) => r.id)), next } // biome-ignore format: one thought
}
