import { hash } from 'node:crypto'
import { type ExportFormat, houseErrors, newId, type Route } from '@renxin/kernel'
import { audit } from './audit.ts'
import { type Context, nilId } from './context.ts'

export type ExportLimits = {
  /** So many rows may be taken alone. */
  aloneRows: number
  /** With more there is no export at all. */
  mostRows: number
  /** Whole names and numbers wait for their release, however few they are. */
  plainWaits: boolean
  /** For so long what was released may be taken. */
  takeHours: number
}

/** No law and no standard names a figure: these are our choice, and a hospital may change each. */
export const exportPreset: ExportLimits = { aloneRows: 1000, mostRows: 50_000, plainWaits: false, takeHours: 24 }

export async function exportLimits(ctx: Context): Promise<ExportLimits> {
  const set = await ctx.db.selectFrom('house.exportLimits').select(['aloneRows', 'mostRows', 'plainWaits', 'takeHours']).executeTakeFirst()
  return set ?? exportPreset
}

export async function setExportLimits(ctx: Context, after: ExportLimits): Promise<void> {
  await ctx.db
    .insertInto('house.exportLimits')
    .values(after)
    .onConflict((c) => c.constraint('export_limits_pkey').doUpdateSet(after))
    .execute()
}

/** What somebody wants to take away. Two of them are the same where route, question, its words and the columns are. */
export type Wanted = {
  route: Pick<Route, 'module' | 'name' | 'path'>
  title: string
  format: ExportFormat
  reason: string
  filters: readonly [string, string][]
  columns: readonly string[]
  rows: number
  isPlain: boolean
  asked: object
  /** When its rows were read; now, where it is not said. */
  asOf?: Date | undefined
}

type Question = Pick<Wanted, 'route' | 'asked'>
export const routeName = ({ module, name }: Pick<Route, 'module' | 'name'>): string => `${module}.${name}`

const digestOf = ({ route, asked }: Question): string => {
  const said = Object.entries(asked).filter(([, value]) => value !== undefined)
  return hash('sha256', JSON.stringify([routeName(route), said.toSorted(([a], [b]) => (a < b ? -1 : 1))]))
}

/** What this person has asked in these words and has not been taken: waiting, or released and still to be had. The oldest first. */
const openRequests = (ctx: Context, question: Question) =>
  ctx.db
    .selectFrom('house.exportRequests as r')
    .leftJoin('house.exportDecisions as d', 'd.requestId', 'r.id')
    .leftJoin('house.exports as x', 'x.releaseId', 'r.id')
    .where('r.actorId', '=', ctx.actor.id)
    .where('r.digest', '=', digestOf(question))
    .where('x.number', 'is', null)
    .where((e) => e.or([e('d.requestId', 'is', null), e.and([e('d.isReleased', '=', true), e('d.takeUntil', '>', ctx.clock.now())])]))
    .select(['r.id', 'r.at', 'r.rows', 'r.filters', 'r.columns', 'r.isPlain', 'd.isReleased'])
    .orderBy('r.at')

/**
 * When the export was asked for that has been released in these words: rows that came since do not belong to it. An answer that only grows, such as the trail,
 * leaves them out, so that what is taken is what was released.
 */
export async function releasedAsOf(ctx: Context, question: Question): Promise<Date | undefined> {
  return (await openRequests(ctx, question).execute()).find((r) => r.isReleased)?.at
}

/** The release by which it may be taken: of the same question in the same words, with the same columns and at least as many rows. */
export async function releaseFor(ctx: Context, wanted: Wanted): Promise<string | null> {
  const released = await openRequests(ctx, wanted).execute()
  return released.find((r) => r.isReleased && isSame(r, wanted) && r.rows >= wanted.rows)?.id ?? null
}

type Known = { filters: unknown; columns: unknown; isPlain: boolean }
const isSame = (known: Known, wanted: Known): boolean =>
  JSON.stringify([known.filters, known.columns, known.isPlain]) === JSON.stringify([wanted.filters, wanted.columns, wanted.isPlain])

/** Asks for a release; who has asked the very same already waits on. */
export async function askRelease(ctx: Context, wanted: Wanted): Promise<string> {
  const { actor } = ctx
  if (actor.id === nilId) throw houseErrors.forbidden()
  const waiting = (await openRequests(ctx, wanted).execute()).find((r) => !r.isReleased && isSame(r, wanted) && r.rows === wanted.rows)
  if (waiting) return waiting.id
  const { route, asked, filters, columns, asOf, ...said } = wanted
  const at = asOf ?? ctx.clock.now()
  const id = newId(at.getTime())
  await ctx.db
    .insertInto('house.exportRequests')
    .values({
      ...said,
      id,
      at,
      actorId: actor.id,
      actorName: actor.name,
      route: routeName(route),
      path: route.path,
      filters: JSON.stringify(filters),
      columns: JSON.stringify(columns),
      asked: JSON.stringify(asked),
      digest: digestOf(wanted),
    })
    .execute()
  await audit(ctx, {
    action: 'house.exportAsked',
    objectId: id,
    reason: wanted.reason,
    detail: { route: routeName(route), filters, columns, rows: wanted.rows },
  })
  ctx.touched.add('access') // whose page it is on which exports are released
  return id
}

/** Requests with what became of them. */
export const exportRequests = (ctx: Context) =>
  ctx.db
    .selectFrom('house.exportRequests as r')
    .leftJoin('house.exportDecisions as d', 'd.requestId', 'r.id')
    .leftJoin('house.exports as x', 'x.releaseId', 'r.id')
    .select(['r.id', 'r.at', 'r.actorId', 'r.actorName', 'r.route', 'r.path', 'r.title', 'r.format', 'r.reason', 'r.filters', 'r.columns'])
    .select(['r.rows', 'r.isPlain', 'r.asked', 'd.isReleased', 'd.at as decidedAt', 'd.decidedByName', 'd.reason as decision'])
    .select(['d.takeUntil', 'x.number'])

type Decision = { requestId: string; askedBy: string; isReleased: boolean; at: Date; reason: string; takeUntil: Date | null }

/** False where somebody has decided it already. */
export async function noteDecision(ctx: Context, decision: Decision): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await ctx.db
    .insertInto('house.exportDecisions')
    .values({ ...decision, decidedBy: ctx.actor.id, decidedByName: ctx.actor.name })
    .onConflict((c) => c.constraint('export_decisions_pkey').doNothing())
    .executeTakeFirst()
  return numInsertedOrUpdatedRows !== 0n
}
