import type { Input, Page } from '@renxin/kernel'
import { type Context, paged, sql } from '@renxin/server'
import type { BookingCard, ChargeCard, OrderCard, ProcedureCard, RecordCounts, recordsApi } from '../../records-contract.ts'
import { db } from '../tables.ts'
import { chargesShownTo, shownTo, withNames } from './list-records.ts'

type Api = typeof recordsApi

const newestFirst = ['r.happenedAt', 'r.id'] as const
const CRITICAL_DAYS = 30

export async function countRecords(ctx: Context, input: Input<Api['recordCounts']>): Promise<RecordCounts> {
  const shown = await shownTo(ctx, input)
  const charges = await chargesShownTo(ctx, input)
  const since = new Date(ctx.clock.now().getTime() - CRITICAL_DAYS * 86_400_000)
  const { rows } = await sql<Omit<RecordCounts, 'patientId' | 'critical'>>`
    select (select count(*) from encounters.reports r where ${shown} and r.kind = 'laboratory') as laboratory,
           (select count(*) from encounters.reports r where ${shown} and r.kind <> 'laboratory') as examinations,
           (select count(*) from encounters.documents r where ${shown}) as documents,
           (select count(*) from encounters.orders r where ${shown}) as orders,
           (select count(*) from encounters.charges r where ${charges}) as charges,
           (select count(*) from encounters.bookings r where ${shown}) as bookings,
           (select count(*) from encounters.procedures r where ${shown}) as procedures`.execute(ctx.db)
  const critical = await db(ctx)
    .selectFrom('encounters.reports as r')
    .where(shown)
    .where('r.hasCritical', '=', true)
    .where('r.happenedAt', '>=', since)
    .orderBy('r.happenedAt', 'desc')
    .select(['r.id as reportId', 'r.happenedAt as at', 'r.title'])
    .limit(20)
    .execute()
  const none = { laboratory: 0, examinations: 0, documents: 0, orders: 0, charges: 0, bookings: 0, procedures: 0 }
  return { ...none, ...rows[0], patientId: input.patientId, critical: critical.map((c) => ({ ...c, at: c.at.toISOString() })) }
}

export async function listOrders(ctx: Context, input: Input<Api['orders']>): Promise<Page<OrderCard>> {
  const query = db(ctx)
    .selectFrom('encounters.orders as r')
    .where(await shownTo(ctx, input))
  const { rows, next } = await paged(query.selectAll('r'), input, newestFirst, 'desc')
  return { rows: (await withNames(ctx, rows)).map((r) => ({ ...r, ...inText(r), endsAt: r.endsAt?.toISOString() ?? null })), next }
}

/** Of a charge that names no visit the one of its account. */
const visitNumber = sql<string | null>`coalesce(r.visit_number, encounters.visit_of_account(r.account_number))`

export async function listCharges(ctx: Context, input: Input<Api['charges']>): Promise<Page<ChargeCard>> {
  const query = db(ctx)
    .selectFrom('encounters.charges as r')
    .where(await chargesShownTo(ctx, input))
  const { rows, next } = await paged(query.selectAll('r').select(visitNumber.as('visitNumber')), input, newestFirst, 'desc')
  return { rows: (await withNames(ctx, rows)).map((r) => ({ ...r, ...inText(r) })), next }
}

/** What counts of each kind, taken together; a credit is negative already. */
export async function totalCharges(ctx: Context, input: Input<Api['chargeTotals']>) {
  const totals = await db(ctx)
    .selectFrom('encounters.charges as r')
    .where(await chargesShownTo(ctx, input))
    .where('r.status', '=', 'current')
    .groupBy('r.kind')
    .orderBy('r.kind')
    .select(['r.kind', sql<number>`count(*)`.as('count'), sql<number>`coalesce(sum(r.amount_cents), 0)::bigint`.as('amountCents')])
    .execute()
  return { patientId: input.patientId, totals }
}

export async function listBookings(ctx: Context, input: Input<Api['bookings']>): Promise<Page<BookingCard>> {
  const query = db(ctx)
    .selectFrom('encounters.bookings as r')
    .where(await shownTo(ctx, input))
  const { rows, next } = await paged(query.selectAll('r'), input, newestFirst, 'desc')
  return { rows: (await withNames(ctx, rows)).map((r) => ({ ...r, ...inText(r), endsAt: r.endsAt?.toISOString() ?? null })), next }
}

export async function listProcedures(ctx: Context, input: Input<Api['procedures']>): Promise<Page<ProcedureCard>> {
  const query = db(ctx)
    .selectFrom('encounters.procedures as r')
    .where(await shownTo(ctx, input))
  const { rows, next } = await paged(query.selectAll('r'), input, newestFirst, 'desc')
  return { rows: (await withNames(ctx, rows)).map((r) => ({ ...r, ...inText(r) })), next }
}

const inText = (r: { happenedAt: Date }) => ({ happenedAt: r.happenedAt.toISOString() })
