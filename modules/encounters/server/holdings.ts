import type { LocalDate } from '@renxin/kernel'
import { eraseExtras } from '@renxin/patients'
import { type Context, type CopySection, type Holdings, type Stay, type Subject, sql } from '@renxin/server'

const stays = { erased: 'never', stays: 'medicalRecord' } as const

/** Visits, stays and clinical records: kept for the years that the law names, whatever their patient asks (docs/decisions/0012). */
export const holdings: Holdings = {
  tables: {
    'encounters.encounters': { copied: 'visits', ...stays },
    'encounters.facts': { copied: 'visits', ...stays },
    'encounters.stays': { copied: 'wards', ...stays },
    'encounters.levels': { copied: 'visits', ...stays },
    'encounters.diagnoses': { copied: 'diagnoses', ...stays },
    'encounters.team': { copied: 'visits', ...stays },
    'encounters.former_numbers': { copied: 'visits', ...stays },
    'encounters.reports': { copied: 'reports', ...stays },
    'encounters.documents': { copied: 'documents', ...stays },
    'encounters.orders': { copied: 'orders', ...stays },
    'encounters.procedures': { copied: 'procedures', ...stays },
    'encounters.accounts': { copied: 'charges', erased: 'never', stays: 'careContract' },
    'encounters.charges': { copied: 'charges', erased: 'never', stays: 'careContract' },
    'encounters.bookings': { copied: 'bookings', erased: 'never', stays: 'careContract' },
  },
  copy: copyVisits,
  stays: staysOf,
  erase: async (ctx, who) => ({ 'patients.field_values of visits': await eraseExtras(ctx, await visitIds(ctx, who)) }),
}

async function visitIds(ctx: Context, { files }: Subject): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from encounters.encounters where patient_id = any(${[...files]}::uuid[]) or said_patient_id = any(${[...files]}::uuid[])`.execute(
    ctx.db,
  )
  return rows.map((r) => r.id)
}

/** 医疗机构病历管理规定 (2013): at least fifteen years from the last visit, thirty from the last discharge. */
async function staysOf(ctx: Context, who: Subject): Promise<Stay[]> {
  const of = sql`patient_id = any(${[...who.files]}::uuid[])`
  const { rows } = await sql<{ visits: number; visitsUntil: LocalDate | null; stays: number; staysUntil: LocalDate | null }>`
    select count(*) filter (where not is_stay)::int as visits, (max(day) filter (where not is_stay) + interval '15 years')::date as visits_until,
           count(*) filter (where is_stay)::int as stays, (max(discharged_on) filter (where is_stay) + interval '30 years')::date as stays_until
      from (select class in ('inpatient', 'daySurgery') as is_stay, discharged_on, (opened_at at time zone ${ctx.hospital.zone})::date as day
              from encounters.encounters where ${of}) e`.execute(ctx.db)
  const { rows: records } = await sql<{ records: number; dealings: number }>`
    select (select count(*) from encounters.reports where ${of})::int + (select count(*) from encounters.documents where ${of})::int
             + (select count(*) from encounters.orders where ${of})::int + (select count(*) from encounters.procedures where ${of})::int as records,
           (select count(*) from encounters.charges where ${of})::int + (select count(*) from encounters.bookings where ${of})::int as dealings`.execute(
    ctx.db,
  )
  const [found, more] = [rows[0], records[0]]
  return [
    { reason: 'medicalRecord', what: 'visits', count: found?.visits ?? 0, until: found?.visitsUntil ?? null },
    { reason: 'medicalRecord', what: 'stays', count: found?.stays ?? 0, until: found?.staysUntil ?? null },
    { reason: 'medicalRecord', what: 'records', count: more?.records ?? 0, until: null },
    { reason: 'careContract', what: 'dealings', count: more?.dealings ?? 0, until: null },
  ]
}

type Rows = CopySection['rows']

/** One query for each kind. Doctors stand in one's own medical record by their name. */
async function copyVisits(ctx: Context, { files }: Subject): Promise<CopySection[]> {
  const of = (alias: string) => sql`${sql.ref(`${alias}.patient_id`)} = any(${[...files]}::uuid[])`
  const moment = (column: string) => sql`to_char(${sql.ref(column)} at time zone ${ctx.hospital.zone}, 'YYYY-MM-DD HH24:MI')`
  const rows = async (what: ReturnType<typeof sql>): Promise<Rows> => (await what.execute(ctx.db)).rows as Rows // texts, numbers and truths alone are selected
  const unit = sql`(select u.name from staff.unit_cards u where u.id = t.department_id) as department`
  const by = (column: string) => sql`(select p.name from staff.person_cards p where p.id = ${sql.ref(`t.${column}`)}) as by`
  return [
    {
      section: 'visits',
      rows: await rows(sql`
        select t.number, t.class, t.status, ${moment('t.opened_at')} as at, ${moment('t.admitted_at')} as admitted_at, ${moment('t.discharged_at')} as discharged_at,
               ${unit}, ${by('attending_id')}, t.room, t.bed, t.nursing_level, t.condition, t.disposition, t.identity_class, t.payer,
               t.main_diagnosis_code, t.main_diagnosis_name, t.summary, t.admit_reason as reason,
               concat_ws(' ', ${moment('t.accident_at')}, t.accident_kind, t.accident_place) as accident,
               (select string_agg(p.name, '、' order by m.position) from encounters.team m join staff.person_cards p on p.id = m.person_id where m.encounter_id = t.id) as team,
               'his' as source
          from encounters.encounters t where ${of('t')} order by t.opened_at, t.id`),
    },
    {
      section: 'wards',
      rows: await rows(sql`
        select e.number, (select u.name from staff.unit_cards u where u.id = t.ward_id) as ward, t.room, t.bed, ${moment('t.from_at')} as at, ${moment('t.to_at')} as until
          from encounters.stays t join encounters.encounters e on e.id = t.encounter_id where ${of('e')} order by t.from_at`),
    },
    {
      section: 'diagnoses',
      rows: await rows(sql`
        select e.number, t.type, t.code, t.name, t.is_current from encounters.diagnoses t join encounters.encounters e on e.id = t.encounter_id
         where ${of('e')} order by e.opened_at, t.type, t.rank`),
    },
    {
      section: 'reports',
      rows: await rows(sql`
        select t.kind, t.title, t.status, ${moment('t.happened_at')} as at, t.visit_number as number, ${unit}, ${by('author_id')}, t.findings, t.conclusion,
               (select string_agg(concat_ws(' ', i ->> 'name', i ->> 'value', i ->> 'unit', i ->> 'range', i ->> 'flag'), E'\\n') from jsonb_array_elements(t.items) i) as items,
               t.file_name, t.source
          from encounters.reports t where ${of('t')} order by t.happened_at, t.id`),
    },
    {
      section: 'documents',
      rows: await rows(sql`
        select t.title, t.status, ${moment('t.happened_at')} as at, t.visit_number as number, ${unit}, ${by('author_id')}, t.text, t.file_name, t.source
          from encounters.documents t where ${of('t')} order by t.happened_at, t.id`),
    },
    {
      section: 'orders',
      rows: await rows(sql`
        select t.kind, t.name, t.status, ${moment('t.happened_at')} as at, ${moment('t.ends_at')} as until, t.visit_number as number, ${by('author_id')}, t.instruction, t.source
          from encounters.orders t where ${of('t')} order by t.happened_at, t.id`),
    },
    {
      section: 'procedures',
      rows: await rows(sql`
        select t.code, t.name, t.status, ${moment('t.happened_at')} as at, t.visit_number as number, ${by('doctor_id')}, t.anaesthesia, t.source
          from encounters.procedures t where ${of('t')} order by t.happened_at, t.id`),
    },
    {
      section: 'charges',
      rows: await rows(sql`
        select t.kind, t.name, t.status, t.quantity, t.amount_cents::float8 / 100 as amount, ${moment('t.happened_at')} as at, t.visit_number as number, t.source
          from encounters.charges t where ${of('t')} order by t.happened_at, t.id`),
    },
    {
      section: 'bookings',
      rows: await rows(sql`
        select t.name, t.status, ${moment('t.starts_at')} as at, t.place, t.reason, ${by('doctor_id')}, t.source
          from encounters.bookings t where ${of('t')} order by t.happened_at, t.id`),
    },
  ]
}
