import type { Input } from '@renxin/kernel'
import { showName } from '@renxin/patients'
import { type Context, paged, sql } from '@renxin/server'
import { seenBy } from '@renxin/surveys'
import { answersTo, isFilled } from '@renxin/surveys/contract'
import { cohortErrors, type cohortsApi, doneStates, type ItemFigures, type VisitSide, type VisitState } from '../../contract.ts'
import { readAnswers } from './answers.ts'
import { type FrozenCohort, frozenCohort, visitsOf } from './cohorts.ts'
import { seenVisit, standingOf } from './filter.ts'
import { listPlaces, placesOf } from './places.ts'
import { pseudonymOf } from './pseudonym.ts'
import { db } from './tables.ts'
import { type ItemVariable, questionsOf, variablesOf } from './variables.ts'

type Api = typeof cohortsApi

/** Nothing that has a mean is counted from a day. */
const NO_DAY = '2000-01-01'
/** Nobody reads the words of these: the figures are of numbers. */
const unsaid = { none: '', notAsked: '', notApplicable: '', other: '', yes: '', no: '' }

async function answersAt(ctx: Context, cohort: FrozenCohort, position: number, side: VisitSide) {
  const visit = (await visitsOf(ctx, cohort.id)).find((v) => v.position === position && (v.who === side || v.who === 'both'))
  if (!visit) throw cohortErrors.cohortVisitNotFound({ position })
  const done = (await listPlaces(ctx, cohort, { position, side })).filter((p) => doneStates.includes(p.state))
  const answering = await readAnswers(ctx, done.flatMap((p) => p.responseId ?? []), [visit.questionnaireId]) // biome-ignore format: one thought
  const forms = answering.forms.get(visit.questionnaireId) ?? []
  const answered = done.flatMap((place) => {
    const of = answering.byResponse.get(place.responseId ?? '')
    return of ? [{ place, of }] : []
  })
  return { forms, answered }
}

/** Of each question of a visit: how many were asked it, how many of these have no answer, and the mean of those that have. */
export async function readItems(ctx: Context, { id, position, side }: Input<Api['cohortItems']>) {
  const { forms, answered } = await answersAt(ctx, await frozenCohort(ctx, id), position, side)
  const maySee = await seenBy(ctx)
  const showsSource = (path: string) => maySee({ path })
  const variables = variablesOf(forms, { isIdentified: false, showsSource, words: unsaid })
  const rows = questionsOf(forms).flatMap((item): ItemFigures[] => {
    if (isFilled(item) && !showsSource(item.source ?? '')) return []
    const asked = answered.filter(({ of }) => of.enabled.has(item.linkId))
    const missing = asked.filter(({ of }) => answersTo(of.answers, item.linkId).length === 0).length
    const numbers = numbersOf(
      variables.find((v) => v.linkId === item.linkId && v.isMeasure),
      asked,
    )
    const mean = numbers.length === 0 ? null : numbers.reduce((a, b) => a + b, 0) / numbers.length
    return [{ linkId: item.linkId, text: item.text.text || item.linkId, asked: asked.length, missing, mean, meanOf: numbers.length }]
  })
  return { done: answered.length, rows }
}

function numbersOf(variable: ItemVariable | undefined, asked: readonly { of: Parameters<ItemVariable['read']>[0] }[]): number[] {
  if (!variable) return []
  const left = new Set(variable.missing.map(([code]) => code))
  return asked.flatMap(({ of }) => {
    const value = variable.read(of, NO_DAY)
    return typeof value === 'number' && !left.has(value) ? [value] : []
  })
}

type MemberRow = {
  encounterId: string
  patientId: string
  patientName: string
  number: number
  dischargedOn: string
  status: 'active' | 'withdrawn' | 'lost' | 'dead'
  leftOn: string | null
  note: string
  taskId: string | null
  state: VisitState | null
  isDue: boolean | null
}

/** The members whom the reader may see; `of`: of one visit, what became of it. */
const memberRows = (ctx: Context, cohort: FrozenCohort, of?: { position: number; side: VisitSide }) =>
  sql<MemberRow>`(${
    of
      ? placesOf(ctx, cohort, of)
      : sql`
    select m.encounter_id, c.patient_id, p.name as patient_name, m.number, m.discharged_on, ${standingOf} as status, m.left_on, m.note,
           null::uuid as task_id, null::text as state, null::boolean as is_due
      from followups.cohort_members m
      join encounters.cards c on c.id = m.encounter_id
      join patients.cards p on p.id = c.patient_id
     where m.cohort_id = ${cohort.id}::uuid and ${seenVisit(ctx)}`
  })`.as('x')

const columns = [
  'x.encounterId',
  'x.patientId',
  'x.patientName',
  'x.number',
  'x.dischargedOn',
  'x.status',
  'x.leftOn',
  'x.note',
  'x.taskId',
  'x.state',
] as const

const shown = (ctx: Context, members: number, { number, patientName, ...row }: Omit<MemberRow, 'isDue'>) => ({
  ...row,
  patientName: showName(ctx, patientName),
  pseudonym: pseudonymOf(number, members),
})

/** What a figure counts: one state, or of those who are due all, or whoever has done it. */
function ofState(state: VisitState | 'due' | 'done') {
  if (state === 'due') return sql<boolean>`x.is_due`
  if (state === 'done') return sql<boolean>`x.is_due and x.state = any(${[...doneStates]}::text[])`
  return sql<boolean>`x.state = ${state}`
}

/** The rows behind a figure, in the order of their numbers. */
export async function listMembers(ctx: Context, { id, position, side, state, missing, status, ...cursor }: Input<Api['cohortMembers']>) {
  const cohort = await frozenCohort(ctx, id)
  const of = position !== undefined && side !== undefined ? { position, side } : undefined
  let query = db(ctx)
    .selectFrom(memberRows(ctx, cohort, of))
    .selectAll('x')
  if (status) query = query.where('x.status', '=', status)
  if (of && state) query = query.where(ofState(state))
  if (of && missing !== undefined) {
    const { answered } = await answersAt(ctx, cohort, of.position, of.side)
    const without = answered.filter(({ of }) => of.enabled.has(missing) && answersTo(of.answers, missing).length === 0)
    query = query.where('x.encounterId', '=', sql<string>`any(${without.map((w) => w.place.encounterId)}::uuid[])`)
  }
  const { rows, next } = await paged(query, cursor, ['x.number'])
  return { rows: rows.map((r) => shown(ctx, cohort.members, r)), next }
}

export async function getMember(ctx: Context, cohort: FrozenCohort, encounterId: string) {
  const row = await db(ctx).selectFrom(memberRows(ctx, cohort)).select(columns).where('x.encounterId', '=', encounterId).executeTakeFirst()
  if (!row) throw cohortErrors.cohortMemberNotFound({ encounterId })
  return shown(ctx, cohort.members, row)
}
