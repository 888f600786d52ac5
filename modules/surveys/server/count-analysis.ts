import { type Context, sql, visibleTo } from '@renxin/server'
import { ageBands, type Item, questionOf } from '../contract.ts'
import { isOfSeen } from './unseen.ts'

type Sql<T> = ReturnType<typeof sql<T>>

/** How the answers to one question are looked at, once its items are found. */
export type Look = { item: Item; by: string | null; byItem: Item | undefined }
export type Asked = { questionnaireId: string; from: string; to: string; departmentId?: string | undefined }

export type Counted = {
  departmentId: string
  wardId: string
  /** The value of the dimension; '' where it is not known, or not answered. */
  key: string
  /** The option that was chosen; '' for a number, `#other` for words beside the options. */
  code: string
  people: number
  answers: number
  /** The same, each person once, where one stands under several values of the dimension. */
  heads: number
  headAnswers: number
  total: number | null
  numbers: number
  headTotal: number | null
  headNumbers: number
  smallest: number | null
  largest: number | null
}

const none = sql`'00000000-0000-0000-0000-000000000000'::uuid`
export const otherCode = '#other'

/** The answers to a question, told apart by ward, by the dimension and by what was said: all that the reader may see in that time. */
export const counting = (ctx: Context, asked: Asked, look: Look) => {
  const { joins, key, isOnce } = dimensionOf(look)
  const value = numberOf(look.item)
  return sql<Counted>`
    select coalesce(a.department_id, ${none}) as department_id, coalesce(a.ward_id, ${none}) as ward_id, coalesce(${key}, '') as key, ${codeOf(look.item)} as code,
           (count(*) filter (where a.nth = 0))::int as people, count(*)::int as answers,
           (count(*) filter (where a.nth = 0 and ${isOnce}))::int as heads, (count(*) filter (where ${isOnce}))::int as head_answers,
           sum(${value}) as total, count(${value})::int as numbers,
           sum(${value}) filter (where ${isOnce}) as head_total, (count(${value}) filter (where ${isOnce}))::int as head_numbers,
           min(${value}) as smallest, max(${value}) as largest
      from surveys.answers a ${joins}
     where ${answersTo(ctx, asked, look.item)}
     group by 1, 2, 3, 4
     limit 50000`
}

export const answersTo = (ctx: Context, { questionnaireId, from, to }: Asked, item: Item) => sql<boolean>`
  (a.questionnaire_id = ${questionnaireId} and a.link_id = ${item.linkId} and a.day >= ${from}::date and a.day <= ${to}::date
   and ${visibleTo(ctx.actor, { department: 'a.departmentId', ward: 'a.wardId' })} and ${isOfSeen(ctx, questionnaireId, 'a.responseId')})`

/** The number of an answer: its score where it has one. */
const numberOf = (item: Item) => (item.options.length > 0 || item.isScale ? sql`a.score` : sql`a.value_number`)

const codeOf = (item: Item): Sql<string> => {
  if (item.options.length > 0 || item.kind === 'boolean') return sql<string>`coalesce(a.value_code, ${otherCode})`
  return item.source !== null ? sql<string>`coalesce(a.value_text, '')` : sql<string>`''`
}

type Dimension = { joins: Sql<unknown>; key: Sql<string | null>; isOnce: Sql<boolean> }
const once = sql<boolean>`true`

const ofPatient = sql`left join surveys.responses r on r.id = a.response_id left join patients.cards p on p.id = r.patient_id`
/** Whole years on the day of the answer. */
const age = sql`extract(year from age(a.day, p.birth_on))`
const ageBand = sql<string>`case ${sql.join(
  ageBands.toReversed().map((from) => sql`when ${age} >= ${sql.lit(from)} then ${sql.lit(String(from))}`),
  sql` `,
)} end`

function dimensionOf({ by, byItem }: Look): Dimension {
  if (byItem && questionOf(by) !== undefined) {
    const code =
      byItem.options.length > 0 || byItem.kind === 'boolean' ? sql<string>`coalesce(b.value_code, ${otherCode})` : sql<string>`b.value_text`
    return {
      joins: sql`left join surveys.answers b on b.response_id = a.response_id and b.questionnaire_id = a.questionnaire_id and b.link_id = ${byItem.linkId} and b.day = a.day`,
      key: sql<string>`case when b.response_id is not null then ${code} end`,
      isOnce: sql<boolean>`coalesce(b.nth, 0) = 0`,
    }
  }
  switch (by) {
    case 'sex':
      return { joins: ofPatient, key: sql<string>`nullif(p.sex, 'unknown')`, isOnce: once }
    case 'ageBand':
      return { joins: ofPatient, key: ageBand, isOnce: once }
    case 'department':
      return { joins: sql``, key: sql<string>`a.department_id::text`, isOnce: once }
    case 'ward':
      return { joins: sql``, key: sql<string>`a.ward_id::text`, isOnce: once }
    case 'attending':
      return { joins: sql``, key: sql<string>`a.attending_id::text`, isOnce: once }
    case 'month':
      return { joins: sql``, key: sql<string>`to_char(a.month, 'YYYY-MM')`, isOnce: once }
    default:
      return { joins: sql``, key: sql<string>`''`, isOnce: once }
  }
}

type Place = { row?: string | undefined; option?: string | undefined; columns: readonly string[] }

/** Which answers `a` stand behind a row of the table, and behind an option of it: asked of one answer at a time, so that the newest are soon found. */
export function behind(look: Look, { row, option, columns }: Place): Sql<boolean> {
  const code = codeOf(look.item)
  const isOther = sql`not (${code} = any(${columns.filter((c) => c !== otherCode)}::text[]))` // what has no column of its own
  const ofOption = option === undefined ? sql`a.nth = 0` : option === otherCode ? isOther : sql`${code} = ${option}`
  if (row === undefined || look.by === null) return sql<boolean>`(${ofOption})`
  const { joins, key } = dimensionOf(look)
  return sql<boolean>`(${ofOption} and exists (select from (values (1)) one (answer) ${joins} where coalesce(${key}, '') = ${row}))`
}
