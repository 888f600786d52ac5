import type { Input, Page } from '@renxin/kernel'
import type { TimelineEntry } from '@renxin/patients/contract'
import { type Context, can, paged, sql, visibleTo } from '@renxin/server'
import type { encountersApi } from '../contract.ts'
import { shownTo } from './records/list-records.ts'
import { db } from './tables.ts'

type Moment = {
  id: string
  moment: string
  at: Date
  kind: string
  title: string | null
  text: string | null
  page: string | null
  tone: 'plain' | 'good' | 'bad' | 'warning'
}

/** Visits and records of a patient, newest first, bookings that lie ahead too. Of results only that they are there: no value stands here. */
export async function listTimeline(
  ctx: Context,
  { patientId, ...cursor }: Input<typeof encountersApi.timeline>,
): Promise<Page<TimelineEntry>> {
  const records = await shownTo(ctx, { patientId })
  const told = [visits(ctx, patientId), ends(ctx, patientId), plans(ctx, patientId), bookings(records), procedures(records)]
  if (can(ctx, 'encounters.results')) told.push(reports(records), documents(records))
  const all = sql<Moment>`(${sql.join(told, sql` union all `)})`.as('t')
  const { rows, next } = await paged(db(ctx).selectFrom(all).selectAll(), cursor, ['t.at', 't.id', 't.moment'], 'desc')
  return {
    rows: rows.map((r) => ({
      id: `${r.id}.${r.moment}`,
      at: r.at.toISOString(),
      patientId,
      kind: r.kind,
      title: r.title ?? '',
      text: r.text,
      link: r.page ? { page: r.page, params: { id: r.id } } : null,
      tone: r.tone,
    })),
    next,
  }
}

const visible = (ctx: Context) =>
  visibleTo(ctx.actor, {
    department: 'e.department_id',
    ward: 'e.ward_id',
    ownPerson: ['e.attending_id', 'e.nurse_id'],
    patient: 'e.patient_id',
  })

const ofVisits = (ctx: Context, patientId: string) => sql`
    from encounters.encounters e
    left join staff.unit_cards d on d.id = e.department_id
    left join staff.unit_cards w on w.id = e.ward_id
   where e.patient_id = ${patientId}::uuid and e.merged_into is null and ${visible(ctx)}`

const toneOfVisit = sql`case when e.disposition = '5' then 'bad' else 'plain' end`

const visits = (ctx: Context, patientId: string) => sql`
  select e.id, 'opened' as moment, e.opened_at as at, case when e.status = 'cancelled' then 'cancelled' else e.class end as kind,
         concat_ws(' · ', d.name, w.name) as title, e.main_diagnosis_name as text, 'encounters.stay' as page, ${toneOfVisit} as tone
         ${ofVisits(ctx, patientId)}`

const ends = (ctx: Context, patientId: string) => sql`
  select e.id, 'ended', e.status_at, case when e.disposition = '5' then 'died' else 'discharged' end,
         concat_ws(' · ', d.name, w.name), e.main_diagnosis_name, 'encounters.stay', ${toneOfVisit}
         ${ofVisits(ctx, patientId)} and e.status = 'discharged' and e.class <> 'outpatient'`

/** What is planned stands where it is expected, ahead of everything, or where it was said. */
const plans = (ctx: Context, patientId: string) => sql`
  select e.id, p.kind, coalesce(p.expected_at, p.since), p.kind, p.place, null, 'encounters.stay', 'plain'
    from encounters.encounters e
    left join staff.unit_cards d on d.id = e.department_id
    left join staff.unit_cards w on w.id = e.ward_id
    left join staff.unit_cards n on n.id = e.next_ward_id
   cross join lateral (values
     ('dischargePlanned', e.expected_discharge_at, e.discharge_planned_since, concat_ws(' · ', d.name, w.name)),
     ('transferPlanned', e.transfer_expected_at, e.transfer_planned_since, concat_ws(' → ', w.name, concat_ws(' · ', n.name, e.next_bed)))) as p (kind, expected_at, since, place)
   where e.patient_id = ${patientId}::uuid and e.is_leaving and ${visible(ctx)} and coalesce(p.expected_at, p.since) is not null`

type Condition = Awaited<ReturnType<typeof shownTo>>

const reports = (shown: Condition) => sql`
  select r.id, 'report', r.happened_at, case when r.has_critical then 'criticalValue' when r.status = 'cancelled' then 'reportCancelled' else r.kind end,
         r.title, null, 'encounters.report', case when r.has_critical then 'bad' else 'plain' end
    from encounters.reports r where ${shown}`

const documents = (shown: Condition) => sql`
  select r.id, 'document', r.happened_at, 'document', r.title, null, 'encounters.document', 'plain'
    from encounters.documents r where ${shown} and r.status <> 'cancelled'`

const bookings = (shown: Condition) => sql`
  select r.id, 'booking', r.happened_at, 'booking.' || r.status, r.name, r.place, null, case when r.status = 'noShow' then 'warning' else 'plain' end
    from encounters.bookings r where ${shown}`

const procedures = (shown: Condition) => sql`
  select r.id, 'procedure', r.happened_at, 'procedureDone', r.name, null, null, 'plain'
    from encounters.procedures r where ${shown} and r.status <> 'cancelled'`
