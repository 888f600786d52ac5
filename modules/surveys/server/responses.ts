import { addDays, type Input, type Page } from '@renxin/kernel'
import { showName } from '@renxin/patients'
import type { TimelineEntry } from '@renxin/patients/contract'
import { type Context, paged, sql, visibleTo } from '@renxin/server'
import { answersOf, filledOf, type Response, type ResponseCard, readForm, surveyErrors, type surveysApi, withFilled } from '../contract.ts'
import { showFilled } from './fill.ts'
import { getVersion } from './questionnaires.ts'
import { db } from './tables.ts'

type Api = typeof surveysApi

export async function listResponses(
  ctx: Context,
  { questionnaireId, from, to, departmentId, wardId, ...cursor }: Input<Api['responses']>,
): Promise<Page<ResponseCard>> {
  let query = responses(ctx)
    .where('r.replacedBy', 'is', null)
    .where('r.questionnaireId', '=', questionnaireId)
    .where('r.completedAt', '>=', ctx.clock.at(from))
    .where('r.completedAt', '<', ctx.clock.at(addDays(to, 1)))
  if (departmentId) query = query.where('r.departmentId', '=', departmentId)
  if (wardId) query = query.where('r.wardId', '=', wardId)
  const { rows, next } = await paged(query, cursor, ['r.completedAt', 'r.id'], 'desc')
  return { rows: await named(ctx, rows), next }
}

export async function getResponse(ctx: Context, { id }: { id: string }): Promise<Response> {
  const found = await responses(ctx).where('r.id', '=', id).select('r.resource').executeTakeFirst()
  const [card] = await named(ctx, found ? [found] : [])
  if (!found || !card) throw surveyErrors.responseNotFound({ id })
  const { definition } = await getVersion(ctx, found.versionId)
  const form = readForm(definition)
  const answers = withFilled(form, answersOf(form, found.resource), []) as Response['answers'] // lists of their own
  return { ...card, definition, answers, filled: await showFilled(ctx, form, filledOf(found.resource)) }
}

export async function patientTimeline(ctx: Context, { patientId, ...cursor }: Input<Api['timeline']>): Promise<Page<TimelineEntry>> {
  const query = responses(ctx)
    .where('r.patientId', '=', patientId)
    .where('r.replacedBy', 'is', null)
    .select(
      sql<boolean>`exists (select from surveys.answers a where a.response_id = r.id and a.verdict in ('dissatisfied', 'detractor'))`.as(
        'isUnhappy',
      ),
    )
  const { rows, next } = await paged(query, cursor, ['r.completedAt', 'r.id'], 'desc')
  const titles = await versionsOf(ctx, rows)
  return {
    next,
    rows: rows.map((r) => ({
      id: r.id,
      at: r.completedAt.toISOString(),
      kind: 'response',
      title: titles.get(r.versionId)?.title ?? '',
      patientId: r.patientId,
      link: { page: 'surveys.response', params: { id: r.id } },
      tone: r.isUnhappy ? 'bad' : 'plain',
    })),
  }
}

/** Responses that the reader may see and that are somebody's, also those in whose place others stand now. */
export const responses = (ctx: Context) =>
  db(ctx)
    .selectFrom('surveys.responses as r')
    .where(visibleTo(ctx.actor, { department: 'r.departmentId', ward: 'r.wardId', own: ['r.recordedBy'] }))
    .where('r.patientId', 'is not', null) // what is nobody's counts in the figures and is shown nowhere
    .select(['r.id', 'r.patientId', 'r.encounterId', 'r.questionnaireId', 'r.versionId', 'r.channel', 'r.respondent', 'r.completedAt'])
    .select(['r.wardId', 'r.departmentId', 'r.scoreMean'])
    .$narrowType<{ patientId: string }>()

type Row = Pick<ResponseCard, 'id' | 'patientId' | 'encounterId' | 'questionnaireId' | 'channel' | 'respondent' | 'scoreMean'> & {
  versionId: string
  completedAt: Date
  wardId: string | null
  departmentId: string | null
}

/** With the names that belong to the rows of one page: looked up after the page was cut, so that no join leads the plan away from its index. */
export async function named(ctx: Context, rows: readonly Row[]): Promise<ResponseCard[]> {
  const patients = await db(ctx)
    .selectFrom('patients.cards')
    .where('id', '=', anyOf(rows.map((r) => r.patientId)))
    .select(['id', 'name'])
    .execute()
  const places = rows.flatMap((r) => [r.wardId, r.departmentId]).filter((id) => id !== null)
  const units = await db(ctx).selectFrom('staff.unitCards').where('id', '=', anyOf(places)).select(['id', 'name']).execute()
  const versions = await versionsOf(ctx, rows)
  const nameOf = (id: string | null) => units.find((u) => u.id === id)?.name ?? null
  return rows.map((r) => ({
    id: r.id,
    patientId: r.patientId,
    patientName: showName(ctx, patients.find((p) => p.id === r.patientId)?.name ?? ''),
    encounterId: r.encounterId,
    questionnaireId: r.questionnaireId,
    questionnaireTitle: versions.get(r.versionId)?.title ?? '',
    versionNumber: versions.get(r.versionId)?.number ?? 0,
    channel: r.channel,
    respondent: r.respondent,
    completedAt: r.completedAt.toISOString(),
    wardName: nameOf(r.wardId),
    departmentName: nameOf(r.departmentId),
    scoreMean: r.scoreMean,
  }))
}

async function versionsOf(ctx: Context, rows: readonly { versionId: string }[]) {
  const found = await db(ctx)
    .selectFrom('surveys.versions')
    .where('id', '=', anyOf([...new Set(rows.map((r) => r.versionId))]))
    .select(['id', 'title', 'number'])
    .execute()
  return new Map(found.map((v) => [v.id, v]))
}

const anyOf = (ids: readonly string[]) => sql<string>`any(${ids}::uuid[])`
