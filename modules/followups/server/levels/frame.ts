import type { LocalDate } from '@renxin/kernel'
import { type Context, sql } from '@renxin/server'
import type { DrawLevel, LeftOutReason, ProgrammeBody, Rule } from '../../contract.ts'
import { isReadmitted } from '../objections.ts'
import { matches } from '../planning.ts'
import type { Burden } from './draw-rules.ts'

/** For which level, and by which rule; `programmeId`: in which whoever is drawn is enrolled. */
export type Drawable = { level: DrawLevel; programmeId: string | null; rule: Rule; onReturn: ProgrammeBody['onReturn'] }
export type Discharge = Burden & { id: string; departmentId: string; leftOut: LeftOutReason | null }

/** What is left out whatever the programme says: nobody is asked about a stay that ended in death or in other hands. */
const TRANSFERRED = ['2', '3']

/** Why discharge `c` of patient `p` is not drawn from; null where it is. */
function leftOutOf(ctx: Context, { programmeId, rule, onReturn }: Drawable) {
  const course = programmeId !== null && (onReturn === 'stop' || onReturn === 'pause') ? { programmeId, hasCourses: true } : {}
  const fits = matches({ trigger: 'discharged', rule, samplePercent: 100, onReturn: 'goOn', ...course }, ctx.hospital.zone)
  return sql<LeftOutReason | null>`
    case when p.deceased_at is not null or c.disposition = '5' then 'died'
         when c.disposition = any(${TRANSFERRED}) then 'transferred'
         when ${onReturn === 'anew' || onReturn === 'stop' ? isReadmitted(sql`x.anchor_at`) : sql`false`} then 'readmitted'
         when exists (select from followups.enrolments e where e.encounter_id = c.id and e.programme_id = ${programmeId}::uuid) then 'asked'
         when not (${fits}) then 'rule' end`
}

const dischargesOf = ({ rule }: Drawable, from: LocalDate, to: LocalDate) => sql`
    encounters.cards c
    cross join lateral (select c.discharged_at as anchor_at, c.id, c.patient_id) x
    join patients.cards p on p.id = c.patient_id
   where c.discharged_on between ${from} and ${to} and c.class = any(${rule.classes}) and c.status = 'discharged' and c.department_id is not null`

/** Everybody who went home in these days and was in no draw yet, with why he is not drawn from. It must meet everybody: call it `unveiled`. */
export async function readDischarges(ctx: Context, of: Drawable, from: LocalDate, to: LocalDate): Promise<Discharge[]> {
  const { rows } = await sql<Discharge>`
    select c.id, c.department_id, c.ever_critical, c.ever_serious, c.ever_special_nursing, c.ever_level_one, c.length_of_stay_days,
           ${leftOutOf(ctx, of)} as left_out
      from ${dischargesOf(of, from, to)} and not exists (select from followups.draw_frame f where f.encounter_id = c.id and f.level = ${of.level})
     order by c.department_id, c.id`.execute(ctx.db)
  return rows
}

/** Department → how many of these days wait for a draw. */
export async function countWaiting(ctx: Context, of: Drawable, from: LocalDate, to: LocalDate): Promise<ReadonlyMap<string, number>> {
  const { rows } = await sql<{ departmentId: string; n: number }>`
    select y.department_id, count(*)::int as n
      from (select c.department_id, ${leftOutOf(ctx, of)} as left_out
              from ${dischargesOf(of, from, to)} and not exists (select from followups.draw_frame f where f.encounter_id = c.id and f.level = ${of.level})) y
     where y.left_out is null group by 1`.execute(ctx.db)
  return new Map(rows.map((r) => [r.departmentId, r.n]))
}

/** How many of a draw's frame would not be in it by what is known of them today. That they were asked since is no such thing. */
export async function countGone(ctx: Context, of: Drawable, draw: { id: string; departmentId: string }): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n
      from followups.draw_frame f
      join encounters.cards c on c.id = f.encounter_id
      cross join lateral (select c.discharged_at as anchor_at, c.id, c.patient_id) x
      join patients.cards p on p.id = c.patient_id
     where f.draw_id = ${draw.id} and (c.status <> 'discharged' or c.department_id is distinct from ${draw.departmentId}
           or coalesce(${leftOutOf(ctx, of)}, 'asked') <> 'asked')`.execute(ctx.db)
  return rows[0]?.n ?? 0
}
