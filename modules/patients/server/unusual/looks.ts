import type { Input, Page, Reply } from '@renxin/kernel'
import { audit, type Context, paged, sql } from '@renxin/server'
import { type UnusualFilters, type UnusualLook, UnusualReason, type unusualApi, unusualErrors, unusualRules } from '../../contract.ts'
import { showName } from '../show-name.ts'
import { db } from '../tables.ts'

type Api = typeof unusualApi

/** The latest first; of a patient whose class the reader may not see the row stays, and does not say whom, nor how the two are related. */
export async function listUnusual(
  ctx: Context,
  { after, limit, ...filters }: Input<Api['unusual']>,
): Promise<Page<UnusualLook> & { asOf: Date }> {
  const { rows, next } = await paged(unusualQuery(ctx, filters), { after, limit }, ['u.onDay', 'u.id'], 'desc')
  return { rows: rows.map((row) => shownLook(ctx, row)), next, asOf: ctx.clock.now() }
}

export function unusualQuery(ctx: Context, { rule, state, actorId, from, to }: UnusualFilters) {
  let query = looks(ctx)
  if (rule) query = query.where('u.rule', '=', rule)
  if (state) query = query.where('u.state', '=', state)
  if (actorId) query = query.where('u.actorId', '=', actorId)
  if (from) query = query.where('u.onDay', '>=', from)
  if (to) query = query.where('u.onDay', '<=', to)
  return query
}

const looks = (ctx: Context) =>
  db(ctx)
    .selectFrom('patients.unusualLooks as u')
    .leftJoin('patients.cards as p', 'p.id', 'u.patientId')
    .select(['u.id', 'u.rule', 'u.onDay', 'u.actorId', 'u.actorName', 'u.patientId', 'p.name as patientName', 'u.why'])
    .select(['u.firstAt', 'u.lastAt', 'u.looks', 'u.state', 'u.asked', 'u.note', 'u.decidedAt', 'u.decidedBy'])

type Row = Awaited<ReturnType<ReturnType<typeof looks>['executeTakeFirstOrThrow']>>

export function shownLook(ctx: Context, { onDay, why, patientName, firstAt, lastAt, decidedAt, ...row }: Row): UnusualLook {
  const isProtected = row.patientId !== null && patientName === null
  return {
    ...row,
    day: onDay,
    patientId: isProtected ? null : row.patientId,
    patientName: patientName === null ? null : showName(ctx, patientName),
    isProtected,
    reason: isProtected ? null : UnusualReason.parse(why),
    firstAt: firstAt.toISOString(),
    lastAt: lastAt.toISOString(),
    decidedAt: decidedAt?.toISOString() ?? null,
  }
}

export async function countUnusual(ctx: Context, { from, to }: Input<Api['unusualCounts']>): Promise<Reply<Api['unusualCounts']>> {
  let query = db(ctx).selectFrom('patients.unusualLooks as u')
  if (from) query = query.where('u.onDay', '>=', from)
  if (to) query = query.where('u.onDay', '<=', to)
  const rows = await query
    .groupBy(['u.rule', 'u.state'])
    .select(['u.rule', 'u.state', sql<number>`count(*)::int`.as('n')])
    .execute()
  const of = (rule: string, state: string) => rows.find((r) => r.rule === rule && r.state === state)?.n ?? 0
  return {
    rows: unusualRules.map((rule) => ({ rule, open: of(rule, 'open'), explained: of(rule, 'explained'), followUp: of(rule, 'followUp') })),
  }
}

/** What the auditor found when he asked; a second word takes the place of the first, and the trail keeps both. Nobody decides of his own looks. */
export async function decideUnusual(ctx: Context, { id, state, asked, note }: Input<Api['decideUnusual']>): Promise<UnusualLook> {
  const before = await db(ctx).selectFrom('patients.unusualLooks').where('id', '=', id).selectAll().forUpdate().executeTakeFirst()
  if (!before) throw unusualErrors.unusualNotFound({ id })
  if (before.actorId === ctx.actor.id) throw unusualErrors.ownLook()
  const now = ctx.clock.now()
  const after = { state, asked: asked || null, note, decidedAt: now, decidedBy: ctx.actor.name, changedAt: now }
  await db(ctx).updateTable('patients.unusualLooks').set(after).where('id', '=', id).execute()
  const said = ({ state, asked, note, decidedBy }: Pick<typeof before, 'state' | 'asked' | 'note' | 'decidedBy'>) => ({
    state,
    asked,
    note,
    decidedBy,
  })
  await audit(ctx, { action: 'patients.unusualDecided', patientId: before.patientId, objectId: id, detail: { before: said(before), after: said(after) } }) // biome-ignore format: one line
  return shownLook(ctx, await looks(ctx).where('u.id', '=', id).executeTakeFirstOrThrow())
}
