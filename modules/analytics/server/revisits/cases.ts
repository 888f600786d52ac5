import type { Input, Page } from '@renxin/kernel'
import { type Context, paged, sql } from '@renxin/server'
import type { RevisitCase, RevisitState, revisitsApi } from '../../contract.ts'
import { inScope } from '../reports/scope.ts'
import { anyOf, byId, lookUp } from '../rows.ts'
import { db } from '../tables.ts'
import { dueOf } from './figures.ts'
import { revisitPeriodOf } from './rules.ts'

/** The visits behind a figure, by the conditions by which they were counted. */
export async function listRevisitCases(ctx: Context, input: Input<(typeof revisitsApi)['revisitCases']>): Promise<Page<RevisitCase>> {
  const dueUntil = await dueOf(ctx)
  const { days } = revisitPeriodOf(input, dueUntil)
  const { part, kind, doctorId, chapter } = input
  let query = db(ctx).selectFrom('analytics.revisits as c').where('c.kind', '=', kind).where(inScope(ctx, input))
  query = query.where('c.day', '>=', days.from).where('c.day', '<=', days.to)
  query = part === 'notYet' ? query.where('c.day', '>', dueUntil) : query.where('c.day', '<=', dueUntil)
  if (doctorId !== undefined) query = query.where('c.doctorId', '=', doctorId)
  if (chapter !== undefined) query = query.where('c.chapter', '=', chapter)
  if (part === 'leftOut') query = query.where('c.leftOut', 'is not', null)
  else if (part === 'died' || part === 'transferred' || part === 'readmitted') query = query.where('c.leftOut', '=', part)
  else if (part !== 'notYet') query = query.where('c.leftOut', 'is', null)
  if (part === 'came') query = query.where('c.cameOn', 'is not', null)
  if (part === 'vanished') query = query.where('c.cameOn', 'is', null)
  if (input.reason)
    query = query.where(
      sql<boolean>`exists (select from analytics.revisit_tasks k where k.encounter_id = c.encounter_id and k.reason = ${input.reason})`,
    )
  const { rows, next } = await paged(query.selectAll('c'), input, ['c.day', 'c.encounterId'], 'desc')
  const visits = await byId(rows.map((r) => r.encounterId), (ids) =>
    db(ctx).selectFrom('encounters.cards').where('id', '=', anyOf(ids)).select(['id', 'number', 'mainDiagnosisName']).execute(),
  ) // biome-ignore format: one thought
  const doctors = await byId(rows.map((r) => r.doctorId), (ids) =>
    db(ctx).selectFrom('staff.personCards').where('id', '=', anyOf(ids)).select(['id', 'name']).execute(),
  ) // biome-ignore format: one thought
  const tasks = await db(ctx)
    .selectFrom('analytics.revisitTasks')
    .where('encounterId', '=', anyOf(rows.map((r) => r.encounterId)))
    .select(['taskId as id', 'encounterId', 'state', 'reason', 'reasonText'])
    .orderBy('taskId')
    .execute()
  const look = await lookUp(ctx, rows.map((r) => r.patientId), rows) // biome-ignore format: one thought
  return {
    next,
    rows: rows.flatMap(({ patientId, day, cameOn, leftOut, doctorId: doctor, ...row }) => {
      const visit = visits.get(row.encounterId)
      if (!visit) return []
      const state: RevisitState = day > dueUntil ? 'notYet' : (leftOut ?? (cameOn ? 'came' : 'vanished'))
      const doctorName = doctors.get(doctor)?.name ?? null
      const asks = tasks.find((k) => k.encounterId === row.encounterId)
      const task = asks ? { id: asks.id, state: asks.state, reason: asks.reasonText ?? asks.reason } : null
      return { ...visit, ...look.units(row), patientId, patientName: look.name(patientId), doctorName, day, state, cameOn, task }
    }),
  }
}
