import type { Input, Page } from '@renxin/kernel'
import { type Context, paged, sql } from '@renxin/server'
import {
  type AnalysisResult,
  type AnalysisRow,
  type analysesApi,
  analysisErrors,
  analysisKinds,
  canAnalyse,
  type Form,
  type Item,
  isQuestion,
  isSpread,
  questionOf,
  type ResponseCard,
} from '../contract.ts'
import { answersTo, behind, type Counted, counting, type Look, otherCode } from './count-analysis.ts'
import { seenBy } from './fill.ts'
import { type Cell, hiddenDepartments, hiddenRows, hiddenUnits, ofPeople } from './hidden-rows.ts'
import { named, responses } from './responses.ts'
import { formsOf } from './results.ts'
import { leastShown } from './small-samples.ts'
import { db } from './tables.ts'

type Api = typeof analysesApi
type Asked = Input<Api['analysis']>

/** The analyses that the newest version keeps, as far as they can be worked out, and what else may be looked at. */
export async function listAnalyses(ctx: Context, { questionnaireId }: Input<Api['analyses']>) {
  const [newest] = await formsOf(ctx, questionnaireId)
  const items = newest ? [...newest.byLinkId.values()].filter(isQuestion) : []
  return {
    title: newest?.title.text ?? '',
    analyses: (newest?.analyses ?? [])
      .filter((a) => isWhole(newest, a))
      .map(({ name, kind, item, by }) => ({ name, kind, item, ...(by !== null && { by }) })),
    questions: items.flatMap((i) => {
      const kinds = analysisKinds.filter((k) => canAnalyse(i, k))
      return kinds.length > 0 ? [{ linkId: i.linkId, text: i.text.text, kinds, isSpread: isSpread(i) }] : []
    }),
  }
}

const isWhole = (form: Form | undefined, { kind, item, by }: Form['analyses'][number]): boolean => {
  const question = questionOf(by)
  const byItem = question === undefined ? undefined : form?.byLinkId.get(question)
  return (
    canAnalyse(form?.byLinkId.get(item), kind) &&
    (kind !== 'cross' || by !== null) &&
    (question === undefined || (byItem !== undefined && isSpread(byItem)))
  )
}

/** What was answered to one question in a time, by a dimension where one is named. What is of too few is hidden (`hidden-rows.ts`). */
export async function runAnalysis(ctx: Context, asked: Asked): Promise<AnalysisResult> {
  const look = await lookAt(ctx, asked)
  const least = await leastShown(ctx)
  if (await isKept(ctx, look)) return { ...headOf(asked, look), least, isKept: true, isHidden: false, options: [], total: null, rows: [] }
  const { rows: counted } = await counting(ctx, asked, look).execute(ctx.db)
  return tabulate(ctx, asked, look, counted, least)
}

async function lookAt(ctx: Context, { questionnaireId, kind, item, ...asked }: Asked): Promise<Look> {
  const by = asked.by ?? null
  const forms = await formsOf(ctx, questionnaireId)
  const find = (linkId: string | undefined) => forms.map((f) => f.byLinkId.get(linkId ?? '')).find((i) => i !== undefined)
  const [found, byItem] = [find(item), find(questionOf(by))]
  const isByFound = questionOf(by) === undefined || (byItem !== undefined && isSpread(byItem))
  if (!found || !canAnalyse(found, kind) || !isByFound || (kind === 'cross' && by === null)) throw analysisErrors.noSuchAnalysis({ item })
  return { item: found, by, byItem }
}

/** Of records that are kept from whoever asks their figures are kept too. */
async function isKept(ctx: Context, { item, byItem }: Look): Promise<boolean> {
  const sources = [item, byItem].flatMap((i) => i?.source ?? [])
  if (sources.length === 0) return false
  const isSeen = await seenBy(ctx)
  return sources.some((path) => !isSeen({ path }))
}

const headOf = ({ kind }: Asked, { item, by, byItem }: Look) => ({
  kind,
  item: item.linkId,
  itemText: item.text.text,
  unit: item.unit?.label ?? null,
  by,
  byText: byItem?.text.text ?? null,
})

async function tabulate(ctx: Context, asked: Asked, look: Look, counted: readonly Counted[], least: number): Promise<AnalysisResult> {
  const options = asked.kind === 'mean' ? [] : optionsOf(look.item, inView(counted, asked), least)
  const units = hiddenUnits(perWard(counted), least)
  const view = inView(counted, asked)
  const total = sumUp(view, options, true)
  const head = { ...headOf(asked, look), least, isKept: false, options }
  if (units.total(asked.departmentId) || total.n < least)
    return { ...head, isHidden: total.n > 0, total: total.n > 0 ? null : total, rows: [] }
  if (look.by === null) return { ...head, isHidden: false, total, rows: [] }
  const hidden = hiddenIn({ asked, look, counted, options, units, least })
  if (!hidden) return { ...head, isHidden: false, total, rows: [] }
  const rows = [...Map.groupBy(view, (c) => c.key)].map(([key, of]): AnalysisRow => ({ key, label: null, shown: hidden.has(key) ? null : sumUp(of, options, false) })) // biome-ignore format: one thought
  return { ...head, isHidden: false, total, rows: await labelled(ctx, look, rows) }
}

const inView = (counted: readonly Counted[], { departmentId }: Asked) =>
  departmentId ? counted.filter((c) => c.departmentId === departmentId) : counted

function perWard(counted: readonly Counted[]) {
  return [...Map.groupBy(counted, (c) => `${c.departmentId}${c.wardId}`).values()].flatMap(([first, ...rest]) =>
    first ? [{ departmentId: first.departmentId, wardId: first.wardId, people: rest.reduce((n, c) => n + c.heads, first.heads) }] : [],
  )
}

type Tabulated = {
  asked: Asked
  look: Look
  counted: readonly Counted[]
  options: AnalysisResult['options']
  units: ReturnType<typeof hiddenUnits>
  least: number
}

/** Undefined: none of the rows may be shown. */
function hiddenIn({ asked, look, counted, options, units, least }: Tabulated) {
  const keys = new Set(counted.map((c) => c.key))
  if (look.by === 'ward') return new Set([...keys].filter((key) => units.ward(key || nowhere)))
  if (look.by === 'department') return new Set([...keys].filter((key) => units.total(key || nowhere)))
  const several = look.byItem?.isMultiple === true // one person may stand in several rows
  const everybody = several ? cellsOf(inView(counted, asked), options, true) : []
  const told = ofPeople([...cellsOf(counted, options, false), ...everybody])
  const cells = told.slice(0, told.length - everybody.length)
  if (asked.departmentId && hiddenDepartments(cells, least).has(asked.departmentId)) return undefined
  const shown = asked.departmentId ? cells.filter((c) => c.departmentId === asked.departmentId) : cells
  return several ? hiddenRows(shown, least, told.slice(cells.length)) : hiddenRows(shown, least)
}

const nowhere = '00000000-0000-0000-0000-000000000000'

/** The counts of each ward and value of the dimension, option by option; `once`: each person once. */
function cellsOf(counted: readonly Counted[], options: AnalysisResult['options'], once: boolean): Cell[] {
  return [...Map.groupBy(counted, (c) => `${c.departmentId}${c.wardId}${c.key}`).values()].flatMap((of) => {
    const [first] = of
    if (!first) return []
    const { n, counts } = sumUp(of, options, once)
    return [{ departmentId: first.departmentId, wardId: first.wardId, key: first.key, people: n, counts: counts.length > 0 ? counts : [n] }]
  })
}

function sumUp(of: readonly Counted[], options: AnalysisResult['options'], once: boolean) {
  const add = (pick: (c: Counted) => number | null, among = of) => among.reduce((n, c) => n + (pick(c) ?? 0), 0)
  const numbers = add((c) => (once ? c.headNumbers : c.numbers))
  const limits = (pick: (c: Counted) => number | null) => of.map(pick).filter((x) => x !== null)
  return {
    n: add((c) => (once ? c.heads : c.people)),
    counts: options.map(({ key }) => add((c) => (once ? c.headAnswers : c.answers), of.filter((c) => optionKey(c.code, options) === key))), // biome-ignore format: one thought
    mean: numbers > 0 ? add((c) => (once ? c.headTotal : c.total)) / numbers : null,
    smallest: numbers > 0 ? Math.min(...limits((c) => c.smallest)) : null,
    largest: numbers > 0 ? Math.max(...limits((c) => c.largest)) : null,
  }
}

/** What stands in no column of its own is counted with the others. */
const optionKey = (code: string, options: AnalysisResult['options']) => (options.some((o) => o.key === code) ? code : otherCode)

const mostTexts = 20

/** The columns of a distribution: the options of the newest version; of what the records say the commonest, none of them of too few. The rest is `#other`. */
function optionsOf(item: Item, counted: readonly Counted[], least: number): AnalysisResult['options'] {
  const known =
    item.kind === 'boolean'
      ? ['true', 'false'].map((key) => ({ key, label: key }))
      : item.options.length > 0
        ? item.options.map((o) => ({ key: o.key, label: o.label.text }))
        : [...Map.groupBy(counted, (c) => c.code)]
            .map(([code, of]) => ({ code, n: of.reduce((n, c) => n + c.headAnswers, 0) }))
            .filter(({ n }) => n >= least)
            .sort((a, b) => b.n - a.n)
            .slice(0, mostTexts)
            .map(({ code }) => ({ key: code, label: code }))
  const hasOthers = counted.some((c) => !known.some((o) => o.key === c.code))
  return hasOthers ? [...known, { key: otherCode, label: otherCode }] : known
}

/** With the names of units, people and options; in the order of these, else by their names. */
async function labelled(ctx: Context, { by, byItem }: Look, rows: readonly AnalysisRow[]): Promise<AnalysisRow[]> {
  const names = new Map<string, string>(byItem?.options.map((o) => [o.key, o.label.text]))
  const ids = rows.map((r) => r.key).filter((key) => key !== '')
  if (by === 'department' || by === 'ward' || by === 'attending') {
    const table = by === 'attending' ? 'staff.personCards' : 'staff.unitCards'
    const found = await db(ctx).selectFrom(table).where('id', '=', sql<string>`any(${ids}::uuid[])`).select(['id', 'name']).execute() // biome-ignore format: one thought
    for (const { id, name } of found) names.set(id, name)
  }
  const order = byItem ? [...names.keys()] : []
  const place = (r: AnalysisRow) => (r.key === '' ? 1e9 : order.includes(r.key) ? order.indexOf(r.key) : 1e6)
  const told = rows.map((r) => ({
    ...r,
    label: names.get(r.key) ?? (byItem && r.key !== '' && r.key !== otherCode && byItem.kind !== 'boolean' ? r.key : null),
  }))
  return told.toSorted((a, b) => place(a) - place(b) || (a.label ?? a.key).localeCompare(b.label ?? b.key, 'zh'))
}

/** The responses behind a row, the newest first; none behind what is hidden. */
export async function listAnalysisRows(ctx: Context, input: Input<Api['analysisRows']>): Promise<Page<ResponseCard>> {
  const { row, option, after, limit, ...asked } = input
  const result = await runAnalysis(ctx, asked)
  const isShown = row === undefined ? result.total !== null : result.rows.some((r) => r.key === row && r.shown !== null)
  if (result.isKept || result.isHidden || !isShown) throw analysisErrors.tooFewAnswers({ item: asked.item, least: result.least })
  const look = await lookAt(ctx, asked)
  let query = db(ctx)
    .selectFrom('surveys.answers as a')
    .where(answersTo(ctx, asked, look.item))
    .where(behind(look, { row, option, columns: result.options.map((o) => o.key) }))
    .select('a.responseId')
  if (asked.departmentId) query = query.where('a.departmentId', '=', asked.departmentId)
  const { rows: found, next } = await paged(query, { after, limit }, ['a.day', 'a.responseId'], 'desc')
  const ids = found.map((a) => a.responseId)
  const rows = await responses(ctx).where('r.id', '=', sql<string>`any(${ids}::uuid[])`).execute()
  const cards = await named(ctx, rows)
  return { rows: cards.toSorted((a, b) => ids.indexOf(a.id) - ids.indexOf(b.id)), next }
}
