import { addDays, type Input, type Page } from '@renxin/kernel'
import { showName } from '@renxin/patients'
import type { TimelineEntry } from '@renxin/patients/contract'
import { type Context, can, paged, sql } from '@renxin/server'
import { type feedbackApi, feedbackErrors, type Opinion, type OpinionKind } from '../contract.ts'
import { db } from './tables.ts'
import { opinionVisible } from './visible.ts'

type Api = typeof feedbackApi
type Shown = Omit<Opinion, 'receivedAt' | 'withdrawnAt'> & { receivedAt: Date; withdrawnAt: Date | null }

export async function listOpinions(ctx: Context, input: Input<Api['list']>): Promise<Page<Shown>> {
  const { kind, categoryId, unitId, personId, patientId, source, important, from, to, ...cursor } = input
  let query = opinions(ctx).where('o.withdrawnAt', 'is', null)
  if (kind) query = query.where('o.kind', '=', kind)
  if (categoryId) query = query.where('o.categoryId', '=', categoryId)
  if (patientId) query = query.where('o.patientId', '=', patientId)
  if (source) query = query.where('o.source', '=', source)
  if (important !== undefined) query = query.where('o.isImportant', '=', important)
  if (from) query = query.where('o.receivedAt', '>=', ctx.clock.at(from))
  if (to) query = query.where('o.receivedAt', '<', ctx.clock.at(addDays(to, 1)))
  if (personId)
    query = query.where(
      sql<boolean>`exists (select from feedback.opinion_people x where x.opinion_id = o.id and x.person_id = ${personId})`,
    )
  if (unitId) query = query.where(concerns(unitId))
  const { rows, next } = await paged(query, cursor, ['o.receivedAt', 'o.id'], 'desc')
  return { rows: rows.map((o) => shown(ctx, o)), next }
}

export async function getOpinion(ctx: Context, id: string): Promise<Shown> {
  const opinion = await opinions(ctx).where('o.id', '=', id).executeTakeFirst()
  if (!opinion) throw feedbackErrors.notFound({ id })
  return shown(ctx, opinion)
}

const tones: Record<OpinionKind, TimelineEntry['tone']> = { praise: 'good', complaint: 'bad', suggestion: 'plain', remark: 'plain' }

export async function listTimeline(ctx: Context, { patientId, ...cursor }: Input<Api['timeline']>): Promise<Page<TimelineEntry>> {
  const query = opinions(ctx).where('o.patientId', '=', patientId).where('o.withdrawnAt', 'is', null)
  const { rows, next } = await paged(query, cursor, ['o.receivedAt', 'o.id'], 'desc')
  return {
    rows: rows.map((o) => ({
      id: o.id,
      at: o.receivedAt.toISOString(),
      kind: o.kind,
      title: [o.category, ...o.units.map((u) => u.name), o.complaintNumber].filter((part) => part).join(' · '),
      text: o.text || null,
      patientId,
      link: o.complaintNumber ? { page: 'feedback.complaint', params: { id: o.id } } : null,
      tone: tones[o.kind],
    })),
    next,
  }
}

/** Of a unit, or of a ward in that department. */
export const concerns = (unitId: string) => sql<boolean>`exists (
  select from feedback.opinion_units x join staff.unit_cards u on u.id = x.unit_id
  where x.opinion_id = o.id and (u.id = ${unitId} or u.department_id = ${unitId}))`

/** Opinions as the actor may see them, with everything that a list shows. */
export const opinions = (ctx: Context) =>
  db(ctx)
    .selectFrom('feedback.opinions as o')
    .leftJoin('feedback.categories as c', 'c.id', 'o.categoryId')
    .leftJoin('patients.cards as p', 'p.id', 'o.patientId')
    .leftJoin('feedback.complaints as k', 'k.id', 'o.id')
    .where(opinionVisible(ctx))
    .select([
      'o.id',
      'o.kind',
      'o.categoryId',
      'c.name as category',
      'o.grade',
      'o.isImportant',
      'o.text',
      'o.patientId',
      'p.name as patientName',
      'o.encounterId',
      'o.source',
      'o.receivedAt',
      'o.recordedBy',
      'o.recordedByName',
      'o.speakerName',
      'o.withdrawnAt',
      'k.number as complaintNumber',
      'k.status as complaintStatus',
    ])
    .select([
      sql<Opinion['units']>`coalesce((
        select jsonb_agg(jsonb_build_object('id', u.id, 'name', u.name, 'kind', u.kind) order by u.kind, u.name)
        from feedback.opinion_units x join staff.unit_cards u on u.id = x.unit_id where x.opinion_id = o.id), '[]')`.as('units'),
      sql<Opinion['people']>`coalesce((
        select jsonb_agg(jsonb_build_object('id', u.id, 'name', u.name) order by u.name)
        from feedback.opinion_people x join staff.person_cards u on u.id = x.person_id where x.opinion_id = o.id), '[]')`.as('people'),
    ])

type Names = { patientName: string | null; speakerName: string | null }

/** Whoever may not see the patients' names does not see those of their relatives either. */
export const showNames = <T extends Names>(ctx: Context, row: T): T => ({
  ...row,
  patientName: row.patientName === null ? null : showName(ctx, row.patientName),
  speakerName: row.speakerName === null || can(ctx, 'feedback.handle') ? row.speakerName : showName(ctx, row.speakerName),
})

type Row = Awaited<ReturnType<ReturnType<typeof opinions>['executeTakeFirstOrThrow']>>

function shown(ctx: Context, { recordedBy, complaintNumber, complaintStatus, ...row }: Row): Shown {
  return {
    ...showNames(ctx, row),
    isOwn: recordedBy === ctx.actor.id,
    complaint: complaintNumber && complaintStatus ? { number: complaintNumber, status: complaintStatus } : null,
  }
}
