import type { Input, Page } from '@renxin/kernel'
import { showName } from '@renxin/patients'
import { type Context, paged, sql } from '@renxin/server'
import { leastShown } from '@renxin/surveys'
import { type AnswerRow, type analyticsApi, analyticsErrors, type ContactRow, type DischargeRow, type OpinionRow } from '../contract.ts'
import { hiddenAnswers, measures } from './hidden-answers.ts'
import { answersByWard } from './reports/answers-by-ward.ts'
import { inScope } from './reports/scope.ts'
import { isCovered, periodOf } from './rules.ts'
import { db, unknownUnit } from './tables.ts'

type Api = typeof analyticsApi

/*
 * The rows behind each figure, by the very conditions by which it was counted. A page is chosen first, from one table, and what it
 * says of each row is looked up by id, so that its cost does not grow with the hospital.
 */

export async function listDischarges(ctx: Context, input: Input<Api['discharges']>): Promise<Page<DischargeRow>> {
  const { days, coveredUntil } = periodOf(input, ctx.clock.today())
  const { coverage } = input
  let query = db(ctx).selectFrom('analytics.stays as c').where('c.day', '>=', days.from).where(inScope(ctx, input)).selectAll('c')
  query = query.where('c.day', '<=', coverage ? coveredUntil : days.to)
  if (coverage) query = query.where('c.isAlive', '=', true)
  if (coverage === 'covered') query = query.where(sql<boolean>`c.reached_on <= c.day + 7`)
  if (coverage === 'open') query = query.where(sql<boolean>`c.reached_on <= c.day + 7 is not true`)
  const { rows, next } = await paged(query, input, ['c.day', 'c.encounterId'], 'desc')
  const stays = await byId(rows.map((r) => r.encounterId), (ids) =>
    db(ctx).selectFrom('encounters.cards').where('id', '=', anyOf(ids)).select(['id', 'patientId', 'number', 'mainDiagnosisName']).execute(),
  ) // biome-ignore format: one thought
  const look = await lookUp(ctx, [...stays.values()].map((s) => s.patientId), rows) // biome-ignore format: one thought
  return {
    next,
    rows: rows.flatMap((row) => {
      const stay = stays.get(row.encounterId)
      if (!stay) return []
      const { day: dischargedOn, isAlive, reachedOn } = row
      const covered = isAlive && isCovered(dischargedOn, reachedOn)
      return { ...stay, ...look.units(row), patientName: look.name(stay.patientId), dischargedOn, isAlive, reachedOn, isCovered: covered }
    }),
  }
}

export async function listContacts(ctx: Context, input: Input<Api['contacts']>): Promise<Page<ContactRow>> {
  const { days } = periodOf(input, ctx.clock.today())
  let query = db(ctx).selectFrom('analytics.contacts as c').where('c.day', '>=', days.from).where('c.day', '<=', days.to)
  query = query.where(inScope(ctx, input))
  if (input.outcome) query = query.where('c.outcome', '=', input.outcome)
  if (input.reached) query = query.where('c.outcome', input.reached === 'yes' ? 'in' : 'not in', ['reached', 'relativeAnswered'])
  const { rows, next } = await paged(query.selectAll('c'), input, ['c.day', 'c.taskId'], 'desc')
  const tasks = await byId(rows.map((r) => r.taskId), (ids) =>
    db(ctx).selectFrom('followups.taskRows').where('id', '=', anyOf(ids)).select(['id', 'patientId', 'programmeName', 'tries']).execute(),
  ) // biome-ignore format: one thought
  const look = await lookUp(ctx, [...tasks.values()].map((t) => t.patientId), rows) // biome-ignore format: one thought
  return {
    next,
    rows: rows.flatMap((row) => {
      const task = tasks.get(row.taskId)
      return task ? { ...task, ...look.units(row), patientName: look.name(task.patientId), closedOn: row.day, outcome: row.outcome } : []
    }),
  }
}

/** Answers, without those of wards where there are so few that who gave them could be guessed, or by which such could be reckoned. */
export async function listAnswers(ctx: Context, input: Input<Api['answers']>): Promise<Page<AnswerRow>> {
  const period = periodOf(input, ctx.clock.today())
  const cells = (await answersByWard(ctx, period, {})).filter((c) => !c.isPrior)
  const least = await leastShown(ctx)
  const { isHidden } = hiddenAnswers(cells, input.measure, least)
  const said = cells.filter((c) => isOf(c, input) && measures[input.measure].some((key) => c[key] > 0))
  const hidden = said.filter(isHidden)
  if (said.length > 0 && hidden.length === said.length) throw analyticsErrors.tooFewAnswers({ least })

  const verdicts = input.verdict ? [input.verdict] : shownVerdicts[input.measure]
  const query = db(ctx)
    .selectFrom('surveys.answerRows as a')
    .where('a.month', '>=', `${period.fromMonth}-01`)
    .where('a.month', '<=', `${period.toMonth}-01`)
    .where('a.measure', '=', input.measure)
    .where('a.nth', '=', 0)
    .where('a.verdict', 'in', verdicts)
    .where(inScope(ctx, input, { department: 'a.departmentId', ward: 'a.wardId' }))
    .where(notOf(hidden))
    .select(['a.responseId', 'a.position', 'a.day', 'a.verdict', 'a.score', 'a.valueText', 'a.departmentId', 'a.wardId'])
  const { rows, next } = await paged(query, input, ['a.day', 'a.responseId', 'a.position'], 'desc')
  const responses = await byId(
    rows.map((r) => r.responseId),
    (ids) =>
      db(ctx).selectFrom('surveys.responseCards').where('id', '=', anyOf(ids)).select(['id', 'patientId', 'questionnaireTitle']).execute(),
  )
  const look = await lookUp(
    ctx,
    [...responses.values()].map((r) => r.patientId),
    rows,
  )
  return {
    next,
    rows: rows.flatMap(({ valueText, verdict, ...row }) => {
      const response = responses.get(row.responseId)
      if (!response) return []
      return {
        ...response,
        ...row,
        ...look.units(row),
        id: `${row.responseId}.${row.position}`,
        patientName: response.patientId && look.name(response.patientId),
        verdict: verdict as AnswerRow['verdict'], // the condition above lets no other through
        text: valueText,
      }
    }),
  }
}

export async function listOpinions(ctx: Context, input: Input<Api['opinions']>): Promise<Page<OpinionRow>> {
  const { days } = periodOf(input, ctx.clock.today())
  let query = db(ctx).selectFrom('analytics.opinions as c').where('c.day', '>=', days.from).where('c.day', '<=', days.to)
  query = query.where(inScope(ctx, input))
  if (input.kind) query = query.where('c.kind', '=', input.kind)
  if (input.categoryId) query = query.where('c.categoryId', '=', input.categoryId)
  const { rows, next } = await paged(query.selectAll('c'), input, ['c.day', 'c.opinionId'], 'desc')
  const said = await byId(rows.map((r) => r.opinionId), (ids) =>
    db(ctx).selectFrom('feedback.opinionRows').where('id', '=', anyOf(ids)).select(['id', 'patientId', 'kind', 'category', 'text']).execute(),
  ) // biome-ignore format: one thought
  const look = await lookUp(ctx, [...said.values()].map((o) => o.patientId), rows) // biome-ignore format: one thought
  return {
    next,
    rows: rows.flatMap((row) => {
      const opinion = said.get(row.opinionId)
      return opinion ? { ...opinion, ...look.units(row), day: row.day, patientName: opinion.patientId && look.name(opinion.patientId) } : []
    }),
  }
}

const isOf = (cell: Cell, { departmentId, wardId }: { departmentId?: string | undefined; wardId?: string | undefined }) =>
  (!departmentId || cell.departmentId === departmentId) && (!wardId || cell.wardId === wardId)
type Cell = { departmentId: string; wardId: string }
const notOf = (
  cells: readonly Cell[],
) => sql<boolean>`(coalesce(a.department_id, ${unknownUnit}::uuid), coalesce(a.ward_id, ${unknownUnit}::uuid)) not in (
  select d, w from unnest(${cells.map((c) => c.departmentId)}::uuid[], ${cells.map((c) => c.wardId)}::uuid[]) as h (d, w))`
const shownVerdicts = { satisfaction: ['satisfied', 'noOpinion', 'dissatisfied'], nps: ['promoter', 'passive', 'detractor'] } as const

export const anyOf = (ids: readonly string[]) => sql<string>`any(${[...ids]}::uuid[])`

export async function byId<T extends { id: string }>(
  ids: readonly string[],
  read: (ids: string[]) => Promise<T[]>,
): Promise<Map<string, T>> {
  if (ids.length === 0) return new Map()
  return new Map((await read([...new Set(ids)])).map((row) => [row.id, row]))
}

type Placed = { departmentId: string | null; wardId: string | null }

export async function lookUp(ctx: Context, patientIds: readonly (string | null)[], rows: readonly Placed[]) {
  const patients = await byId(patientIds.filter((id) => id !== null), (ids) =>
    db(ctx).selectFrom('patients.cards').where('id', '=', anyOf(ids)).select(['id', 'name']).execute(),
  ) // biome-ignore format: one thought
  const units = await byId(rows.flatMap((r) => [r.departmentId, r.wardId]).filter((id) => id !== null), (ids) =>
    db(ctx).selectFrom('staff.unitCards').where('id', '=', anyOf(ids)).select(['id', 'name']).execute(),
  ) // biome-ignore format: one thought
  return {
    name: (id: string) => showName(ctx, patients.get(id)?.name ?? ''),
    units: (row: Placed) => ({
      departmentName: units.get(row.departmentId ?? '')?.name ?? null,
      wardName: units.get(row.wardId ?? '')?.name ?? null,
    }),
  }
}
