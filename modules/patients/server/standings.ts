import type { LocalDate } from '@renxin/kernel'
import { atEnd, type Context, type Reckoning, sql } from '@renxin/server'
import type { FollowupStatus, LastingState } from '../contract.ts'
import { rowsAs } from './bulk.ts'

/** What visits and stays say of where a patient stands. `null` all over: there are none, or none any more. */
export type Standing = {
  patientId: string
  state: LastingState | null
  /** The latest day on which a visit began that has no end. */
  visitingOn: LocalDate | null
  bookedAt: Date | null
  /** The stay in progress, else the last visit or stay; what follows is of it. */
  encounterId: string | null
  class: string | null
  departmentId: string | null
  wardId: string | null
  attendingId: string | null
  nursingLevel: string | null
  condition: string | null
  mainDiagnosisCode: string | null
  mainDiagnosisName: string | null
  everCritical: boolean
  everLevelOne: boolean
  daysSincePrior: number | null
  seenOn: LocalDate | null
  firstSeenOn: LocalDate | null
  dischargedOn: LocalDate | null
  visits: number
  stays: number
}

/** What follow-up says of a patient: how the last try ended, and what is due next. */
export type FollowupNews = {
  patientId: string
  status: FollowupStatus | null
  triedOn: LocalDate | null
  nextAt: Date | null
  dueBy: Date | null
}

const standingColumns = {
  patient_id: 'uuid',
  state: 'text',
  visiting_on: 'date',
  booked_at: 'timestamptz',
  encounter_id: 'uuid',
  class: 'text',
  department_id: 'uuid',
  ward_id: 'uuid',
  attending_id: 'uuid',
  nursing_level: 'text',
  condition: 'text',
  main_diagnosis_code: 'text',
  main_diagnosis_name: 'text',
  ever_critical: 'boolean',
  ever_level_one: 'boolean',
  days_since_prior: 'int',
  seen_on: 'date',
  first_seen_on: 'date',
  discharged_on: 'date',
  visits: 'int',
  stays: 'int',
}

/**
 * Has `tell` reckon where these patients stand and note it, once, at the end of the transaction. Before any such telling all whom the transaction named
 * are taken together: a transaction that took some for one thing and later others for another would wait in a circle with who meets them the other way round.
 */
export async function tellAtEnd(ctx: Context, patientIds: readonly string[], tell: Reckoning): Promise<void> {
  await atEnd(ctx, takeStandings, patientIds)
  await atEnd(ctx, tell, patientIds)
}

/**
 * Takes these patients for telling where they stand: whoever reads the present state after this and tells it, tells the last word. Two who
 * reckon at once would otherwise each miss what the other has not committed. Once in a transaction, as `tellAtEnd` does it.
 */
export async function takeStandings(ctx: Context, patientIds: readonly string[]): Promise<void> {
  const ids = [...new Set(patientIds)].sort()
  if (ids.length === 0) return
  const lock = () =>
    sql`select from patients.standings where patient_id = any(${ids}::uuid[]) order by patient_id for no key update`.execute(ctx.db)
  // What is missing is made before anything is held: who holds one row and makes another would wait in a circle with who does it the other way round.
  const { rows } = await sql<{ made: number }>`
    with made as (
      insert into patients.standings (patient_id)
      select i from unnest(${ids}::uuid[]) as i where not exists (select from patients.standings s where s.patient_id = i) order by i
      on conflict do nothing returning 1
    )
    select (select count(*)::int from made) as made from patients.standings
    where patient_id = any(${ids}::uuid[]) and (select count(*) from made) >= 0 order by patient_id for no key update`.execute(ctx.db)
  if (rows.length + (rows[0]?.made ?? 0) < ids.length) await lock() // some are new, or somebody else made them meanwhile
}

/** Says where patients stand by their visits and stays: the whole of it, as it is now. Call `takeStandings` before reckoning. */
export async function noteStandings(ctx: Context, standings: readonly Standing[]): Promise<void> {
  const rows = byPatient(standings)
  if (rows.length === 0) return
  const changed = await sql`
    update patients.standings s set ${sql.raw(told.map((c) => `${c} = n.${c}`).join(', '))}
      from ${rowsAs('n', standingColumns, rows)}
     where s.patient_id = n.patient_id and (${list('s', told)}) is distinct from (${list('n', told)})`.execute(ctx.db)
  if (Number(changed.numAffectedRows ?? 0) > 0) ctx.touched.add('patients')
}

const told = Object.keys(standingColumns).filter((c) => c !== 'patient_id')

/** Says how follow-up of patients stands. Call `takeStandings` before reckoning. Of whom there is nothing to say there is no row. */
export async function noteFollowups(ctx: Context, news: readonly FollowupNews[]): Promise<void> {
  const rows = byPatient(news)
  if (rows.length === 0) return
  const columns = ['status', 'tried_on', 'next_at', 'due_by']
  const changed = await sql`
    insert into patients.followup_standings as f (patient_id, ${sql.raw(columns.join(', '))})
    select n.* from ${rowsAs('n', { patient_id: 'uuid', status: 'text', tried_on: 'date', next_at: 'timestamptz', due_by: 'timestamptz' }, rows)}
     where num_nonnulls(${list('n', columns)}) > 0 or exists (select from patients.followup_standings k where k.patient_id = n.patient_id)
    on conflict (hospital_id, patient_id) do update set ${sql.raw(columns.map((c) => `${c} = excluded.${c}`).join(', '))}
     where (${list('f', columns)}) is distinct from (${list('excluded', columns)})`.execute(ctx.db)
  if (Number(changed.numAffectedRows ?? 0) > 0) ctx.touched.add('patients')
}

const byPatient = <T extends { patientId: string }>(all: readonly T[]) => [...all].sort((a, b) => (a.patientId < b.patientId ? -1 : 1))
const list = (of: string, columns: readonly string[]) => sql.raw(columns.map((c) => `${of}.${c}`).join(', '))

/** Says what patients were ever found to have: all codes of each patient that is named. */
export async function noteDiagnoses(
  ctx: Context,
  patientIds: readonly string[],
  diagnosed: readonly { patientId: string; code: string; lastOn: LocalDate }[],
): Promise<void> {
  if (patientIds.length === 0) return
  const rows = [...diagnosed].sort((a, b) => (a.patientId + a.code < b.patientId + b.code ? -1 : 1))
  await sql`
    with told as materialized (select * from ${rowsAs('n', { patient_id: 'uuid', code: 'text', last_on: 'date' }, rows)}),
    gone as (
      delete from patients.diagnosed d where d.patient_id = any(${[...new Set(patientIds)]}::uuid[])
         and not exists (select from told n where n.patient_id = d.patient_id and n.code = d.code collate "C")
    )
    insert into patients.diagnosed as d (patient_id, code, last_on) select * from told
    on conflict (hospital_id, patient_id, code) do update set last_on = excluded.last_on where d.last_on <> excluded.last_on`.execute(
    ctx.db,
  )
}
