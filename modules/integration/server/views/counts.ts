import { type Context, sql } from '@renxin/server'
import { resolveUnits, unitKey } from '@renxin/staff'
import type { ColumnMapping } from '../../columns-contract.ts'
import { type Codes, cellsOf, type Row } from '../columns/index.ts'
import type { ViewState } from './tables.ts'

const NO_WARD = '00000000-0000-0000-0000-000000000000'

/** A discharge as the view has it, whether or not we could take the row. */
export type Discharge = { day: string; code: string | null; name: string | null }

export function dischargeOf(ctx: Context, mapping: ColumnMapping, row: Row, codes: Codes): Discharge | undefined {
  const cells = cellsOf('encounters', mapping, row, { zone: ctx.hospital.zone, codes })
  const kind = cells.word('class', ['inpatient', 'daySurgery', 'outpatient', 'emergency', 'checkUp'])
  const day = cells.day('dischargedAt')
  if (!day || cells.flag('deleted') || cells.flag('cancelled') || (kind && kind !== 'inpatient' && kind !== 'daySurgery')) return undefined
  return { day, code: cells.number('wardCode') ?? null, name: cells.text('wardName') ?? null }
}

/** Discharges by day and ward, as the view says them and as we have them; what a count was before is kept no longer than its day is counted. */
export async function saveCounts(
  ctx: Context,
  view: ViewState,
  discharges: readonly Discharge[],
  days: { from: string; to: string },
): Promise<void> {
  const counted = discharges.filter((d) => d.day >= days.from && d.day <= days.to)
  const wards = counted.flatMap(({ code, name }) => (code || name ? [{ kind: 'ward' as const, code, name }] : []))
  const units = await resolveUnits(ctx, wards)
  const theirs = new Map<string, number>()
  for (const { day, code, name } of counted) {
    const ward = units.get(unitKey({ kind: 'ward', code, name }) ?? '') ?? NO_WARD
    theirs.set(`${day} ${ward}`, (theirs.get(`${day} ${ward}`) ?? 0) + 1)
  }
  const keys = [...theirs.keys()].map((key) => key.split(' '))
  await sql`delete from integration.view_counts where view_id = ${view.id}::uuid and day between ${days.from}::date and ${days.to}::date`.execute(
    ctx.db,
  )
  await sql`
    with theirs as (
      select * from unnest(${keys.map(([day]) => day)}::date[], ${keys.map(([, ward]) => ward)}::uuid[], ${[...theirs.values()]}::int[]) as t (day, ward_id, n)
    ), ours as (
      select discharged_on as day, coalesce(ward_id, ${NO_WARD}::uuid) as ward_id, count(*)::int as n from encounters.cards
      where discharged_on between ${days.from}::date and ${days.to}::date and class in ('inpatient', 'daySurgery') group by 1, 2
    )
    insert into integration.view_counts (view_id, day, ward_id, theirs, ours, counted_at)
    select ${view.id}::uuid, day, ward_id, coalesce(t.n, 0), coalesce(o.n, 0), ${ctx.clock.now()}
    from theirs t full join ours o using (day, ward_id)`.execute(ctx.db)
}
