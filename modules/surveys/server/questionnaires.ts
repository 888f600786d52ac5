import type { Input, Page } from '@renxin/kernel'
import { type Context, type FileReply, paged } from '@renxin/server'
import {
  type Form,
  inspect,
  type Questionnaire,
  type QuestionnaireCard,
  readForm,
  surveyErrors,
  type surveysApi,
  type Version,
} from '../contract.ts'
import { knownSources } from './fill.ts'
import { db } from './tables.ts'

type Api = typeof surveysApi

export async function listQuestionnaires(
  ctx: Context,
  { status, ...cursor }: Input<Api['questionnaires']>,
): Promise<Page<QuestionnaireCard>> {
  let query = cards(ctx)
  if (status) query = query.where('q.status', '=', status)
  const { rows, next } = await paged(query, cursor, ['q.updatedAt', 'q.id'], 'desc')
  return { rows: rows.map(toCard), next }
}

export async function getQuestionnaire(ctx: Context, { id }: { id: string }): Promise<Questionnaire> {
  const found = await cards(ctx).where('q.id', '=', id).select(['q.draft', 'q.revision']).executeTakeFirst()
  if (!found) throw surveyErrors.questionnaireNotFound({ id })
  const versions = await db(ctx)
    .selectFrom('surveys.versions')
    .where('questionnaireId', '=', id)
    .select(['id', 'number', 'publishedAt', 'frozenAt'])
    .orderBy('number', 'desc')
    .limit(200)
    .execute()
  const shown = found.draft ?? (await currentVersion(ctx, id)).definition
  return {
    ...toCard(found),
    versions: versions.map((v) => ({ ...v, publishedAt: v.publishedAt.toISOString(), frozenAt: v.frozenAt?.toISOString() ?? null })),
    draft: found.draft,
    revision: found.revision,
    findings: inspect(shown, await knownSources(ctx)).findings,
  }
}

/** The questionnaire that came with the product under this key; undefined where the hospital has none. */
export async function findQuestionnaireByKey(ctx: Context, key: string): Promise<QuestionnaireCard | undefined> {
  const found = await cards(ctx).where('q.key', '=', key).executeTakeFirst()
  return found && toCard(found)
}

/** The version that is asked now; refuses where nothing was ever published. */
export async function currentVersion(ctx: Context, questionnaireId: string): Promise<Version> {
  const version = await versions(ctx)
    .innerJoin('surveys.questionnaires as q', 'q.currentVersionId', 'v.id')
    .where('q.id', '=', questionnaireId)
    .executeTakeFirst()
  if (version) return toVersion(version)
  const there = await db(ctx).selectFrom('surveys.questionnaires').where('id', '=', questionnaireId).select('id').executeTakeFirst()
  throw there ? surveyErrors.neverPublished({ id: questionnaireId }) : surveyErrors.questionnaireNotFound({ id: questionnaireId })
}

export async function getVersion(ctx: Context, id: string): Promise<Version> {
  const version = await versions(ctx).where('v.id', '=', id).executeTakeFirst()
  if (!version) throw surveyErrors.versionNotFound({ id })
  return toVersion(version)
}

export async function exportVersion(ctx: Context, { id }: { id: string }): Promise<FileReply> {
  const version = await getVersion(ctx, id)
  const body = Buffer.from(`${JSON.stringify({ ...version.definition, status: 'active' }, null, 2)}\n`)
  return { name: `${version.title || 'questionnaire'}-${version.number}.json`, type: 'application/fhir+json', body }
}

type Known = { questionnaireId: string; form: Form }
const knownForms = new Map<string, Known>()
const mostKnownForms = 200

/** The form of a version, read once: a version never changes. Kept by hospital, so that one cannot be asked for by another. */
export async function formOf(ctx: Context, versionId: string): Promise<Known> {
  const key = `${ctx.hospital.id}:${versionId}`
  const known = knownForms.get(key)
  if (known) return known
  const version = await getVersion(ctx, versionId)
  const made = { questionnaireId: version.questionnaireId, form: readForm(version.definition) }
  const oldest = knownForms.keys().next().value
  if (knownForms.size >= mostKnownForms && oldest !== undefined) knownForms.delete(oldest)
  knownForms.set(key, made)
  return made
}

const cards = (ctx: Context) =>
  db(ctx)
    .selectFrom('surveys.questionnaires as q')
    .leftJoin('surveys.versions as v', 'v.id', 'q.currentVersionId')
    .select(['q.id', 'q.key', 'q.title', 'q.status', 'q.currentVersionId', 'v.number as currentNumber', 'q.updatedAt'])
    .select((e) => e('q.draft', 'is not', null).as('hasDraft'))

type CardRow = Omit<QuestionnaireCard, 'hasDraft' | 'updatedAt'> & { hasDraft: unknown; updatedAt: Date }
const toCard = ({ id, key, title, status, currentVersionId, currentNumber, hasDraft, updatedAt }: CardRow): QuestionnaireCard => ({
  id,
  key,
  title,
  status,
  currentVersionId,
  currentNumber,
  hasDraft: hasDraft === true,
  updatedAt: updatedAt.toISOString(),
})

const versions = (ctx: Context) =>
  db(ctx)
    .selectFrom('surveys.versions as v')
    .select(['v.id', 'v.questionnaireId', 'v.number', 'v.title', 'v.definition', 'v.publishedAt', 'v.frozenAt'])

type VersionRow = Omit<Version, 'publishedAt' | 'frozenAt'> & { publishedAt: Date; frozenAt: Date | null }
const toVersion = (v: VersionRow): Version => ({
  ...v,
  publishedAt: v.publishedAt.toISOString(),
  frozenAt: v.frozenAt?.toISOString() ?? null,
})
