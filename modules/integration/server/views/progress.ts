import type { Context } from '@renxin/server'
import type { SourceError } from './failure.ts'
import { momentOfMark } from './marks.ts'
import { db, type Progress, type ViewState } from './tables.ts'

/** Somebody changed the settings while their view was being read: the next reading goes by the new ones. */
export class Changed extends Error {}

const LONGEST_WAIT_SECONDS = 1800

/** Where this reading begins: at the beginning, or where the one before was broken off. */
export async function beginRun(ctx: Context, view: ViewState, missing: readonly string[]): Promise<Progress | null> {
  const progress = view.cursor && { ...view.cursor, resumedAt: view.cursor.resumedAt ?? view.cursor.mark }
  await change(ctx, view, {
    lastRunAt: ctx.clock.now(),
    cursor: json(progress),
    missingColumns: [...missing],
    ...(progress ? {} : { readRows: 0 }),
  })
  return progress
}

/** In the transaction that keeps a page's rows: where the next page begins. */
export async function goOn(ctx: Context, view: ViewState, progress: Progress | null, readRows: number): Promise<void> {
  await change(ctx, view, { cursor: json(progress), readRows })
}

/**
 * The mark goes on to the latest time that was seen, never to the present: the other clock may be behind. After a reading that was broken off it goes only
 * to where that was, since what was committed late meanwhile lies behind the place where it went on.
 */
export async function endRun(ctx: Context, view: ViewState, progress: Progress | null): Promise<void> {
  const now = ctx.clock.now()
  const reached = progress?.resumedAt ?? progress?.top ?? null
  await change(ctx, view, {
    mark: reached !== null && isLater(reached, view.mark, ctx.hospital.zone) ? reached : view.mark,
    cursor: null,
    lastOkAt: now,
    nextAt: new Date(now.getTime() + view.everySeconds * 1000),
    hasFutureRows: progress?.hasFuture ?? false,
    failures: 0,
    failure: null,
    failureDetail: null,
    failingSince: null,
  })
  ctx.touched.add('integration')
}

function isLater(mark: string, than: string | null, zone: string): boolean {
  if (than === null) return true
  const [a, b] = [momentOfMark(mark, zone), momentOfMark(than, zone)]
  return a && b ? a > b || (a.getTime() === b.getTime() && mark > than) : mark > than
}

/** One that is down is asked again after one minute, then two, four…, half an hour at most. */
export async function noteFailure(ctx: Context, view: ViewState, failure: SourceError): Promise<void> {
  const now = ctx.clock.now()
  const wait = Math.min(60 * 2 ** Math.min(view.failures, 10), LONGEST_WAIT_SECONDS)
  await db(ctx)
    .updateTable('integration.views')
    .set({
      lastRunAt: now,
      nextAt: new Date(now.getTime() + wait * 1000),
      failures: view.failures + 1,
      failingSince: view.failingSince ?? now,
      failure: failure.code,
      failureDetail: failure.detail,
    })
    .where('id', '=', view.id)
    .execute()
  ctx.touched.add('integration')
}

/** Only while the settings are those by which the rows were read. */
export async function change(ctx: Context, view: ViewState, fields: Partial<ViewState>): Promise<void> {
  const done = await db(ctx)
    .updateTable('integration.views')
    .set(fields)
    .where('id', '=', view.id)
    .where('changedAt', '=', view.changedAt)
    .executeTakeFirst()
  if (done.numUpdatedRows === 0n) throw new Changed()
}

const json = (progress: Progress | null) => (progress ? (JSON.stringify(progress) as unknown as Progress) : null) // jsonb takes its text
