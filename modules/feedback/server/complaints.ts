import type { Input, Page } from '@renxin/kernel'
import { type Context, can, openText, paged, sql, withScope } from '@renxin/server'
import { type ComplaintRow, type feedbackApi, feedbackErrors } from '../contract.ts'
import { concerns, opinions, showNames } from './opinions.ts'
import { listRectifications } from './rectifications.ts'
import { openStatuses, urgencyOf, workingDaysLeft } from './rules.ts'
import { db } from './tables.ts'
import { isMine, myUnits, opinionVisible } from './visible.ts'

type Api = typeof feedbackApi
type Shown = Omit<ComplaintRow, 'receivedAt' | 'closedAt'> & { receivedAt: Date; closedAt: Date | null }

/** Open cases, the most urgent first; closed ones, the latest first. */
export async function listComplaints(
  ctx: Context,
  { which, status, unitId, search, ...cursor }: Input<Api['complaints']>,
): Promise<Page<Shown>> {
  let query =
    which === 'closed' ? complaints(ctx).where('n.status', '=', 'closed') : complaints(ctx).where('n.status', 'in', [...openStatuses])
  if (which === 'overdue') query = query.where('n.answerBy', '<', ctx.clock.today())
  if (which === 'toAnswer') query = query.where(waitsForUs(ctx))
  if (status) query = query.where('n.status', '=', status)
  if (unitId) query = query.where(concerns(unitId))
  if (search) {
    const number = search.toUpperCase().replace(/^(?=\d)/, 'TS')
    query = query.where('n.number', '>=', number).where('n.number', '<', `${number}~`)
  }
  const page =
    which === 'closed' ? await paged(query, cursor, ['n.closedAt', 'n.id'], 'desc') : await paged(query, cursor, ['n.answerBy', 'n.id'])
  return { rows: page.rows.map((k) => shown(ctx, k)), next: page.next }
}

export async function countComplaints(ctx: Context) {
  const today = ctx.clock.today()
  const row = await db(ctx)
    .selectFrom('feedback.opinions as o')
    .innerJoin('feedback.complaints as k', 'k.id', 'o.id')
    .where('k.status', 'in', [...openStatuses])
    .where(opinionVisible(ctx))
    .select([
      sql<number>`count(*)::int`.as('open'),
      sql<number>`(count(*) filter (where k.answer_by >= ${today} and k.eve_on <= ${today}))::int`.as('dueSoon'),
      sql<number>`(count(*) filter (where k.answer_by < ${today}))::int`.as('overdue'),
      sql<number>`(count(*) filter (where ${waitsForUs(ctx)}))::int`.as('toAnswer'),
    ])
    .executeTakeFirstOrThrow()
  return row
}

export async function getComplaint(ctx: Context, id: string) {
  const row = await complaints(ctx)
    .where('n.id', '=', id)
    .select(['o.speakerPhone', 'n.days', 'n.outcome', 'n.result', 'n.toldBy', 'n.toldAt'])
    .executeTakeFirst()
  if (!row) throw feedbackErrors.notFound({ id })
  const { speakerPhone, days, outcome, result, toldBy, toldAt, ...rest } = row
  return {
    ...shown(ctx, rest),
    ...{ days, outcome, result, toldBy, toldAt },
    speakerPhone: speakerPhone && can(ctx, 'feedback.handle') ? openText(ctx, speakerPhone) : null,
    answers: await listAnswers(ctx, id, rest.status === 'assigned'),
    rectifications: await listRectifications(ctx, id),
    history: await listHistory(ctx, id),
  }
}

async function listAnswers(ctx: Context, id: string, isAsked: boolean) {
  const rows = await db(ctx)
    .selectFrom('feedback.complaintUnits as a')
    .innerJoin('staff.unitCards as u', 'u.id', 'a.unitId')
    .where('a.complaintId', '=', id)
    .select(['u.id', 'u.name', 'u.kind', 'u.departmentId'])
    .select(['a.assignedAt', 'a.cause', 'a.measure', 'a.answeredAt', 'a.answeredByName', 'a.returnReason'])
    .orderBy('a.assignedAt')
    .orderBy('u.name')
    .limit(50)
    .execute()
  const answering = withScope(ctx.actor, 'feedback.answer')
  return rows.map(({ id: unitId, name, kind, departmentId, ...answer }) => ({
    unit: { id: unitId, name, kind },
    ...answer,
    mayAnswer: isAsked && answering !== undefined && isMine({ actor: answering }, { id: unitId, departmentId }),
  }))
}

const listHistory = (ctx: Context, id: string) =>
  db(ctx)
    .selectFrom('feedback.history as h')
    .leftJoin('staff.unitCards as u', 'u.id', 'h.unitId')
    .where('h.complaintId', '=', id)
    .select(['h.id', 'h.at', 'h.actorName', 'h.kind', 'u.name as unitName', 'h.note'])
    .orderBy('h.at')
    .orderBy('h.seq')
    .limit(500)
    .execute()

/** A unit of ours was asked and has not answered; who sees the whole hospital waits for all. */
const waitsForUs = (ctx: Context) => sql<boolean>`exists (
  select from feedback.complaint_units a where a.complaint_id = o.id and a.answered_at is null
  and ${ctx.actor.scope === 'hospital' ? sql`true` : sql`a.unit_id in ${myUnits(ctx)}`})`

const complaints = (ctx: Context) =>
  opinions(ctx)
    .innerJoin('feedback.complaints as n', 'n.id', 'o.id')
    .select(['n.number', 'n.status', 'n.answerBy', 'n.halfwayOn', 'n.eveOn', 'n.closedAt'])
    .select(
      sql<ComplaintRow['asked']>`coalesce((
        select jsonb_agg(jsonb_build_object('id', u.id, 'name', u.name, 'kind', u.kind, 'hasAnswered', a.answered_at is not null) order by a.assigned_at, u.name)
        from feedback.complaint_units a join staff.unit_cards u on u.id = a.unit_id where a.complaint_id = o.id), '[]')`.as('asked'),
    )

type Row = Awaited<ReturnType<ReturnType<typeof complaints>['executeTakeFirstOrThrow']>>

function shown(ctx: Context, row: Row): Shown {
  const today = ctx.clock.today()
  return {
    ...showNames(ctx, row),
    daysLeft: workingDaysLeft(ctx.clock.calendar, today, row.answerBy),
    urgency: urgencyOf(row, today),
    isAnnounced: ctx.clock.isAnnounced(row.answerBy),
  }
}
