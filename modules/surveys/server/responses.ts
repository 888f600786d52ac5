import { addDays, type Input, type Page } from '@renxin/kernel'
import { showName } from '@renxin/patients'
import type { TimelineEntry } from '@renxin/patients/contract'
import { type Context, paged, sql, visibleTo } from '@renxin/server'
import { answersOf, type Response, type ResponseCard, readForm, surveyErrors, type surveysApi } from '../contract.ts'
import { getVersion } from './questionnaires.ts'
import { db } from './tables.ts'

type Api = typeof surveysApi

const places = { department: 'r.departmentId', ward: 'r.wardId', own: ['r.recordedBy'] }

export async function listResponses(ctx: Context, { questionnaireId, from, to, departmentId, wardId, ...cursor }: Input<Api['responses']>) {
  let query = cards(ctx)
    .where('r.questionnaireId', '=', questionnaireId)
    .where('r.completedAt', '>=', ctx.clock.at(from))
    .where('r.completedAt', '<', ctx.clock.at(addDays(to, 1)))
  if (departmentId) query = query.where('r.departmentId', '=', departmentId)
  if (wardId) query = query.where('r.wardId', '=', wardId)
  const { rows, next } = await paged(query, cursor, ['r.completedAt', 'r.id'], 'desc')
  return { rows: rows.map((r) => toCard(ctx, r)), next }
}

export async function getResponse(ctx: Context, { id }: { id: string }): Promise<Response> {
  const card = await cards(ctx).where('r.id', '=', id).select('r.versionId').executeTakeFirst()
  if (!card) throw surveyErrors.responseNotFound({ id })
  const { definition } = await getVersion(ctx, card.versionId)
  const { resource } = await db(ctx).selectFrom('surveys.responses').where('id', '=', id).select('resource').executeTakeFirstOrThrow()
  return { ...toCard(ctx, card), definition, answers: answersOf(readForm(definition), resource) }
}

export async function patientTimeline(ctx: Context, { patientId, ...cursor }: Input<Api['timeline']>): Promise<Page<TimelineEntry>> {
  const query = cards(ctx)
    .where('r.patientId', '=', patientId)
    .select(
      sql<boolean>`exists (select from surveys.answers a where a.response_id = r.id and a.verdict in ('dissatisfied', 'detractor'))`.as(
        'isUnhappy',
      ),
    )
  const { rows, next } = await paged(query, cursor, ['r.completedAt', 'r.id'], 'desc')
  return {
    next,
    rows: rows.map((r) => ({
      id: r.id,
      at: r.completedAt.toISOString(),
      kind: 'response',
      title: r.questionnaireTitle,
      patientId: r.patientId,
      link: { page: 'surveys.response', params: { id: r.id } },
      tone: r.isUnhappy ? 'bad' : 'plain',
    })),
  }
}

const cards = (ctx: Context) =>
  db(ctx)
    .selectFrom('surveys.responseCards as r')
    .innerJoin('patients.cards as p', 'p.id', 'r.patientId')
    .leftJoin('staff.unitCards as w', 'w.id', 'r.wardId')
    .leftJoin('staff.unitCards as d', 'd.id', 'r.departmentId')
    .where(visibleTo(ctx.actor, places))
    .select([
      'r.id',
      'r.patientId',
      'p.name as patientName',
      'r.encounterId',
      'r.questionnaireId',
      'r.questionnaireTitle',
      'r.versionNumber',
    ])
    .select(['r.channel', 'r.respondent', 'r.completedAt', 'w.name as wardName', 'd.name as departmentName', 'r.scoreMean'])

type CardRow = Omit<ResponseCard, 'completedAt'> & { completedAt: Date }
const toCard = (ctx: Context, r: CardRow): ResponseCard => ({
  id: r.id,
  patientId: r.patientId,
  patientName: showName(ctx, r.patientName),
  encounterId: r.encounterId,
  questionnaireId: r.questionnaireId,
  questionnaireTitle: r.questionnaireTitle,
  versionNumber: r.versionNumber,
  channel: r.channel,
  respondent: r.respondent,
  completedAt: r.completedAt.toISOString(),
  wardName: r.wardName,
  departmentName: r.departmentName,
  scoreMean: r.scoreMean,
})
