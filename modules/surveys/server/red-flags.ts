import { type Context, sql } from '@renxin/server'
import { answersOf, raisedFlags, type Severity } from '../contract.ts'
import { formOf } from './questionnaires.ts'
import { db } from './tables.ts'

/** A rule of a version that answers made hold, in the words and the language of that version. */
export type RaisedByAnswers = {
  ruleId: string
  severity: Severity
  title: string
  say: string
  tell: string
  deadlineMinutes: number | null
  /** What was asked, and what was answered. */
  because: { question: string; answers: (string | boolean)[] }[]
}

export type FlaggedResponse = { responseId: string; versionId: string; raised: RaisedByAnswers[] }

/**
 * The red flags that recorded answers raise by the rules of the version they were given to; of those that raise none, nothing. Reckoned from the answers as they are
 * kept, so it says the same whenever it is asked.
 */
export async function flaggedResponses(ctx: Context, responseIds: readonly string[]): Promise<FlaggedResponse[]> {
  if (responseIds.length === 0) return []
  const given = await db(ctx)
    .selectFrom('surveys.responses')
    .where('id', '=', sql<string>`any(${[...responseIds]}::uuid[])`)
    .select(['id', 'versionId'])
    .execute()
  const judged = new Set<string>()
  for (const versionId of new Set(given.map((r) => r.versionId)))
    if ((await formOf(ctx, versionId)).form.redFlags.length > 0) judged.add(versionId)
  const wanted = given.filter((r) => judged.has(r.versionId)).map((r) => r.id) // most questionnaires have no rule: their answers are not read
  if (wanted.length === 0) return []
  const answered = await db(ctx)
    .selectFrom('surveys.responses')
    .where('id', '=', sql<string>`any(${wanted}::uuid[])`)
    .select(['id', 'versionId', 'resource'])
    .execute()
  const found: FlaggedResponse[] = []
  for (const { id, versionId, resource } of answered) {
    const raised = await raisedBy(ctx, versionId, resource)
    if (raised.length > 0) found.push({ responseId: id, versionId, raised })
  }
  return found
}

async function raisedBy(ctx: Context, versionId: string, resource: object): Promise<RaisedByAnswers[]> {
  const { form } = await formOf(ctx, versionId) // kept since it was read above
  const answers = answersOf(form, resource)
  const words = (linkId: string) => {
    const item = form.byLinkId.get(linkId)
    const given = (answers[linkId] ?? []).map((v) => {
      if (typeof v === 'boolean') return v
      if (typeof v === 'object') return v.other
      return item?.options.find((o) => o.key === v)?.label.text ?? `${v}${item?.unit?.label ?? ''}`
    })
    return { question: item?.text.text ?? linkId, answers: given }
  }
  return raisedFlags(form, answers).map(({ flag, because }) => ({
    ruleId: flag.id,
    severity: flag.severity,
    title: flag.title.text,
    say: flag.say.text,
    tell: flag.tell.text,
    deadlineMinutes: flag.deadlineMinutes,
    because: because.map(words),
  }))
}
