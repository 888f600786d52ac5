import { sql } from '@renxin/server'
import type { ProgrammeCard } from '../contract.ts'

/** Within so many days somebody comes back, or has vanished; analytics counts by the same. */
const DAYS = 30

const zone = sql`(select house.zone())`
const dayOf = (moment: ReturnType<typeof sql>) => sql`(${moment} at time zone ${zone})::date`

export const isStay = sql`c.class in ('inpatient', 'daySurgery')`

/** When the patient of encounter `c` left: a stay at its discharge, any other visit at once, since most are told no end. */
export const leftAt = sql`case when ${isStay} then c.discharged_at else c.admitted_at end`

/** The first moment at which it is known that he has not come back. */
export const vanishedAt = sql`((${dayOf(leftAt)} + ${sql.lit(DAYS + 1)})::timestamp at time zone ${zone})`

/** Whether he was seen as an out-patient on a later day, in whatever department. */
export const cameBack = sql`
  exists (select from encounters.cards later
           where later.patient_id = c.patient_id and later.id <> c.id and later.class = 'outpatient' and later.status in ('inProgress', 'discharged')
             and ${dayOf(sql`later.admitted_at`)} > ${dayOf(leftAt)})`

/** Whether `c` is a stay that ended, or the first visit of its day: for several of one day he is asked once. */
export const hasLeft = sql`
  case when ${isStay} then c.status = 'discharged'
       else c.status in ('inProgress', 'discharged')
            and not exists (select from encounters.cards other
                             where other.patient_id = c.patient_id and other.class = c.class and other.status in ('inProgress', 'discharged')
                               and ${dayOf(sql`other.admitted_at`)} = ${dayOf(leftAt)} and (other.admitted_at, other.id) < (c.admitted_at, c.id)) end`

/** Encounters that may have their anchor since a moment were last changed since this one. */
export const changedSince = (trigger: ProgrammeCard['trigger'], anchor: Date): Date =>
  trigger === 'vanished' ? new Date(anchor.getTime() - (DAYS + 2) * 86_400_000) : anchor
