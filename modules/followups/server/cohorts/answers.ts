import { type Context, sql } from '@renxin/server'
import { describeResponses, getVersion } from '@renxin/surveys'
import { type Answers, answersOf, type Definition, enabledItems, type Form, filledOf, readForm, withFilled } from '@renxin/surveys/contract'
import { db } from './tables.ts'

/** What was answered at one visit, and which questions were in force then. */
export type Answered = {
  questionnaireId: string
  versionId: string
  respondent: string
  answers: Answers
  enabled: ReadonlySet<string>
}
export type Answering = {
  byResponse: ReadonlyMap<string, Answered>
  /** The forms that were answered, and those that are asked today: of each questionnaire the newest version first. */
  forms: ReadonlyMap<string, readonly Form[]>
  formByVersion: ReadonlyMap<string, { form: Form; definition: Definition }>
}

const AT_ONCE = 1000

const currentOf = (ctx: Context, ids: readonly string[]) =>
  db(ctx)
    .selectFrom('surveys.questionnaireCards')
    .where('id', '=', sql<string>`any(${[...ids]}::uuid[])`)
    .select('currentVersionId')
    .execute()

/** Reads these answers, as far as the reader may see whose they are. */
export async function readAnswers(ctx: Context, responseIds: readonly string[], questionnaireIds: readonly string[]): Promise<Answering> {
  const byResponse = new Map<string, Answered>()
  const known = new Map<string, { form: Form; definition: Definition; questionnaireId: string; number: number }>()
  const learn = async (versionId: string) => {
    const found = known.get(versionId)
    if (found) return found.form
    const { definition, questionnaireId, number } = await getVersion(ctx, versionId)
    const form = readForm(definition)
    known.set(versionId, { form, definition, questionnaireId, number })
    return form
  }
  for (const { currentVersionId } of await currentOf(ctx, questionnaireIds)) if (currentVersionId) await learn(currentVersionId)
  for (let from = 0; from < responseIds.length; from += AT_ONCE) {
    const ids = responseIds.slice(from, from + AT_ONCE)
    const cards = await db(ctx)
      .selectFrom('surveys.responseCards')
      .where('id', '=', sql<string>`any(${ids}::uuid[])`)
      .where('patientId', 'is not', null)
      .select(['id', 'questionnaireId', 'versionId', 'respondent'])
      .execute()
    const resources = new Map((await describeResponses(ctx, cards.map((c) => c.id))).map((r) => [r.id, r.resource])) // biome-ignore format: one thought
    for (const { id, questionnaireId, versionId, respondent } of cards) {
      const form = await learn(versionId)
      const resource = resources.get(id)
      const answers = withFilled(form, answersOf(form, resource), filledOf(resource))
      byResponse.set(id, { questionnaireId, versionId, respondent, answers, enabled: enabledItems(form, answers) })
    }
  }
  const forms = Map.groupBy([...known.values()].toSorted((a, b) => b.number - a.number), (k) => k.questionnaireId) // biome-ignore format: one thought
  return { byResponse, forms: new Map([...forms].map(([id, of]) => [id, of.map((k) => k.form)])), formByVersion: known }
}
