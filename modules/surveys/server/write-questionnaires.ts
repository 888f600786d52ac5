import type { Input } from '@renxin/kernel'
import { type Context, sql } from '@renxin/server'
import { type Definition, inspect, isQuestion, type Questionnaire, readForm, surveyErrors, type surveysApi } from '../contract.ts'
import { knownSources } from './fill.ts'
import { currentVersion, getQuestionnaire } from './questionnaires.ts'
import { db } from './tables.ts'

type Api = typeof surveysApi

// A questionnaire is `draft` until it is first published, then `active`; `disabled` is asked no more, and may come back.
// What is written is its draft; publishing makes a version of it, and a version never changes.

export async function inspectDefinition(ctx: Context, { definition }: Input<Api['inspect']>) {
  const { form, findings } = inspect(definition, await knownSources(ctx))
  return { title: form.title.text, questions: [...form.byLinkId.values()].filter(isQuestion).length, findings }
}

export async function createQuestionnaire(ctx: Context, { id, definition }: Input<Api['create']>): Promise<Questionnaire> {
  await insertDraft(ctx, id, definition, null)
  return getQuestionnaire(ctx, { id })
}

export async function saveDraft(ctx: Context, { id, definition, revision }: Input<Api['saveDraft']>): Promise<Questionnaire> {
  const saved = await db(ctx)
    .updateTable('surveys.questionnaires')
    .set({
      draft: definition,
      revision: revision + 1,
      updatedAt: ctx.clock.now(),
      // What is in use keeps its name until the next version is.
      title: sql<string>`case when current_version_id is null then ${titleOf(definition)} else title end`,
    })
    .where('id', '=', id)
    .where('revision', '=', revision)
    .executeTakeFirst()
  const questionnaire = await getQuestionnaire(ctx, { id })
  if (saved.numUpdatedRows === 0n) throw surveyErrors.editedByOthers({ id, revision: questionnaire.revision })
  return questionnaire
}

export async function publishQuestionnaire(ctx: Context, { id, versionId, revision }: Input<Api['publish']>): Promise<Questionnaire> {
  const questionnaire = await getQuestionnaire(ctx, { id })
  if (questionnaire.versions.some((v) => v.id === versionId)) return questionnaire // sent twice, published once
  if (!questionnaire.draft) throw surveyErrors.nothingToPublish({ id })
  const blocking = questionnaire.findings.filter((f) => f.weight === 'blocks')
  if (blocking.length > 0) throw surveyErrors.notPublishable({ id, findings: blocking })
  await insertVersion(ctx, id, versionId, questionnaire.draft, (questionnaire.versions[0]?.number ?? 0) + 1)
  const published = await db(ctx)
    .updateTable('surveys.questionnaires')
    .set({
      draft: null,
      status: 'active',
      currentVersionId: versionId,
      title: titleOf(questionnaire.draft),
      updatedAt: ctx.clock.now(),
    })
    .where('id', '=', id)
    .where('revision', '=', revision)
    .where('draft', 'is not', null)
    .executeTakeFirst()
  if (published.numUpdatedRows === 0n) throw surveyErrors.editedByOthers({ id, revision: questionnaire.revision })
  return getQuestionnaire(ctx, { id })
}

export async function copyQuestionnaire(ctx: Context, { id, newId, title }: Input<Api['copy']>): Promise<Questionnaire> {
  const { draft } = await getQuestionnaire(ctx, { id })
  const { url, id: fhirId, ...definition } = draft ?? (await currentVersion(ctx, id)).definition // its address stays with the original
  await insertDraft(ctx, newId, { ...definition, resourceType: 'Questionnaire', title }, null)
  return getQuestionnaire(ctx, { id: newId })
}

export const disableQuestionnaire = (ctx: Context, { id }: { id: string }): Promise<Questionnaire> => setStatus(ctx, id, 'disabled')
export const enableQuestionnaire = (ctx: Context, { id }: { id: string }): Promise<Questionnaire> => setStatus(ctx, id, 'active')

async function setStatus(ctx: Context, id: string, status: 'active' | 'disabled'): Promise<Questionnaire> {
  const { currentVersionId } = await getQuestionnaire(ctx, { id })
  if (!currentVersionId) throw surveyErrors.neverPublished({ id })
  await db(ctx).updateTable('surveys.questionnaires').set({ status, updatedAt: ctx.clock.now() }).where('id', '=', id).execute()
  return getQuestionnaire(ctx, { id })
}

/** A questionnaire that came with the product, published at once; what the hospital already has under this key stays as it is. Answers whether it is new. */
export async function ensureQuestionnaire(
  ctx: Context,
  key: string,
  ids: { id: string; versionId: string },
  definition: Definition,
): Promise<boolean> {
  const isNew = await insertDraft(ctx, ids.id, definition, key)
  if (!isNew) return false
  await insertVersion(ctx, ids.id, ids.versionId, definition, 1)
  await db(ctx)
    .updateTable('surveys.questionnaires')
    .set({ draft: null, status: 'active', currentVersionId: ids.versionId })
    .where('id', '=', ids.id)
    .execute()
  return true
}

async function insertDraft(ctx: Context, id: string, definition: Definition, key: string | null): Promise<boolean> {
  const made = await db(ctx)
    .insertInto('surveys.questionnaires')
    .values({ id, key, title: titleOf(definition), draft: definition, updatedAt: ctx.clock.now(), currentVersionId: null })
    .onConflict((c) => c.constraint(key === null ? 'questionnaires_pkey' : 'questionnaires_hospital_id_key_key').doNothing())
    .executeTakeFirst()
  return made.numInsertedOrUpdatedRows === 1n
}

async function insertVersion(ctx: Context, questionnaireId: string, id: string, definition: Definition, number: number) {
  await db(ctx)
    .insertInto('surveys.versions')
    .values({
      id,
      questionnaireId,
      number,
      title: titleOf(definition),
      definition: definition,
      publishedAt: ctx.clock.now(),
      publishedBy: ctx.actor.id,
      frozenAt: null,
    })
    .execute()
}

const titleOf = (definition: Definition): string => readForm(definition).title.text.trim().slice(0, 300)
