import { type Context, sql } from '@renxin/server'
import type { Statement } from './resolve-facts.ts'
import type { EncounterState } from './rules.ts'

export type Changed = { id: string; number: string; saidAt: string; before: EncounterState | undefined; after: EncounterState }
export type NewFact = Statement & { encounterId: string }

/**
 * Everything that a batch changes, in one statement: a message on its own then costs one round trip, and two hundred cost no more.
 * Parts of a state are put by their position and those beyond its end are taken away, so that no row is deleted and made again.
 */
export async function writeEncounters(ctx: Context, facts: readonly NewFact[], changed: readonly Changed[]): Promise<void> {
  if (facts.length === 0 && changed.length === 0) return
  const ids = changed.map((c) => c.id)
  const partsOf = <T>(name: 'stays' | 'levels' | 'diagnoses', row: (part: T, position: number) => object) =>
    JSON.stringify(changed.flatMap((c) => (c.after[name] as T[]).map((part, i) => ({ encounterId: c.id, ...row(part, i) })))) // one of the three lists
  const rows = JSON.stringify(
    changed.map(({ id, number, after: { stays: _, levels: __, diagnoses: ___, ...state } }) => ({ id, number, ...state })),
  )
  const said = JSON.stringify(facts.map(({ encounterId, sourceAt, event, said }) => ({ encounterId, sourceAt, event, said })))
  const stays = partsOf<EncounterState['stays'][number]>('stays', (s, position) => ({ position, ...s }))
  const levels = partsOf<EncounterState['levels'][number]>('levels', (l, position) => ({ position, ...l }))
  const diagnoses = partsOf<EncounterState['diagnoses'][number]>('diagnoses', (d) => d)

  await sql`
    with told as (
      insert into encounters.facts (encounter_id, source_at, event, said)
      select "encounterId", "sourceAt", event, said
        from jsonb_to_recordset(${said}::jsonb) as f ("encounterId" uuid, "sourceAt" timestamptz, event text, said jsonb)
    ), encounter as (
      insert into encounters.encounters (
        id, number, patient_id, class, status, status_at, opened_at, department_id, ward_id, room, bed, attending_id, nurse_id,
        nursing_level, condition, ever_critical, ever_serious, ever_special_nursing, ever_level_one, admitted_at, discharged_at, discharged_on,
        disposition, identity_class, payer, length_of_stay_days, main_diagnosis_code, main_diagnosis_name, summary)
      select s.id, number, "patientId", class, status, "statusAt", "openedAt", coalesce("departmentId", w.department_id), "wardId", room, bed,
             "attendingId", "nurseId", "nursingLevel", condition, "everCritical", "everSerious", "everSpecialNursing", "everLevelOne",
             "admittedAt", "dischargedAt", "dischargedOn", disposition, "identityClass", payer, "lengthOfStayDays",
             "mainDiagnosisCode", "mainDiagnosisName", summary
        from jsonb_to_recordset(${rows}::jsonb) as s (
               id uuid, number text, "patientId" uuid, class text, status text, "statusAt" timestamptz, "openedAt" timestamptz, "departmentId" uuid,
               "wardId" uuid, room text, bed text, "attendingId" uuid, "nurseId" uuid, "nursingLevel" text, condition text, "everCritical" boolean,
               "everSerious" boolean, "everSpecialNursing" boolean, "everLevelOne" boolean, "admittedAt" timestamptz, "dischargedAt" timestamptz,
               "dischargedOn" date, disposition text, "identityClass" text, payer text, "lengthOfStayDays" int, "mainDiagnosisCode" text,
               "mainDiagnosisName" text, summary text)
        left join staff.unit_cards w on w.id = s."wardId"
      on conflict (hospital_id, id) do update set
        patient_id = excluded.patient_id, class = excluded.class, status = excluded.status, status_at = excluded.status_at,
        opened_at = excluded.opened_at, department_id = excluded.department_id, ward_id = excluded.ward_id, room = excluded.room, bed = excluded.bed,
        attending_id = excluded.attending_id, nurse_id = excluded.nurse_id, nursing_level = excluded.nursing_level, condition = excluded.condition,
        ever_critical = excluded.ever_critical, ever_serious = excluded.ever_serious, ever_special_nursing = excluded.ever_special_nursing,
        ever_level_one = excluded.ever_level_one, admitted_at = excluded.admitted_at, discharged_at = excluded.discharged_at,
        discharged_on = excluded.discharged_on, disposition = excluded.disposition, identity_class = excluded.identity_class, payer = excluded.payer,
        length_of_stay_days = excluded.length_of_stay_days, main_diagnosis_code = excluded.main_diagnosis_code,
        main_diagnosis_name = excluded.main_diagnosis_name, summary = excluded.summary
    ), new_stay as (
      select s.*, coalesce(s."departmentId", w.department_id) as department_id
        from jsonb_to_recordset(${stays}::jsonb) as s (
               "encounterId" uuid, position int, "departmentId" uuid, "wardId" uuid, room text, bed text, "fromAt" timestamptz, "toAt" timestamptz)
        left join staff.unit_cards w on w.id = s."wardId"
    ), stay as (
      insert into encounters.stays (encounter_id, position, department_id, ward_id, room, bed, from_at, to_at)
      select "encounterId", position, department_id, "wardId", room, bed, "fromAt", "toAt" from new_stay
      on conflict (hospital_id, encounter_id, position) do update set
        department_id = excluded.department_id, ward_id = excluded.ward_id, room = excluded.room, bed = excluded.bed,
        from_at = excluded.from_at, to_at = excluded.to_at
    ), stay_gone as (
      delete from encounters.stays o
       where o.encounter_id = any(${ids}::uuid[])
         and not exists (select from new_stay n where n."encounterId" = o.encounter_id and n.position = o.position)
    ), new_level as (
      select * from jsonb_to_recordset(${levels}::jsonb) as l ("encounterId" uuid, position int, kind text, value text, "fromAt" timestamptz)
    ), level as (
      insert into encounters.levels (encounter_id, position, kind, value, from_at)
      select "encounterId", position, kind, value, "fromAt" from new_level
      on conflict (hospital_id, encounter_id, position) do update set kind = excluded.kind, value = excluded.value, from_at = excluded.from_at
    ), level_gone as (
      delete from encounters.levels o
       where o.encounter_id = any(${ids}::uuid[])
         and not exists (select from new_level n where n."encounterId" = o.encounter_id and n.position = o.position)
    ), new_diagnosis as (
      select * from jsonb_to_recordset(${diagnoses}::jsonb) as d (
        "encounterId" uuid, type text, rank int, code text, name text, system text, "isCurrent" boolean)
    ), diagnosis as (
      insert into encounters.diagnoses (encounter_id, type, rank, code, name, system, is_current)
      select "encounterId", type, rank, code, name, system, "isCurrent" from new_diagnosis
      on conflict (hospital_id, encounter_id, type, rank) do update set
        code = excluded.code, name = excluded.name, system = excluded.system, is_current = excluded.is_current
    )
    delete from encounters.diagnoses o
     where o.encounter_id = any(${ids}::uuid[])
       and not exists (select from new_diagnosis n where n."encounterId" = o.encounter_id and n.type = o.type and n.rank = o.rank)
  `.execute(ctx.db)
}

/**
 * The discharge before each stay of these patients, for readmissions. A stay that becomes known late changes the one after it,
 * so all stays of the patients are looked at.
 */
export async function writePriorDischarges(ctx: Context, patientIds: readonly string[]): Promise<void> {
  if (patientIds.length === 0) return
  await sql`
    update encounters.encounters e
       set prior_discharge_on = p.prior
      from (select e.id,
                   (select max(d.discharged_on) from encounters.encounters d
                     where d.patient_id = e.patient_id and d.id <> e.id and d.class in ('inpatient', 'daySurgery')
                       and d.status = 'discharged' and d.discharged_at <= e.admitted_at) as prior
              from encounters.encounters e
             where e.patient_id = any(${[...patientIds]}::uuid[]) and e.class in ('inpatient', 'daySurgery') and e.admitted_at is not null) p
     where e.id = p.id and e.prior_discharge_on is distinct from p.prior
  `.execute(ctx.db)
}
