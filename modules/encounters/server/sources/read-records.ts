import { type Context, type Found, sql, type Visit } from '@renxin/server'
import type { ReportKind } from '../../records-contract.ts'
import type { OrderKind } from '../records/facts.ts'
import { askedOf, byVisit, found, visitRows } from './asked.ts'

type Done = {
  at: number
  name: string | null
  performedAt: Date | null
  doctor: string | null
  anaesthesia: string | null
  source: string
  number: string
}

/** The operations of the visit, the last one first. */
export async function readOperations(ctx: Context, visits: readonly Visit[], paths: readonly string[]): Promise<Found[][]> {
  const asked = askedOf(paths, 'operation.')
  if (asked.length === 0) return []
  const { rows } = await sql<Done>`
    select v.at::int, p.name, p.performed_at, s.name as doctor, p.anaesthesia, p.source, p.number
      from ${visitRows(visits)}
      join encounters.procedure_cards p on p.patient_id = v.patient_id and p.encounter_id = v.encounter_id and p.status = 'current'
      left join staff.person_cards s on s.id = p.doctor_id
     order by v.at, p.happened_at desc, p.id desc`.execute(ctx.db)
  const grouped = [...Map.groupBy(rows, (r) => r.at)].map(([at, all]) => ({ at, all }))
  return byVisit(visits, grouped, ({ all }) => {
    const [last] = all
    if (!last) return []
    const from = { at: last.performedAt, of: last.name, system: last.source }
    const names = all.toReversed().flatMap((p) => p.name ?? [])
    const content: Readonly<Record<string, string | null | undefined>> = {
      'operation.names': names.join('、'),
      'operation.last': last.name,
      'operation.lastOn': last.performedAt && ctx.clock.dayOf(last.performedAt),
      'operation.lastDoctor': last.doctor,
      'operation.lastAnaesthesia': last.anaesthesia,
    }
    return asked.flatMap(({ path, source }) => found(path, content[source], from))
  })
}

type Ordered = { at: number; kind: OrderKind; list: string; saidAt: Date; source: string }

/** What was ordered for the visit and holds, by its kind. */
export async function readOrders(ctx: Context, visits: readonly Visit[], paths: readonly string[]): Promise<Found[][]> {
  const asked = askedOf(paths, 'order.list')
  if (asked.length === 0) return []
  const { rows } = await sql<Ordered>`
    select v.at::int, o.kind, string_agg(concat_ws(' ', o.name, o.instruction), '；' order by o.happened_at, o.id) as list, max(o.happened_at) as said_at, max(o.source) as source
      from ${visitRows(visits)}
      join encounters.order_cards o on o.patient_id = v.patient_id and o.encounter_id = v.encounter_id
     where o.status in ('active', 'completed') and o.kind = any(${asked.flatMap((a) => a.choice ?? [])}::text[]) and o.name is not null
     group by v.at, o.kind`.execute(ctx.db)
  return byVisit(visits, rows, (r) =>
    asked.filter((a) => a.choice === r.kind).flatMap(({ path }) => found(path, r.list, { at: r.saidAt, of: null, system: r.source })),
  )
}

type Booked = { at: number; name: string | null; startsAt: Date; source: string }

/** The next appointment of the patient from now on. */
export async function readBookings(ctx: Context, visits: readonly Visit[], paths: readonly string[]): Promise<Found[][]> {
  const asked = askedOf(paths, 'booking.')
  if (asked.length === 0) return []
  const { rows } = await sql<Booked>`
    select v.at::int, b.name, b.starts_at, b.source
      from ${visitRows(visits)}
     cross join lateral (
       select name, starts_at, source from encounters.booking_cards
        where patient_id = v.patient_id and happened_at >= ${ctx.clock.now()} and status = 'booked' and starts_at is not null
        order by happened_at, id limit 1) b`.execute(ctx.db)
  return byVisit(visits, rows, (r) =>
    asked.flatMap(({ path, source }) =>
      found(path, source === 'booking.nextAt' ? r.startsAt.toISOString() : r.name, { at: null, of: r.name, system: r.source }),
    ),
  )
}

type Reported = {
  at: number
  kind: ReportKind
  isOfVisit: boolean
  title: string | null
  findings: string | null
  conclusion: string | null
  happenedAt: Date
  source: string
}

/** The latest report of each kind that is asked for: of the visit, and of any visit. */
export async function readReports(ctx: Context, visits: readonly Visit[], paths: readonly string[]): Promise<Found[][]> {
  const asked = askedOf(paths, 'report.')
  if (asked.length === 0) return []
  const { rows } = await sql<Reported>`
    select distinct on (v.at, r.kind, is_of_visit) v.at::int, r.kind, r.encounter_id is not distinct from v.encounter_id and v.encounter_id is not null as is_of_visit,
           r.title, r.findings, r.conclusion, r.happened_at, r.source
      from ${visitRows(visits)}
      join encounters.report_cards r on r.patient_id = v.patient_id
     where r.status in ('preliminary', 'final', 'corrected') and r.kind = any(${asked.flatMap((a) => a.choice ?? [])}::text[])
     order by v.at, r.kind, is_of_visit, r.happened_at desc, r.id desc`.execute(ctx.db)
  const grouped = [...Map.groupBy(rows, (r) => r.at)].map(([at, all]) => ({ at, all }))
  return byVisit(visits, grouped, ({ all }) =>
    asked.flatMap(({ path, source, choice }) => {
      const ofKind = all.filter((r) => r.kind === choice)
      const report = source === 'report.latestConclusion' ? latest(ofKind) : ofKind.find((r) => r.isOfVisit)
      if (!report) return []
      const content = source === 'report.findings' ? report.findings : report.conclusion
      return found(path, content, { at: report.happenedAt, of: report.title, system: report.source })
    }),
  )
}

const latest = (all: readonly Reported[]): Reported | undefined =>
  all.toSorted((a, b) => b.happenedAt.getTime() - a.happenedAt.getTime())[0]
