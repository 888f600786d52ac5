import { isDeepStrictEqual } from 'node:util'
import { type Context, sql } from '@renxin/server'
import type { EncounterState, Fact } from './rules.ts'

export type Changed = {
  id: string
  number: string
  saidAt: string
  before: EncounterState | undefined
  after: EncounterState
  /** Of whom it was said and is said; `before` and `after` name whose it was and is today. */
  saidOf: { before: string | undefined; after: string }
}
export type NewFact = Fact & { encounterId: string }

/**
 * Everything that a batch changes, in one statement: a message on its own then costs one round trip, and two hundred cost no more.
 * Of a state's lists only the rows that differ are put, by their place in the list, and only those beyond its end are taken away.
 */
export async function writeEncounters(
  ctx: Context,
  facts: readonly NewFact[],
  changed: readonly Changed[],
  origin?: string,
): Promise<void> {
  const parts = [
    facts.length > 0 && tell(facts, origin),
    changed.length > 0 && putEncounters(changed),
    ...putStays(listChanges(changed, (s) => s.stays.map((row, position) => ({ position, ...row })))),
    ...putLevels(listChanges(changed, (s) => s.levels.map((row, position) => ({ position, ...row })))),
    ...putDiagnoses(listChanges(changed, (s) => s.diagnoses, (d) => `${d.type}.${d.rank}`)), // biome-ignore format: like the others
    ...putTeam(listChanges(changed, (s) => s.team.map((row, position) => ({ position, ...row })))),
  ].filter((part) => part !== false)
  if (parts.length === 0) return
  const named = parts.map((part, i) => sql`${sql.raw(`p${i}`)} as (${part})`)
  await sql`with ${sql.join(named, sql`, `)} select`.execute(ctx.db)
}

/** Takes the lists of these encounters away, for those whose rows may have been made by older rules. */
export async function forgetLists(ctx: Context, encounterIds: readonly string[]): Promise<void> {
  for (const table of ['encounters.stays', 'encounters.levels', 'encounters.diagnoses', 'encounters.team']) {
    await sql`delete from ${sql.table(table)} where encounter_id = any(${[...encounterIds]}::uuid[])`.execute(ctx.db)
  }
}

type Part = ReturnType<typeof tell>

const tell = (facts: readonly NewFact[], origin: string | undefined) => sql`
  insert into encounters.facts (encounter_id, source_at, event, said, origin)
  select "encounterId", "sourceAt", event, said, ${origin ?? null}::uuid
    from jsonb_to_recordset(${JSON.stringify(facts.map(({ encounterId, sourceAt, event, said }) => ({ encounterId, sourceAt, event, said })))}::jsonb)
      as f ("encounterId" uuid, "sourceAt" timestamptz, event text, said jsonb)`

function putEncounters(changed: readonly Changed[]): Part {
  const rows = changed.map(
    ({ id, number, saidOf, after: { stays: _, levels: __, diagnoses: ___, newNumber: ____, team: _____, ...state } }) => ({
      id,
      number,
      saidPatientId: saidOf.after,
      ...state,
    }),
  )
  return sql`
    insert into encounters.encounters (
      id, number, patient_id, said_patient_id, class, status, status_at, opened_at, department_id, ward_id, room, bed, attending_id, nurse_id,
      nursing_level, condition, ever_critical, ever_serious, ever_special_nursing, ever_level_one, admitted_at, on_leave_since, discharged_at, discharged_on,
      disposition, identity_class, payer, length_of_stay_days, main_diagnosis_code, main_diagnosis_name, summary,
      expected_discharge_at, discharge_planned_since, transfer_planned_since, transfer_expected_at, next_ward_id, next_room, next_bed,
      admit_reason, accident_at, accident_kind, accident_place)
    select s.id, number, "patientId", "saidPatientId", class, status, "statusAt", "openedAt", ${departmentOf('s')}, "wardId", room, bed,
           "attendingId", "nurseId", "nursingLevel", condition, "everCritical", "everSerious", "everSpecialNursing", "everLevelOne",
           "admittedAt", "onLeaveSince", "dischargedAt", "dischargedOn", disposition, "identityClass", payer, "lengthOfStayDays",
           "mainDiagnosisCode", "mainDiagnosisName", summary,
           "expectedDischargeAt", "dischargePlannedSince", "transferPlannedSince", "transferExpectedAt", "nextWardId", "nextRoom", "nextBed",
           "admitReason", "accidentAt", "accidentKind", "accidentPlace"
      from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as s (
             id uuid, number text, "patientId" uuid, "saidPatientId" uuid, class text, status text, "statusAt" timestamptz, "openedAt" timestamptz, "departmentId" uuid,
             "wardId" uuid, room text, bed text, "attendingId" uuid, "nurseId" uuid, "nursingLevel" text, condition text, "everCritical" boolean,
             "everSerious" boolean, "everSpecialNursing" boolean, "everLevelOne" boolean, "admittedAt" timestamptz, "onLeaveSince" timestamptz, "dischargedAt" timestamptz,
             "dischargedOn" date, disposition text, "identityClass" text, payer text, "lengthOfStayDays" int, "mainDiagnosisCode" text,
             "mainDiagnosisName" text, summary text, "expectedDischargeAt" timestamptz, "dischargePlannedSince" timestamptz,
             "transferPlannedSince" timestamptz, "transferExpectedAt" timestamptz, "nextWardId" uuid, "nextRoom" text, "nextBed" text,
             "admitReason" text, "accidentAt" timestamptz, "accidentKind" text, "accidentPlace" text)
    on conflict (hospital_id, id) do update set
      number = excluded.number, on_leave_since = excluded.on_leave_since, patient_id = excluded.patient_id, said_patient_id = excluded.said_patient_id, class = excluded.class, status = excluded.status, status_at = excluded.status_at,
      opened_at = excluded.opened_at, department_id = excluded.department_id, ward_id = excluded.ward_id, room = excluded.room, bed = excluded.bed,
      attending_id = excluded.attending_id, nurse_id = excluded.nurse_id, nursing_level = excluded.nursing_level, condition = excluded.condition,
      ever_critical = excluded.ever_critical, ever_serious = excluded.ever_serious, ever_special_nursing = excluded.ever_special_nursing,
      ever_level_one = excluded.ever_level_one, admitted_at = excluded.admitted_at, discharged_at = excluded.discharged_at,
      discharged_on = excluded.discharged_on, disposition = excluded.disposition, identity_class = excluded.identity_class, payer = excluded.payer,
      length_of_stay_days = excluded.length_of_stay_days, main_diagnosis_code = excluded.main_diagnosis_code,
      main_diagnosis_name = excluded.main_diagnosis_name, summary = excluded.summary,
      expected_discharge_at = excluded.expected_discharge_at, discharge_planned_since = excluded.discharge_planned_since,
      transfer_planned_since = excluded.transfer_planned_since, transfer_expected_at = excluded.transfer_expected_at,
      next_ward_id = excluded.next_ward_id, next_room = excluded.next_room, next_bed = excluded.next_bed,
      admit_reason = excluded.admit_reason, accident_at = excluded.accident_at, accident_kind = excluded.accident_kind, accident_place = excluded.accident_place`
}

/** Where only the ward was said, the department is the ward's. */
const departmentOf = (row: string) =>
  sql.raw(`coalesce(${row}."departmentId", (select w.department_id from staff.unit_cards w where w.id = ${row}."wardId"))`)

type Changes = { put: object[]; gone: object[] }

/** Which rows of a list are new or different, and which are there no more. */
function listChanges<T extends object>(
  changed: readonly Changed[],
  listOf: (state: EncounterState) => readonly T[],
  keyOf: (row: T) => string = (row) => ('position' in row ? String(row.position) : ''),
): Changes {
  const all: Changes = { put: [], gone: [] }
  for (const { id, before, after } of changed) {
    const had = new Map((before ? listOf(before) : []).map((row) => [keyOf(row), row]))
    for (const row of listOf(after)) {
      if (!isDeepStrictEqual(had.get(keyOf(row)), row)) all.put.push({ encounterId: id, ...row })
      had.delete(keyOf(row))
    }
    for (const row of had.values()) all.gone.push({ encounterId: id, ...row })
  }
  return all
}

const recordsOf = (rows: object[]) => sql`jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)`

const putStays = ({ put, gone }: Changes): (Part | false)[] => [
  put.length > 0 &&
    sql`
      insert into encounters.stays (encounter_id, position, department_id, ward_id, room, bed, from_at, to_at)
      select "encounterId", position, ${departmentOf('s')}, "wardId", room, bed, "fromAt", "toAt"
        from ${recordsOf(put)} as s (
               "encounterId" uuid, position int, "departmentId" uuid, "wardId" uuid, room text, bed text, "fromAt" timestamptz, "toAt" timestamptz)
      on conflict (hospital_id, encounter_id, position) do update set
        department_id = excluded.department_id, ward_id = excluded.ward_id, room = excluded.room, bed = excluded.bed,
        from_at = excluded.from_at, to_at = excluded.to_at`,
  gone.length > 0 &&
    sql`
      delete from encounters.stays o using ${recordsOf(gone)} as g ("encounterId" uuid, position int)
       where o.encounter_id = g."encounterId" and o.position = g.position`,
]

const putLevels = ({ put, gone }: Changes): (Part | false)[] => [
  put.length > 0 &&
    sql`
      insert into encounters.levels (encounter_id, position, kind, value, from_at)
      select "encounterId", position, kind, value, "fromAt"
        from ${recordsOf(put)} as l ("encounterId" uuid, position int, kind text, value text, "fromAt" timestamptz)
      on conflict (hospital_id, encounter_id, position) do update set kind = excluded.kind, value = excluded.value, from_at = excluded.from_at`,
  gone.length > 0 &&
    sql`
      delete from encounters.levels o using ${recordsOf(gone)} as g ("encounterId" uuid, position int)
       where o.encounter_id = g."encounterId" and o.position = g.position`,
]

const putDiagnoses = ({ put, gone }: Changes): (Part | false)[] => [
  put.length > 0 &&
    sql`
      insert into encounters.diagnoses (encounter_id, type, rank, code, name, system, is_current)
      select "encounterId", type, rank, code, name, system, "isCurrent"
        from ${recordsOf(put)} as d ("encounterId" uuid, type text, rank int, code text, name text, system text, "isCurrent" boolean)
      on conflict (hospital_id, encounter_id, type, rank) do update set
        code = excluded.code, name = excluded.name, system = excluded.system, is_current = excluded.is_current`,
  gone.length > 0 &&
    sql`
      delete from encounters.diagnoses o using ${recordsOf(gone)} as g ("encounterId" uuid, type text, rank int)
       where o.encounter_id = g."encounterId" and o.type = g.type and o.rank = g.rank`,
]

const putTeam = ({ put, gone }: Changes): (Part | false)[] => [
  put.length > 0 &&
    sql`
      insert into encounters.team (encounter_id, position, role, person_id)
      select "encounterId", position, role, "personId"
        from ${recordsOf(put)} as t ("encounterId" uuid, position int, role text, "personId" uuid)
      on conflict (hospital_id, encounter_id, position) do update set role = excluded.role, person_id = excluded.person_id`,
  gone.length > 0 &&
    sql`
      delete from encounters.team o using ${recordsOf(gone)} as g ("encounterId" uuid, position int)
       where o.encounter_id = g."encounterId" and o.position = g.position`,
]

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
