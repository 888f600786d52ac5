import { coverageBands } from '@renxin/followups'
import type { Input } from '@renxin/kernel'
import { type Context, sql } from '@renxin/server'
import { leastShown } from '@renxin/surveys'
import { hideSmall } from '@renxin/surveys/contract'
import { type analyticsApi, type Dashboard, opinionKinds, type WardFigures } from '../contract.ts'
import { type AnswerMeasure, hiddenAnswers, measures } from './hidden-answers.ts'
import { type AnswersOfMonth, answersByMonth } from './reports/answers-by-month.ts'
import { type AnswersOfWard, answersByWard } from './reports/answers-by-ward.ts'
import { type ContactsOfOutcome, contactsByOutcome } from './reports/contacts-by-outcome.ts'
import { type MonthRow, monthByMonth } from './reports/month-by-month.ts'
import { type OpinionsOfCategory, opinionsByCategory } from './reports/opinions-by-category.ts'
import { type StaysOfWard, staysByWard } from './reports/stays-by-ward.ts'
import { byNeed, monthsOf, npsOf, type Period, periodOf, satisfactionOf, worstOf } from './rules.ts'
import { share } from './statistics.ts'
import { db, unknownUnit } from './tables.ts'

type Api = typeof analyticsApi

/** The figures of a period: five small reports over cells, put together. */
export async function getDashboard(ctx: Context, { departmentId, ...asked }: Input<Api['dashboard']>): Promise<Dashboard> {
  const period = periodOf(asked, ctx.clock.today())
  const filter = { departmentId }
  const stays = await staysByWard(ctx, period, filter)
  const contacts = await contactsByOutcome(ctx, period, filter)
  const everybodys = await answersByWard(ctx, period, {})
  const answers = everybodys.filter((a) => !departmentId || a.departmentId === departmentId)
  const byMonth = await answersByMonth(ctx, period)
  const opinions = await opinionsByCategory(ctx, period, filter)
  const months = await monthByMonth(ctx, period, filter)
  const names = await namesOf(ctx, [...stays, ...answers, ...opinions])
  const bands = await coverageBands(ctx)
  const least = await leastShown(ctx)

  const now = answers.filter((a) => !a.isPrior)
  const hidden = hiddenOf(
    everybodys.filter((a) => !a.isPrior),
    least,
  )
  const hiddenBefore = hiddenOf(
    everybodys.filter((a) => a.isPrior),
    least,
  )
  const satisfaction = satisfactionOf(sumOf(now), least, hidden.satisfaction.isTotalHidden(departmentId))
  const nps = npsOf(sumOf(now), least, hidden.nps.isTotalHidden(departmentId))
  const before = sumOf(answers.filter((a) => a.isPrior))
  const wards = wardsOf(stays, now, names, hidden)
  const { trendFrom: _, ...shownPeriod } = period
  return {
    period: shownPeriod,
    countedAt: ctx.clock.now().toISOString(),
    least,
    discharged: { n: total(stays, 'discharged'), before: total(stays, 'dischargedBefore') },
    coverage: {
      base: total(stays, 'base'),
      covered: total(stays, 'covered'),
      share: share(total(stays, 'covered'), total(stays, 'base')),
      before: share(total(stays, 'coveredBefore'), total(stays, 'baseBefore')),
      band: bands.of(departmentId ?? null),
    },
    contacts: contactsOf(contacts),
    satisfaction: { ...satisfaction, before: satisfactionOf(before, least, hiddenBefore.satisfaction.isTotalHidden(departmentId)).share },
    nps: { ...nps, before: npsOf(before, least, hiddenBefore.nps.isTotalHidden(departmentId)).score },
    wards,
    worst: worstOf(wards, { nps, satisfaction }, bands.of),
    opinions: opinionsOf(opinions, names),
    trend: trendOf(period, months, hiddenMonths(period, byMonth, departmentId, least)),
  }
}

type Names = ReadonlyMap<string, string>

async function namesOf(ctx: Context, rows: readonly { departmentId: string; wardId?: string }[]): Promise<Names> {
  const ids = [...new Set(rows.flatMap((r) => (r.wardId ? [r.departmentId, r.wardId] : [r.departmentId])))]
  const units = await db(ctx)
    .selectFrom('staff.unitCards')
    .where('id', '=', sql<string>`any(${ids}::uuid[])`)
    .select(['id', 'name'])
    .execute()
  return new Map(units.map((u) => [u.id, u.name]))
}

const total = <K extends string>(rows: readonly Record<K, number>[], key: K) => rows.reduce((sum, row) => sum + row[key], 0)

const counts = ['satisfied', 'noOpinion', 'dissatisfied', 'promoters', 'passives', 'detractors'] as const
type Counts = Record<(typeof counts)[number], number>
const sumOf = (rows: readonly Counts[]): Counts => ({
  satisfied: total(rows, 'satisfied'),
  noOpinion: total(rows, 'noOpinion'),
  dissatisfied: total(rows, 'dissatisfied'),
  promoters: total(rows, 'promoters'),
  passives: total(rows, 'passives'),
  detractors: total(rows, 'detractors'),
})

const hiddenOf = (cells: Parameters<typeof hiddenAnswers>[0], least: number) => ({
  least,
  satisfaction: hiddenAnswers(cells, 'satisfaction', least),
  nps: hiddenAnswers(cells, 'nps', least),
})
type Kept = ReturnType<typeof hiddenOf>
type HiddenMonths = Record<AnswerMeasure, (month: string) => boolean> & { least: number }

/** Months that are hidden as they would be if each were asked for by itself, and those by which the period's figure would give one away. */
function hiddenMonths(
  { fromMonth, toMonth }: Period,
  cells: readonly AnswersOfMonth[],
  departmentId: string | undefined,
  least: number,
): HiddenMonths {
  const months = [...Map.groupBy(cells, (c) => c.month)].map(([month, all]) => ({
    month,
    kept: hiddenOf(all, least),
    counts: sumOf(all.filter((c) => !departmentId || c.departmentId === departmentId)),
  }))
  const ofPeriod = months.filter(({ month }) => month >= fromMonth && month <= toMonth)
  const hiddenBy = (measure: AnswerMeasure) => {
    const { parts } = hideSmall(
      ofPeriod.map(({ counts }) => ({ group: '', counts: measures[measure].map((key) => counts[key]) })),
      least,
    )
    const hidden = new Set([
      ...months.filter(({ kept }) => kept[measure].isTotalHidden(departmentId)).map(({ month }) => month),
      ...ofPeriod.filter((_, at) => parts.has(at)).map(({ month }) => month),
    ])
    return (month: string) => hidden.has(month)
  }
  return { least, satisfaction: hiddenBy('satisfaction'), nps: hiddenBy('nps') }
}

const known = (id: string) => (id === unknownUnit ? null : id)
const nameIn = (names: Names, id: string) => names.get(id) ?? null

function wardsOf(stays: readonly StaysOfWard[], answers: readonly AnswersOfWard[], names: Names, hidden: Kept): WardFigures[] {
  const keys = new Map([...stays, ...answers].map(({ departmentId, wardId }) => [`${departmentId}${wardId}`, { departmentId, wardId }]))
  const isOf = (k: { departmentId: string; wardId: string }) => (row: { departmentId: string; wardId: string }) =>
    row.wardId === k.wardId && row.departmentId === k.departmentId
  return [...keys.values()]
    .map((key) => {
      const own = stays.filter(isOf(key))
      const said = sumOf(answers.filter(isOf(key)))
      const [base, covered] = [total(own, 'base'), total(own, 'covered')]
      return {
        departmentId: known(key.departmentId),
        wardId: known(key.wardId),
        departmentName: nameIn(names, key.departmentId),
        wardName: nameIn(names, key.wardId),
        discharged: total(own, 'discharged'),
        coverage: { base, covered, share: share(covered, base) },
        satisfaction: satisfactionOf(said, hidden.least, hidden.satisfaction.isHidden(key)),
        nps: npsOf(said, hidden.least, hidden.nps.isHidden(key)),
      }
    })
    .filter((w) => w.discharged > 0 || w.nps.n !== 0 || w.satisfaction.n !== 0)
    .sort(byNeed)
}

const reaches = new Set(['reached', 'relativeAnswered'])

function contactsOf(rows: readonly ContactsOfOutcome[]): Dashboard['contacts'] {
  const reachedRows = rows.filter((r) => reaches.has(r.outcome))
  const reached = total(reachedRows, 'tasks')
  return {
    reached,
    notReached: total(rows, 'tasks') - reached,
    share: share(reached, total(rows, 'tasks')),
    before: share(total(reachedRows, 'tasksBefore'), total(rows, 'tasksBefore')),
    outcomes: rows.filter((r) => r.tasks > 0).map(({ outcome, tasks }) => ({ outcome, tasks, isReached: reaches.has(outcome) })),
  }
}

function opinionsOf(rows: readonly OpinionsOfCategory[], names: Names): Dashboard['opinions'] {
  const ofKind = (kind: string) => rows.filter((r) => r.kind === kind)
  const categories = new Map<string, Dashboard['opinions']['categories'][number]>()
  for (const { kind, categoryId, category, opinions } of rows) {
    if (opinions === 0) continue
    const key = `${kind}.${categoryId}`
    const n = (categories.get(key)?.n ?? 0) + opinions
    categories.set(key, { kind, categoryId: known(categoryId), category: category || null, n })
  }
  const departments = [...new Set(rows.map((r) => r.departmentId))].map((departmentId) => {
    const of = (kind: string) => total(ofKind(kind).filter((r) => r.departmentId === departmentId), 'opinions') // biome-ignore format: one thought
    return {
      departmentId: known(departmentId),
      departmentName: nameIn(names, departmentId),
      praise: of('praise'),
      complaint: of('complaint'),
      suggestion: of('suggestion'),
      remark: of('remark'),
    }
  })
  return {
    kinds: opinionKinds.map((kind) => ({ kind, n: total(ofKind(kind), 'opinions'), before: total(ofKind(kind), 'opinionsBefore') })),
    categories: [...categories.values()].sort((a, b) => b.n - a.n),
    departments: departments
      .filter((d) => d.praise + d.complaint + d.suggestion + d.remark > 0)
      .sort((a, b) => b.complaint - a.complaint || b.suggestion - a.suggestion),
  }
}

function trendOf({ trendFrom, toMonth }: Period, rows: readonly MonthRow[], hidden: HiddenMonths): Dashboard['trend'] {
  const byMonth = new Map(rows.map((r) => [r.month, r]))
  return monthsOf(trendFrom, toMonth).map((month) => {
    const row = byMonth.get(month)
    if (!row) return { month, discharged: 0, coverage: null, satisfaction: null, nps: null, complaints: 0, praise: 0 }
    return {
      month,
      discharged: row.discharged,
      coverage: share(row.covered, row.base),
      satisfaction: satisfactionOf(row, hidden.least, hidden.satisfaction(month)).share,
      nps: npsOf(row, hidden.least, hidden.nps(month)).score,
      complaints: row.complaints,
      praise: row.praise,
    }
  })
}
