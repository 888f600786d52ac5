import type { Input } from '@renxin/kernel'
import { type Context, sql } from '@renxin/server'
import {
  type Definition,
  fhirUrls,
  isFilled,
  isQuestion,
  type Questionnaire,
  type QuestionnaireCard,
  readForm,
  surveyErrors,
  type surveysApi,
  type TemplateCard,
} from '../contract.ts'
import { type DiseaseTemplate, diseaseTemplates } from './presets/diseases.ts'
import { findQuestionnaireByKey, getQuestionnaire } from './questionnaires.ts'
import { ensureQuestionnaire, saveDraft } from './write-questionnaires.ts'

type Api = typeof surveysApi
type Taken = Pick<QuestionnaireCard, 'id' | 'status' | 'currentNumber' | 'hasDraft'> & { key: string; edition: string | null }

/** The disease templates that came with the product, each with what the hospital made of it. */
export async function listTemplates(ctx: Context): Promise<{ rows: TemplateCard[] }> {
  const taken = await takenOf(ctx, [...diseaseTemplates.keys()])
  return { rows: [...diseaseTemplates.values()].map((template) => cardOf(template, taken)) }
}

export async function getTemplate(ctx: Context, { key }: { key: string }): Promise<TemplateCard & { definition: Definition }> {
  const template = templateOf(key)
  return { ...cardOf(template, await takenOf(ctx, [key])), definition: template.definition }
}

export async function takeTemplate(ctx: Context, { key, id, versionId }: Input<Api['takeTemplate']>): Promise<Questionnaire> {
  const { definition } = templateOf(key)
  await ensureQuestionnaire(ctx, key, { id, versionId }, definition)
  const card = await findQuestionnaireByKey(ctx, key)
  return getQuestionnaire(ctx, { id: card?.id ?? id })
}

export async function renewTemplate(ctx: Context, { key, revision }: Input<Api['renewTemplate']>): Promise<Questionnaire> {
  const { definition } = templateOf(key)
  const card = await findQuestionnaireByKey(ctx, key)
  if (!card) throw surveyErrors.templateNotTaken({ key })
  if (card.hasDraft) throw surveyErrors.draftInTheWay({ key })
  return saveDraft(ctx, { id: card.id, definition, revision })
}

function templateOf(key: string): DiseaseTemplate {
  const template = diseaseTemplates.get(key)
  if (!template) throw surveyErrors.templateNotFound({ key })
  return template
}

function cardOf({ file, definition }: DiseaseTemplate, taken: ReadonlyMap<string, Taken>): TemplateCard {
  const { key, title, specialty, about, edition } = file
  const form = readForm(definition)
  const items = [...form.byLinkId.values()].filter(isQuestion)
  const own = taken.get(key)
  return {
    key,
    title,
    specialty,
    about,
    edition,
    questions: items.filter((i) => !isFilled(i)).length,
    filled: items.filter(isFilled).length,
    bases: form.bases.map((b) => ({ ...b })),
    taken: own ? { id: own.id, status: own.status, currentNumber: own.currentNumber, hasDraft: own.hasDraft, edition: Number(own.edition) || null } : null,
  } // biome-ignore format: a card
}

const editionIn = `$.extension[*] ? (@.url == "${fhirUrls.edition}").valueInteger`

/** What the hospital has under these keys, and which edition it goes back to: that of what is being written, else of what is asked. */
async function takenOf(ctx: Context, keys: readonly string[]): Promise<ReadonlyMap<string, Taken>> {
  const { rows } = await sql<Taken>`
    select q.key, q.id, q.status, v.number as current_number, q.draft is not null as has_draft,
           jsonb_path_query_first(coalesce(q.draft, v.definition), ${editionIn}::jsonpath)::text as edition
      from surveys.questionnaires q left join surveys.versions v on v.id = q.current_version_id
     where q.key = any(${[...keys]}::text[])`.execute(ctx.db)
  return new Map(rows.map((r) => [r.key, r]))
}
