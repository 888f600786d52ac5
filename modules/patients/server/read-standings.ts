import type { LocalDate } from '@renxin/kernel'
import { type Context, sql } from '@renxin/server'
import type { CareClass, FollowupStatus, LastingState, PatientState, Standing } from '../contract.ts'

/** What was told of one patient. */
export type StandingRow = {
  id: string
  state: LastingState | null
  visitingOn: LocalDate | null
  bookedAt: Date | null
  class: CareClass | null
  department: string | null
  ward: string | null
  attending: string | null
  mainDiagnosis: string | null
  seenOn: LocalDate | null
  dischargedOn: LocalDate | null
  followupStatus: FollowupStatus | null
  followupOn: LocalDate | null
  followupNextAt: Date | null
  followupBy: Date | null
  nursingLevel: string | null
  condition: string | null
  everCritical: boolean
  everLevelOne: boolean
  daysSincePrior: number | null
  firstSeenOn: LocalDate | null
  visits: number
  stays: number
}

/** Where these patients stand; each of them has an answer. */
export async function standingsOf(ctx: Context, ids: readonly string[]): Promise<Map<string, Standing>> {
  const rows = await standingRows(ctx, ids)
  return new Map(ids.map((id) => [id, showStanding(ctx, rows.get(id))]))
}

/** What was told of these patients; of whom nothing was, there is no row. */
export async function standingRows(ctx: Context, ids: readonly string[]): Promise<Map<string, StandingRow>> {
  const { rows } = await sql<StandingRow>`
    select s.patient_id as id, s.state, s.visiting_on, s.booked_at, s.class, d.name as department, w.name as ward, a.name as attending,
           s.main_diagnosis_name as main_diagnosis, s.seen_on, s.discharged_on,
           f.status as followup_status, f.tried_on as followup_on, f.next_at as followup_next_at, f.due_by as followup_by,
           s.nursing_level, s.condition, s.ever_critical, s.ever_level_one, s.days_since_prior, s.first_seen_on, s.visits, s.stays
      from patients.standings s
      left join patients.followup_standings f on f.patient_id = s.patient_id
      left join staff.unit_cards d on d.id = s.department_id
      left join staff.unit_cards w on w.id = s.ward_id
      left join staff.person_cards a on a.id = s.attending_id
     where s.patient_id = any(${[...ids]}::uuid[])`.execute(ctx.db)
  return new Map(rows.map((r) => [r.id, r]))
}

export function showStanding(ctx: Pick<Context, 'clock'>, row: StandingRow | undefined): Standing {
  return {
    state: stateOn(ctx.clock.today(), row),
    class: row?.class ?? null,
    department: row?.department ?? null,
    ward: row?.ward ?? null,
    attending: row?.attending ?? null,
    mainDiagnosis: row?.mainDiagnosis ?? null,
    seenOn: row?.seenOn ?? null,
    dischargedOn: row?.dischargedOn ?? null,
    bookedAt: row?.bookedAt?.toISOString() ?? null,
    followup: {
      status: row?.followupStatus ?? null,
      on: row?.followupOn ?? null,
      nextAt: row?.followupNextAt?.toISOString() ?? null,
      isOverdue: row?.followupBy ? row.followupBy < ctx.clock.now() : false,
    },
  }
}

/** Whoever lies in the hospital does not also visit it; a visit without an end is one of that day alone. */
export function stateOn(today: LocalDate, row: Pick<StandingRow, 'state' | 'visitingOn'> | undefined): PatientState {
  if (row?.state === 'inHospital') return 'inHospital'
  if (row?.visitingOn === today) return 'visiting'
  return row?.state ?? 'known'
}
