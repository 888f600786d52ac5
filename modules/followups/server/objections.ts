import { sql } from '@renxin/server'
import { cameBack, isStay, leftAt, vanishedAt } from './vanished.ts'

type Sql = ReturnType<typeof sql>

/** The moment from which the offsets of version `v` count, for encounter `c`. */
export const anchorNow = sql`
  case v.trigger when 'discharged' then c.discharged_at when 'vanished' then ${vanishedAt} else c.admitted_at end`

/** A stay of the same patient as encounter `c` that began after `anchor`; what it must be besides. */
const laterStay = (anchor: Sql, is: Sql) => sql`
  exists (select from encounters.cards later
           where later.patient_id = c.patient_id and later.id <> c.id and later.class in ('inpatient', 'daySurgery')
             and ${is} and later.admitted_at >= ${anchor})`

/** Whether the patient of encounter `c` was taken in again since. */
export const isReadmitted = (anchor: Sql) => laterStay(anchor, sql`later.status in ('inProgress', 'discharged')`)
/** Whether he lies here now. */
const isIn = (anchor: Sql) => laterStay(anchor, sql`later.status = 'inProgress'`)

/** Why an encounter is none that its version was for, or no longer; null where it is. */
export const disqualified = (encounter: string, version: string) => {
  const c = (column: string) => sql.ref(`${encounter}.${column}`)
  const v = (column: string) => sql.ref(`${version}.${column}`)
  return sql<string | null>`
    case when ${c('status')} in ('cancelled', 'planned') then 'encounterCancelled'
         when not ${v('rule')} -> 'classes' ? ${c('class')} then 'classChanged'
         when ${v('trigger')} = 'discharged' and ${c('status')} <> 'discharged' then 'dischargeCancelled'
         when ${v('trigger')} = 'discharged' and ${v('onTransfer')} = 'stop' and ${c('disposition')} in ('2', '3')
              and ${v('rule')} -> 'withoutDispositions' ? ${c('disposition')} then 'transferred' end`
}

/** What the state of encounter `c` and patient `p` says against task `t` of step `s`, enrolment `e` and version `v`; null where nothing does. */
export const objection = sql<string | null>`
  coalesce(
    case when v.on_death = 'stop' and (p.deceased_at is not null or c.disposition = '5') then 'died' end,
    ${disqualified('c', 'v')},
    case when v.trigger = 'vanished' and ${isStay} and c.status <> 'discharged' then 'dischargeCancelled'
         when v.trigger = 'vanished' and c.disposition in ('2', '3') and v.rule -> 'withoutDispositions' ? c.disposition then 'transferred'
         when v.trigger = 'vanished' and ${isReadmitted(leftAt)} then 'readmitted'
         when v.trigger = 'vanished' and ${cameBack} then 'cameBack' end,
    case when v.trigger = 'admitted' and c.status = 'discharged' and t.channel = 'bedside' then 'discharged'
         when s.variant <> e.variant then 'departmentChanged'
         when e.left_as is not null then 'leftStudy'
         when e.continues is not null then 'continued'
         when v.trigger <> 'admitted' and v.on_return in ('anew', 'stop') and ${isReadmitted(anchorNow)} then 'readmitted'
         when v.trigger <> 'admitted' and v.on_return = 'pause' and ${isIn(anchorNow)} then 'paused' end)`

/** The tasks `t` of these patients with all that `objection` looks at. */
export const tasksOf = (patientIds: readonly string[]) => sql`
  followups.tasks t
  join followups.enrolments e on e.encounter_id = t.encounter_id and e.programme_id = t.programme_id
  join followups.versions v on v.id = t.version_id
  join followups.steps s on s.version_id = t.version_id and s.position = t.step
  join encounters.cards c on c.id = t.encounter_id
  join patients.cards p on p.id = t.patient_id
  where t.patient_id = any(${[...patientIds]}::uuid[])`

/** Reasons that a later message may take back; what a person closed stays closed. */
export const withdrawable = [
  'died',
  'readmitted',
  'cameBack',
  'paused',
  'continued',
  'transferred',
  'departmentChanged',
  'leftStudy',
  'dischargeCancelled',
  'encounterCancelled',
  'discharged',
  'classChanged',
]
/** Of those, the ones for which the visit itself stood as it was. */
export const besideTheVisit = ['died', 'readmitted', 'cameBack', 'paused', 'continued', 'transferred', 'departmentChanged', 'leftStudy']

/** Versions `w` by which one visit of a patient may have to do with another of his: it joins its course, or takes its place. */
export const mayHaveCourses = sql<boolean>`(w.on_return in ('stop', 'pause') or w.on_return = 'anew' and w.trigger = 'visited')`
