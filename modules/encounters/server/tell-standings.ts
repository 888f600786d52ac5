import { noteDiagnoses, noteStandings, type Standing, setBedKeys, takeStandings, tellAtEnd } from '@renxin/patients'
import { type Context, type Reckoning, sql } from '@renxin/server'

/**
 * Tells the customer file where these patients stand by all their visits and stays, as they are now. It is reckoned from the encounters
 * themselves and not from what changed, so that cancellations, corrections and merges in any order leave it right.
 */
export async function tellStandings(
  ctx: Context,
  patientIds: readonly string[],
  options: { beds: boolean; diagnoses: boolean },
): Promise<void> {
  await tellAtEnd(ctx, patientIds, tellWhere)
  if (options.beds) await tellAtEnd(ctx, patientIds, tellBeds)
  if (options.diagnoses) await tellAtEnd(ctx, patientIds, tellDiagnoses)
}

const tellWhere: Reckoning = async (ctx, ids) => noteStandings(ctx, (await standings(ctx, ids)).rows)
const tellBeds: Reckoning = async (ctx, ids) => setBedKeys(ctx, (await beds(ctx, ids)).rows)
const tellDiagnoses: Reckoning = async (ctx, ids) => noteDiagnoses(ctx, ids, (await diagnosed(ctx, ids)).rows)

const isStay = sql`class in ('inpatient', 'daySurgery')`

const presentStay = sql`(
        select * from encounters.encounters s
         where s.patient_id = p.id and ${isStay} and status = 'inProgress' order by opened_at desc, id desc limit 1)`

const beds = (ctx: Context, ids: readonly string[]) =>
  sql<{ patientId: string; bed: string | null }>`
    select p.id as patient_id, stay.bed from unnest(${[...ids]}::uuid[]) as p (id) left join lateral ${presentStay} stay on true`.execute(
    ctx.db,
  )

const standings = (ctx: Context, ids: readonly string[]) => {
  const day = (column: string) => sql`(${sql.ref(column)} at time zone ${ctx.hospital.zone})::date`
  return sql<Standing>`
    select p.id as patient_id,
           case when stay.id is not null then 'inHospital'
                when n.booked_at > coalesce(greatest(home.discharged_at, last.opened_at), '-infinity') then 'booked'
                when home.id is not null then 'discharged'
                when last.id is not null then 'visited' end as state,
           n.visiting_on, n.booked_at,
           e.id as encounter_id, e.class, e.department_id, e.ward_id, e.attending_id, e.nursing_level, e.condition,
           e.main_diagnosis_code, e.main_diagnosis_name, coalesce(e.ever_critical, false) as ever_critical,
           coalesce(e.ever_level_one, false) as ever_level_one,
           ${day('e.admitted_at')} - e.prior_discharge_on as days_since_prior,
           n.seen_on, n.first_seen_on, home.discharged_on, n.visits, n.stays
      from unnest(${[...ids]}::uuid[]) as p (id)
      left join lateral ${presentStay} stay on true
      left join lateral (
        select * from encounters.encounters s
         where s.patient_id = p.id and ${isStay} and status = 'discharged' order by discharged_at desc, id desc limit 1) home on true
      left join lateral (
        select * from encounters.encounters s
         where s.patient_id = p.id and status in ('inProgress', 'discharged') order by opened_at desc, id desc limit 1) last on true
      left join encounters.encounters e on e.id = case when stay.id is null then last.id else stay.id end
      cross join lateral (
        select max(s.opened_at) filter (where status = 'planned') as booked_at,
               max(${day('s.opened_at')}) filter (where status = 'inProgress' and not ${isStay}) as visiting_on,
               max(${day('s.opened_at')}) filter (where status <> 'planned') as seen_on,
               min(${day('s.opened_at')}) filter (where status <> 'planned') as first_seen_on,
               (count(*) filter (where status <> 'planned' and not ${isStay}))::int as visits,
               (count(*) filter (where status <> 'planned' and ${isStay}))::int as stays
          from encounters.encounters s where s.patient_id = p.id and status <> 'cancelled') n`.execute(ctx.db)
}

const diagnosed = (ctx: Context, ids: readonly string[]) =>
  sql<{ patientId: string; code: string; lastOn: string }>`
    select e.patient_id, d.code, max((e.opened_at at time zone ${ctx.hospital.zone})::date)::text as last_on
      from encounters.encounters e join encounters.diagnoses d on d.encounter_id = e.id
     where e.patient_id = any(${[...ids]}::uuid[]) and e.status <> 'cancelled' and d.is_current and d.code is not null
     group by e.patient_id, d.code`.execute(ctx.db)

/** Tells of everybody, where the hospital's encounters are older than the customer file's knowledge of them. */
export async function tellAllStandings(ctx: Context): Promise<void> {
  const { rows } = await sql<{ isUntold: boolean }>`
    select exists (select from encounters.encounters) and not exists (select from patients.told) as is_untold`.execute(ctx.db)
  if (!rows[0]?.isUntold) return
  for (let after = '00000000-0000-0000-0000-000000000000'; ; ) {
    const { rows: next } = await sql<{ patientId: string }>`
      select distinct patient_id from encounters.encounters where patient_id > ${after}::uuid order by patient_id limit 2000`.execute(
      ctx.db,
    )
    const ids = next.map((r) => r.patientId)
    const last = ids.at(-1)
    if (!last) return
    await takeStandings(ctx, ids) // some at a time, each above those before
    for (const tell of [tellWhere, tellBeds, tellDiagnoses]) await tell(ctx, ids)
    after = last
  }
}
