import { houseErrors, type Input, yearsBetween } from '@renxin/kernel'
import { showName } from '@renxin/patients'
import { type Context, paged, sql, visibleTo } from '@renxin/server'
import { type CohortFilter, type CohortTaken, type cohortsApi, programmeErrors } from '../../contract.ts'
import { codesOf } from '../rules.ts'
import { db } from './tables.ts'

type Api = typeof cohortsApi
type Sql = ReturnType<typeof sql>

/** What the actor may see of the visits `c`: nobody is chosen, counted, shown or taken away who is not in it. */
export const seenVisit = (ctx: Context) =>
  visibleTo(ctx.actor, {
    department: 'c.departmentId',
    ward: 'c.wardId',
    ownPerson: ['c.attendingId', 'c.nurseId'],
    patient: 'c.patientId',
  })

/** How a member `m` stands: that he has died is told by his file, `p`. */
export const standingOf = sql`case when p.deceased_at is not null then 'dead' else m.status end`

const within = (column: Sql, ranges: readonly string[]): Sql =>
  sql`(${sql.join(
    ranges.map((range) => {
      const { from, below } = codesOf(range)
      return sql`(${column} collate "C" >= ${from} and ${column} collate "C" < ${below})`
    }),
    sql` or `,
  )})`

/** Discharges `c` of patients `p` in the period. That it is none of an out-patient's is said, since the index by days leaves those out. */
const discharges = (ctx: Context, { classes, from, to }: CohortFilter): Sql => sql`
  encounters.cards c
  join patients.cards p on p.id = c.patient_id
 where c.status = 'discharged' and c.class = any(${classes}) and c.discharged_on between ${from}::date and ${to}::date and p.merged_into is null
   ${classes.includes('outpatient') ? sql`` : sql`and c.class <> 'outpatient'`} and ${seenVisit(ctx)}`

/** Whether the filter takes one of them. */
function isTaken(filter: CohortFilter) {
  const claims: Sql[] = [sql`coalesce(not c.disposition = any(${filter.withoutDispositions}), true)`]
  if (filter.departmentIds.length > 0) claims.push(sql`c.department_id = any(${filter.departmentIds}::uuid[])`)
  if (filter.diagnoses.length > 0) claims.push(hasDiagnosis(filter))
  if (filter.operations.length > 0) claims.push(sql`exists (select from ${operationsOf(filter)})`)
  if (filter.ageFrom !== null) claims.push(sql`p.birth_on <= (c.discharged_on - ${`${filter.ageFrom} years`}::interval)::date`)
  if (filter.ageTo !== null) claims.push(sql`p.birth_on > (c.discharged_on - ${`${filter.ageTo + 1} years`}::interval)::date`)
  if (filter.sex !== null) claims.push(sql`p.sex = ${filter.sex}`)
  return sql<boolean>`coalesce(${sql.join(claims, sql` and `)}, false)`
}

const hasDiagnosis = ({ diagnoses, diagnosesIn }: CohortFilter) =>
  diagnosesIn === 'main'
    ? within(sql`c.main_diagnosis_code`, diagnoses)
    : sql`exists (select from encounters.diagnosis_cards d where d.encounter_id = c.id and ${within(sql`d.code`, diagnoses)})`

/** The operations of visit `c`, as `o`: those that the filter names, or all. */
const operationsOf = ({ operations }: CohortFilter) => sql`
  encounters.procedure_cards o
 where o.patient_id = c.patient_id and o.encounter_id = c.id and o.status = 'current' ${operations.length > 0 ? sql`and ${within(sql`o.code`, operations)}` : sql``}`

/** By which diagnosis (`dx`) and operation (`op`) a visit was taken; its main ones where the filter asks for none. */
const chosenBy = (filter: CohortFilter) => sql`
  cross join lateral (${
    filter.diagnosesIn === 'any' && filter.diagnoses.length > 0
      ? sql`select d.code, d.name from encounters.diagnosis_cards d where d.encounter_id = c.id and ${within(sql`d.code`, filter.diagnoses)} order by d.type, d.rank, d.code limit 1`
      : sql`select c.main_diagnosis_code as code, c.main_diagnosis_name as name`
  }) dx
  left join lateral (select o.code, o.name from ${operationsOf(filter)} order by o.performed_at, o.id limit 1) op on true`

/** Which discharges make the members, as rows of `t`: of each patient the first that the filter takes. */
export const chosenFrom = (ctx: Context, filter: CohortFilter) => sql`
  (select distinct on (c.patient_id) c.id, c.patient_id, c.discharged_on, c.department_id, c.length_of_stay_days, p.sex, p.birth_on
     from ${discharges(ctx, filter)} and ${isTaken(filter)}
    order by c.patient_id, c.discharged_at, c.id) first
  join encounters.cards c on c.id = first.id
  ${chosenBy(filter)}`

/** To filter by what is kept from somebody is to see it. */
export function mustMayFilter(ctx: Context, { diagnoses, operations }: CohortFilter): void {
  if (diagnoses.length + operations.length > 0 && ctx.actor.hidden?.has('diagnosis'))
    throw houseErrors.forbidden({ permission: 'followups.cohorts' })
}

/** Whose permission reaches over a department chooses from that department alone. */
export function mustBeOwnDepartments(ctx: Context, { departmentIds }: CohortFilter): void {
  if (ctx.actor.scope !== 'department') return
  if (departmentIds.length === 0 || !departmentIds.every((d) => ctx.actor.departments.includes(d)))
    throw programmeErrors.notYourDepartment()
}

/** How many the filter takes of how many, and how many patients these are. */
export async function previewCohort(ctx: Context, { what: filter }: Input<Api['cohortPreview']>) {
  mustMayFilter(ctx, filter)
  const { rows } = await sql<{ all: number; matching: number; members: number }>`
    select count(*)::int as all, count(*) filter (where y.taken)::int as matching, count(distinct y.patient_id) filter (where y.taken)::int as members
      from (select c.patient_id, ${isTaken(filter)} as taken from ${discharges(ctx, filter)}) y`.execute(ctx.db)
  return rows[0] ?? { all: 0, matching: 0, members: 0 }
}

type Row = {
  encounterId: string
  patientId: string
  patientName: string
  sex: CohortTaken['sex']
  birthOn: string | null
  departmentName: string | null
  dischargedOn: string
  diagnosisCode: string | null
  diagnosisName: string | null
  operationCode: string | null
  operationName: string | null
}

/** Who would be a member today, with what they would be chosen by. */
export async function listCohortWhom(ctx: Context, { what: filter, ...cursor }: Input<Api['cohortWhom']>) {
  mustMayFilter(ctx, filter)
  const taken = sql<Row>`(
    select c.id as encounter_id, c.patient_id, p.name as patient_name, p.sex, p.birth_on, u.name as department_name, c.discharged_on,
           dx.code as diagnosis_code, dx.name as diagnosis_name, op.code as operation_code, op.name as operation_name
      from ${chosenFrom(ctx, filter)}
      join patients.cards p on p.id = c.patient_id
      left join staff.unit_cards u on u.id = c.department_id)`.as('x')
  const { rows, next } = await paged(db(ctx).selectFrom(taken).selectAll('x'), cursor, ['x.dischargedOn', 'x.encounterId'], 'desc')
  const said = (code: string | null, name: string | null) => (code === null && name === null ? null : { code, name: name ?? '' })
  return {
    next,
    rows: rows.map((r) => ({
      ...r,
      patientName: showName(ctx, r.patientName),
      age: r.birthOn === null ? null : yearsBetween(r.birthOn, r.dischargedOn),
      diagnosis: said(r.diagnosisCode, r.diagnosisName),
      operation: said(r.operationCode, r.operationName),
    })),
  }
}
