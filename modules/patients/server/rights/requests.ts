import { addDays, type Input, type Page } from '@renxin/kernel'
import { audit, type Context, openText, paged, sealText } from '@renxin/server'
import { type CorrectionItem, type RightsRequest, type rightsApi, rightsErrors } from '../../contract.ts'
import { patientVisible } from '../care.ts'
import { showName } from '../show-name.ts'
import { db } from '../tables.ts'
import { subjectOf } from './subject.ts'

type Api = typeof rightsApi

/** The newest first; of those whose term is over only what is still open. */
export async function listRequests(
  ctx: Context,
  { kind, state, isOverdue, patientId, ...cursor }: Input<Api['rightsRequests']>,
): Promise<Page<RightsRequest>> {
  let query = visible(ctx)
  if (kind) query = query.where('r.kind', '=', kind)
  if (state) query = query.where('r.state', '=', state)
  if (isOverdue) query = query.where('r.state', '=', 'open').where('r.dueOn', '<', ctx.clock.today())
  if (patientId) query = query.where('r.patientId', '=', (await subjectOf(ctx, patientId)).id)
  const { rows, next } = await paged(query, cursor, ['r.receivedAt', 'r.id'], 'desc')
  return { rows: rows.map((row) => shown(ctx, row)), next }
}

export async function getRequest(ctx: Context, id: string): Promise<RightsRequest> {
  return shown(ctx, await findRequest(ctx, id))
}

export async function findRequest(ctx: Context, id: string): Promise<Row> {
  const row = await visible(ctx).where('r.id', '=', id).executeTakeFirst()
  if (!row) throw rightsErrors.rightNotFound({ id })
  return row
}

/** Holds an open request of this kind; refuses where somebody has settled it. */
export async function holdOpen(ctx: Context, id: string, kind?: RightsRequest['kind']): Promise<Row> {
  const row = await findRequest(ctx, id)
  await db(ctx).selectFrom('patients.rightsRequests').select('id').where('id', '=', id).forUpdate().execute()
  const now = await findRequest(ctx, id)
  if (kind && row.kind !== kind) throw rightsErrors.rightOfOtherKind({ id })
  if (now.state !== 'open') throw rightsErrors.rightClosed({ id, byName: now.decidedByName })
  return now
}

/** Takes a request in. The term is the hospital's of today; one that is set later does not move it. */
export async function recordRequest(ctx: Context, asked: Input<Api['recordRight']>): Promise<RightsRequest> {
  const { id, patientId, kind, asker, askerName, proof, details, items } = asked
  const receivedAt = asked.receivedAt ? new Date(asked.receivedAt) : ctx.clock.now()
  if (receivedAt > ctx.clock.now()) throw rightsErrors.rightInFuture()
  if (asker !== 'patient' && !askerName) throw rightsErrors.whoAsks()
  if (kind === 'correction' && items.length === 0) throw rightsErrors.nothingToCorrect()
  const { answerDays } = await getTerm(ctx)
  const subject = await subjectOf(ctx, patientId)
  const open: CorrectionItem[] = kind === 'correction' ? items.map((item) => ({ ...item, isAccepted: null, reason: null })) : []
  await db(ctx)
    .insertInto('patients.rightsRequests')
    .values({
      id,
      patientId: subject.id,
      saidPatientId: subject.id,
      kind,
      asker,
      askerName: askerName ? sealText(ctx, askerName) : null,
      proof,
      details: details ? sealText(ctx, details) : null,
      items: open.length > 0 ? sealText(ctx, JSON.stringify(open)) : null,
      receivedAt,
      dueOn: answerDays === null ? null : addDays(ctx.clock.dayOf(receivedAt), answerDays),
      recordedBy: ctx.actor.id,
      recordedByName: ctx.actor.name,
      decidedBy: null,
      decidedByName: null,
      refusal: null,
      doneAt: null,
      counts: null,
    })
    .onConflict((c) => c.constraint('rights_requests_pkey').doNothing())
    .execute()
  return getRequest(ctx, id)
}

type Ending = { state: 'done' | 'refused' | 'withdrawn'; refusal?: Buffer; items?: Buffer | null; counts?: Record<string, number> }

/** Settles a request that is held. */
export async function settle(ctx: Context, id: string, { counts, ...ending }: Ending): Promise<RightsRequest> {
  await db(ctx)
    .updateTable('patients.rightsRequests')
    .set({
      ...ending,
      ...(counts ? { counts: JSON.stringify(counts) as unknown as Record<string, number> } : {}), // the driver would take a plain object for a record
      decidedBy: ctx.actor.id,
      decidedByName: ctx.actor.name,
      doneAt: ctx.clock.now(),
    })
    .where('id', '=', id)
    .execute()
  return getRequest(ctx, id)
}

export async function refuseRequest(ctx: Context, { id, refusal }: Input<Api['refuseRight']>): Promise<RightsRequest> {
  await holdOpen(ctx, id)
  return settle(ctx, id, { state: 'refused', refusal: sealText(ctx, refusal) })
}

export async function withdrawRequest(ctx: Context, { id }: { id: string }): Promise<RightsRequest> {
  await holdOpen(ctx, id)
  return settle(ctx, id, { state: 'withdrawn' })
}

export async function getTerm(ctx: Context): Promise<{ answerDays: number | null }> {
  return (await db(ctx).selectFrom('patients.rightsSettings').select('answerDays').executeTakeFirst()) ?? { answerDays: null }
}

export async function saveTerm(ctx: Context, setting: Input<Api['saveRightsTerm']>): Promise<{ answerDays: number | null }> {
  const before = await getTerm(ctx)
  await db(ctx)
    .insertInto('patients.rightsSettings')
    .values(setting)
    .onConflict((c) => c.constraint('rights_settings_pkey').doUpdateSet(setting))
    .execute()
  await audit(ctx, { action: 'patients.rightsTermChanged', detail: { before, after: setting } })
  return setting
}

const visible = (ctx: Context) =>
  db(ctx)
    .selectFrom('patients.rightsRequests as r')
    .innerJoin('patients.cards as p', 'p.id', 'r.patientId')
    .where(patientVisible(ctx, 'r.patientId'))
    .selectAll('r')
    .select('p.name as patientName')

type Row = Awaited<ReturnType<ReturnType<typeof visible>['executeTakeFirstOrThrow']>>

export const itemsOf = (ctx: Context, row: Pick<Row, 'items'>): CorrectionItem[] => (row.items ? JSON.parse(openText(ctx, row.items)) : []) // written by `recordRequest`

function shown(ctx: Context, row: Row): RightsRequest {
  const open = (sealed: Buffer | null) => sealed && openText(ctx, sealed)
  const { recordedBy, decidedBy: _, saidPatientId: _s, ...rest } = row
  return {
    ...rest,
    patientName: showName(ctx, row.patientName),
    askerName: open(row.askerName),
    details: open(row.details),
    items: itemsOf(ctx, row),
    refusal: open(row.refusal),
    receivedAt: row.receivedAt.toISOString(),
    doneAt: row.doneAt?.toISOString() ?? null,
    isOwn: recordedBy === ctx.actor.id,
    isOverdue: row.state === 'open' && row.dueOn !== null && row.dueOn < ctx.clock.today(),
  }
}
