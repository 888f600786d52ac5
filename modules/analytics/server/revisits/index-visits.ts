import { type Context, sql } from '@renxin/server'
import { unknownUnit } from '../tables.ts'

/** Within so many days after an index visit the patient comes back, or does not. */
export const revisitDays = 30

/** What a visit counts for, in the order of the columns of `analytics.revisits`. */
export const revisitColumns = sql`
  encounter_id, patient_id, kind, day, department_id, ward_id, doctor_id, chapter, sex, age_band, stay_band, left_out, came_on`

/**
 * Every index visit of the patients whom `which` lets through (over encounter `e`), with what became of it.
 *
 * An index is a stay that ended (in-patient, day surgery; its day is that of the discharge), or an out-patient's visit: of several in one department on one day
 * the first. Visits are whose they are today, so files that were merged are one person. He came back where he was seen as an out-patient, in whatever department,
 * from the day after to the thirtieth day. Left out are, in this order: who died in the stay or within the 30 days; who was handed over to another hospital or to
 * the community (disposition 2 and 3); who was taken in again after it, within the 30 days.
 */
export const indexVisits = ({ hospital: { zone } }: Context, which: ReturnType<typeof sql>) => {
  const dayOf = (moment: string) => sql`(${sql.ref(moment)} at time zone ${zone})::date`
  return sql`
    select i.id as encounter_id, i.patient_id, i.kind, i.day, i.department_id, i.ward_id, i.doctor_id, analytics.chapter_of(i.main_diagnosis_code) as chapter,
           p.sex, ${ageBand} as age_band, ${stayBand} as stay_band,
           case when i.disposition = '5' or ${dayOf('p.deceasedAt')} <= i.day + ${sql.lit(revisitDays)} then 'died'
                when i.disposition in ('2', '3') then 'transferred'
                when i.admitted_on is not null or i.admitted_that_day > i.at then 'readmitted' end as left_out,
           i.came_on
      from (
        select v.*, min(v.visit_on) over later as came_on, min(v.stay_on) over later as admitted_on, max(v.stay_from) over that_day as admitted_that_day
          from (
            select ${visitFields}, 'discharged' as kind, e.discharged_on as day, e.discharged_at as at, true as is_index,
                   null::date as visit_on, null::date as stay_on, null::timestamptz as stay_from
              from encounters.cards e where ${which} and e.status = 'discharged' and e.class in ('inpatient', 'daySurgery')
            union all
            select ${visitFields}, 'stay', ${dayOf('e.admittedAt')}, e.admitted_at, false, null, ${dayOf('e.admittedAt')}, e.admitted_at
              from encounters.cards e
             where ${which} and e.status in ('inProgress', 'discharged') and e.class in ('inpatient', 'daySurgery') and e.admitted_at is not null
            union all
            select ${visitFields}, 'outpatient', ${dayOf('e.admittedAt')}, e.admitted_at,
                   row_number() over (partition by e.patient_id, e.department_id, ${dayOf('e.admittedAt')} order by e.admitted_at, e.id) = 1,
                   ${dayOf('e.admittedAt')}, null, null
              from encounters.cards e
             where ${which} and e.status in ('inProgress', 'discharged') and e.class = 'outpatient' and e.admitted_at is not null
          ) v
        window later as (partition by v.patient_id order by v.day range between '1 day' following and ${sql.lit(`${revisitDays} days`)}::interval following),
               that_day as (partition by v.patient_id order by v.day range between current row and current row)
      ) i
      join patients.cards p on p.id = i.patient_id
     where i.is_index`
}

const visitFields = sql`
  e.id, e.patient_id, coalesce(e.department_id, ${unknownUnit}) as department_id, coalesce(e.ward_id, ${unknownUnit}) as ward_id,
  coalesce(e.attending_id, ${unknownUnit}) as doctor_id, e.main_diagnosis_code, e.disposition, e.length_of_stay_days`

const ageBand = sql`
  case when p.birth_on is null or p.birth_on > i.day then 0
       when p.birth_on > i.day - interval '15 years' then 1
       when p.birth_on > i.day - interval '45 years' then 2
       when p.birth_on > i.day - interval '60 years' then 3
       when p.birth_on > i.day - interval '75 years' then 4
       else 5 end::smallint`

const stayBand = sql`
  case when i.kind = 'outpatient' or i.length_of_stay_days is null then 0
       when i.length_of_stay_days <= 3 then 1
       when i.length_of_stay_days <= 7 then 2
       when i.length_of_stay_days <= 14 then 3
       else 4 end::smallint`
