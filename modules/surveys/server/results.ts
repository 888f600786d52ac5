import { addDays, type Input } from '@renxin/kernel'
import { type Context, sql, unveiled, visibleTo } from '@renxin/server'
import {
  type Form,
  hideSmall,
  type Item,
  isFilled,
  isQuestion,
  type Measure,
  netPromoterScore,
  type QuestionResult,
  readForm,
  surveyErrors,
  type surveysApi,
  type Verdict,
} from '../contract.ts'
import { leastShown } from './small-samples.ts'
import { db } from './tables.ts'
import { isOfSeen } from './unseen.ts'

type Api = typeof surveysApi
type Asked = Input<Api['results']>

/** Each question's answers over a time, in the words of the newest version; questions that only older versions had come after. */
export async function questionResults(ctx: Context, asked: Asked) {
  const forms = await formsOf(ctx, asked.questionnaireId)
  const newest = forms[0]
  if (!newest) throw surveyErrors.neverPublished({ id: asked.questionnaireId })
  const items = questionsOf(forms)
  const [groups, n] = [await countAnswers(ctx, asked), await countResponses(ctx, asked)]
  const least = await leastShown(ctx)
  const hidden = await hiddenQuestions(ctx, asked, least)
  const written = items.filter((i) => !isFilled(i)).map((i) => i.linkId) // what the records say is nobody's words
  const { rows: texts } = await newestTexts(ctx, asked, written).execute(ctx.db)
  const questions = items.map((item) =>
    resultOf(
      item,
      groups.filter((g) => g.linkId === item.linkId),
      texts.filter((t) => t.linkId === item.linkId).map((t) => t.text),
      hidden.has(item.linkId) ? null : least,
    ),
  )
  return { title: newest.title.text, n, least, questions }
}

/** The forms of a questionnaire, the newest first. */
export async function formsOf(ctx: Context, questionnaireId: string): Promise<Form[]> {
  const versions = await db(ctx)
    .selectFrom('surveys.versions')
    .where('questionnaireId', '=', questionnaireId)
    .orderBy('number', 'desc')
    .limit(20)
    .select('definition')
    .execute()
  return versions.map((v) => readForm(v.definition))
}

function questionsOf(forms: readonly Form[]): Item[] {
  const questions = new Map<string, Item>()
  for (const form of forms)
    for (const item of form.byLinkId.values()) if (isQuestion(item) && !questions.has(item.linkId)) questions.set(item.linkId, item)
  return [...questions.values()]
}

type Group = {
  linkId: string
  valueCode: string | null
  verdict: Verdict | null
  measure: Measure | null
  label: string | null
  answers: number
  people: number
  scoreSum: number | null
  scores: number
  numberSum: number | null
  numbers: number
  smallest: number | null
  largest: number | null
}

const inRange = (ctx: Context, asked: Asked) =>
  sql`a.day >= ${asked.from}::date and a.day <= ${asked.to}::date and ${isAsked(ctx, asked)}
      and ${isOfSeen(ctx, asked.questionnaireId, 'a.responseId')}`

const isAsked = (ctx: Context, { questionnaireId, departmentId, wardId }: Asked) =>
  sql.join(
    [
      sql`a.questionnaire_id = ${questionnaireId}`,
      visibleTo(ctx.actor, { department: 'a.departmentId', ward: 'a.wardId' }),
      ...(departmentId ? [sql`a.department_id = ${departmentId}`] : []),
      ...(wardId ? [sql`a.ward_id = ${wardId}`] : []),
    ],
    sql` and `,
  )

async function countAnswers(ctx: Context, asked: Asked): Promise<Group[]> {
  const { rows } = await sql<Group>`
    select a.link_id, a.value_code, a.verdict, a.measure, max(a.value_text) filter (where a.value_code is not null) as label,
           count(*) as answers, count(*) filter (where a.nth = 0) as people,
           sum(a.score) as score_sum, count(a.score) as scores,
           sum(a.value_number) as number_sum, count(a.value_number) as numbers, min(a.value_number) as smallest, max(a.value_number) as largest
    from surveys.answers a
    where ${inRange(ctx, asked)}
    group by a.link_id, a.value_code, a.verdict, a.measure
    limit 5000`.execute(ctx.db)
  return rows
}

/** Of each question the newest twenty, by an index of its own. */
export const newestTexts = (ctx: Context, asked: Asked, linkIds: readonly string[]) =>
  sql<{ linkId: string; text: string }>`
    select l.link_id, t.value_text as text
      from unnest(${[...linkIds]}::text[]) with ordinality as l (link_id, place)
      cross join lateral (
        select a.value_text, a.day, a.response_id from surveys.answers a
         where a.link_id = l.link_id and ${inRange(ctx, asked)} and a.value_code is null and a.value_text is not null
         order by a.day desc, a.response_id desc limit 20) t
     order by l.place, t.day desc, t.response_id desc limit 4000`

async function countResponses(ctx: Context, asked: Asked): Promise<number> {
  const [from, until] = [ctx.clock.at(asked.from), ctx.clock.at(addDays(asked.to, 1))]
  const counting = sql<{ n: number }>`
    select count(*) as n from surveys.responses a
    where a.completed_at >= ${from} and a.completed_at < ${until} and a.replaced_by is null and ${isAsked(ctx, asked)}
      and ${isOfSeen(ctx, asked.questionnaireId, 'a.id')}`
  const { rows } = await unveiled(ctx, () => counting.execute(ctx.db)) // the unseen are left out once, and not asked for row by row
  return rows[0]?.n ?? 0
}

type Answered = { linkId: string; departmentId: string; wardId: string; people: number }
const none = sql`'00000000-0000-0000-0000-000000000000'::uuid` // of no department or ward that is known

/**
 * Questions that too few people of the unit answered, or by whose answers such could be reckoned from those of other units: all that the reader may see is
 * looked at, so that no filter tells what another hides.
 */
async function hiddenQuestions(ctx: Context, { departmentId, wardId, ...asked }: Asked, least: number): Promise<ReadonlySet<string>> {
  const { rows } = await sql<Answered>`
    select a.link_id, coalesce(a.department_id, ${none}) as department_id, coalesce(a.ward_id, ${none}) as ward_id,
           (count(*) filter (where a.nth = 0))::int as people
      from surveys.answers a
     where ${inRange(ctx, asked)}
     group by 1, 2, 3`.execute(ctx.db)
  const isHidden = (parts: readonly Answered[]) => {
    const hidden = hideSmall(
      parts.map((p) => ({ group: p.departmentId, counts: [p.people] })),
      least,
    )
    if (wardId) return parts.some((p, at) => p.wardId === wardId && hidden.parts.has(at))
    return departmentId ? hidden.groups.has(departmentId) : hidden.isTotalHidden
  }
  return new Set([...Map.groupBy(rows, (r) => r.linkId)].filter(([, parts]) => isHidden(parts)).map(([linkId]) => linkId))
}

const sum = (numbers: readonly (number | null)[]): number => numbers.reduce<number>((a, b) => a + (b ?? 0), 0)

/** `least`: how many answers there must be; null where it is hidden however many there are. */
function resultOf(item: Item, groups: readonly Group[], texts: readonly string[], least: number | null): QuestionResult {
  const n = sum(groups.map((g) => g.people))
  const head = { linkId: item.linkId, text: item.text.text }
  if (least === null || n < least) return { isHidden: true, ...head }
  const verdicts: Partial<Record<Verdict, number>> = {}
  for (const g of groups) if (g.verdict) verdicts[g.verdict] = (verdicts[g.verdict] ?? 0) + g.answers
  const scores = sum(groups.map((g) => g.scores))
  const numbers = sum(groups.map((g) => g.numbers))
  const found = (pick: (g: Group) => number | null) => groups.map(pick).filter((x) => x !== null)
  return {
    isHidden: false,
    ...head,
    kind: item.kind,
    isFilled: isFilled(item),
    measure: item.measure,
    n,
    options: optionsOf(item, groups, n),
    mean: scores > 0 ? sum(groups.map((g) => g.scoreSum)) / scores : numbers > 0 ? sum(groups.map((g) => g.numberSum)) / numbers : null,
    smallest: numbers > 0 ? Math.min(...found((g) => g.smallest)) : null,
    largest: numbers > 0 ? Math.max(...found((g) => g.largest)) : null,
    verdicts,
    nps:
      item.measure === 'nps'
        ? netPromoterScore({ promoter: verdicts.promoter ?? 0, passive: verdicts.passive ?? 0, detractor: verdicts.detractor ?? 0 })
        : null,
    texts: [...texts],
  }
}

/** The options of the newest version with their counts, then those that only older versions had and somebody chose. */
function optionsOf(item: Item, groups: readonly Group[], n: number) {
  const now =
    item.kind === 'boolean'
      ? ['true', 'false'].map((key) => ({ key, label: key }))
      : item.options.map((o) => ({ key: o.key, label: o.label.text }))
  const former = new Map<string, string>()
  for (const g of groups)
    if (g.valueCode !== null && !now.some((o) => o.key === g.valueCode)) former.set(g.valueCode, g.label ?? g.valueCode)
  return [...now, ...[...former].map(([key, label]) => ({ key, label }))].map(({ key, label }) => {
    const count = sum(groups.filter((g) => g.valueCode === key).map((g) => g.answers))
    return { key, label, count, share: count / n }
  })
}
