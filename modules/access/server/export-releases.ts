import type { Input, Page, Reply } from '@renxin/kernel'
import { audit, type Context, can, paged } from '@renxin/server'
import { exportLimits, exportRequests, exportSerial, noteDecision, setExportLimits } from '@renxin/server/export'
import { accessErrors, type ExportLimits, type ExportRequest, type exportsApi, type OwnRequest } from '../contract.ts'

type Api = typeof exportsApi

type Row = Awaited<ReturnType<ReturnType<typeof exportRequests>['executeTakeFirstOrThrow']>>

function stateOf({ number, isReleased, takeUntil }: Row, now: Date): ExportRequest['state'] {
  if (number !== null) return 'taken'
  if (isReleased === null) return 'waiting'
  if (!isReleased) return 'refused'
  return takeUntil && takeUntil > now ? 'released' : 'lapsed'
}

function shown(ctx: Context, row: Row): OwnRequest {
  const { number, isReleased: _, filters, columns, asked, ...said } = row
  return {
    ...said,
    at: row.at.toISOString(),
    decidedAt: row.decidedAt?.toISOString() ?? null,
    takeUntil: row.takeUntil?.toISOString() ?? null,
    filters: filters as OwnRequest['filters'], // written by `askRelease` alone, and parsed by the reply, as the next two
    columns: columns as OwnRequest['columns'],
    asked: asked as OwnRequest['asked'],
    state: stateOf(row, ctx.clock.now()),
    isOwn: row.actorId === ctx.actor.id,
    serial: number === null ? null : exportSerial(number),
  }
}

export async function listExportRequests(ctx: Context, { state, ...cursor }: Input<Api['exportRequests']>): Promise<Page<ExportRequest>> {
  const asked = exportRequests(ctx).$if(state === 'waiting', (q) => q.where('d.requestId', 'is', null))
  const { rows, next } = await paged(asked, cursor, ['r.at', 'r.id'], 'desc')
  return { rows: rows.map((row) => shown(ctx, row)), next }
}

export async function listOwnExportRequests(ctx: Context, cursor: Input<Api['ownExportRequests']>): Promise<Page<OwnRequest>> {
  const { rows, next } = await paged(exportRequests(ctx).where('r.actorId', '=', ctx.actor.id), cursor, ['r.at', 'r.id'], 'desc')
  return { rows: rows.map((row) => shown(ctx, row)), next }
}

/** Releases it for the hours that the hospital gives, or refuses it. That it is decided once, and by another, the database holds too. */
export async function decideExport(ctx: Context, { id, isReleased, reason }: Input<Api['decideExport']>): Promise<ExportRequest> {
  const found = await exportRequests(ctx).where('r.id', '=', id).executeTakeFirst()
  if (!found) throw accessErrors.exportRequestNotFound({ id })
  if (found.actorId === ctx.actor.id) throw accessErrors.ownExport()
  const at = ctx.clock.now()
  const { takeHours } = await exportLimits(ctx)
  const takeUntil = isReleased ? new Date(at.getTime() + takeHours * 3_600_000) : null
  if (!(await noteDecision(ctx, { requestId: id, askedBy: found.actorId, isReleased, at, reason, takeUntil })))
    throw accessErrors.exportDecided({ id })
  const action = isReleased ? 'access.exportReleased' : 'access.exportRefused'
  await audit(ctx, { action, objectId: id, reason, detail: { askedBy: found.actorName, route: found.route, rows: found.rows } })
  return shown(ctx, await exportRequests(ctx).where('r.id', '=', id).executeTakeFirstOrThrow())
}

/** A notice counts no further. */
const MOST_COUNTED = 99

export async function exportNotices(ctx: Context): Promise<Reply<Api['exportNotices']>> {
  const { actor, clock } = ctx
  const count = async (query: ReturnType<typeof exportRequests>) =>
    (await query.clearSelect().select('r.id').limit(MOST_COUNTED).execute()).length
  const others = exportRequests(ctx).where('d.requestId', 'is', null).where('r.actorId', '<>', actor.id)
  const own = exportRequests(ctx).where('r.actorId', '=', actor.id).where('d.takeUntil', '>', clock.now()).where('x.number', 'is', null)
  return { waiting: can(ctx, 'access.releaseExports') ? await count(others) : 0, ready: await count(own) }
}

export async function changeExportLimits(ctx: Context, after: ExportLimits): Promise<ExportLimits> {
  const before = await exportLimits(ctx)
  await setExportLimits(ctx, after)
  await audit(ctx, { action: 'access.exportLimitsChanged', detail: { before, after } })
  return after
}
