import { houseErrors, type Input } from '@renxin/kernel'
import { audit, type Context, openText, paged, refuseClosed, sealText, sql } from '@renxin/server'
import { type Field, targets } from '../../columns-contract.ts'
import {
  type Answer,
  type RowList,
  type Source,
  targetOf,
  type View,
  type ViewRow,
  viewErrors,
  type viewsApi,
  type WardCount,
} from '../../views-contract.ts'
import { codesOf } from '../columns/index.ts'
import type { KeyedRow } from './keep-rows.ts'
import { keepRows } from './keep-rows.ts'
import type { Asked } from './questions.ts'
import { db, type SourceRow, type ViewState } from './tables.ts'

type Api = typeof viewsApi

/** The sources of the hospital with what is read of them; some dozens at most. */
export async function listSources(ctx: Context): Promise<{ rows: Source[] }> {
  const sources = await db(ctx).selectFrom('integration.viewSources').orderBy('name').limit(200).selectAll().execute()
  const { rows } = await sql<ViewState & { waiting: number; noted: number }>`
    select v.*, (select count(*)::int from (select from integration.view_rows r where r.view_id = v.id and r.status = 'waiting' limit 10000) w) as waiting,
      (select count(*)::int from (select from integration.view_rows r
        where r.view_id = v.id and r.status = 'applied' and r.problems is not null limit 10000) n) as noted
    from integration.views v order by v.subject, v.id limit 1000`.execute(ctx.db)
  return {
    rows: sources.map(({ password: _, changedAt: __, ...source }) => ({
      ...source,
      views: rows.filter((v) => v.sourceId === source.id).map(shown),
    })),
  }
}

const iso = (at: Date | null) => at?.toISOString() ?? null

const shown = (v: ViewState & { waiting: number; noted: number }): View => ({
  id: v.id,
  sourceId: v.sourceId,
  subject: v.subject,
  from: v.relation,
  keys: v.keys,
  update: v.updateColumn,
  mapping: v.mapping,
  codes: v.codes,
  everySeconds: v.everySeconds,
  startOn: v.startOn,
  isActive: v.isActive,
  lastRunAt: iso(v.lastRunAt),
  lastOkAt: iso(v.lastOkAt),
  mark: v.mark,
  isReading: v.cursor !== null,
  readRows: v.readRows,
  rows: v.rows,
  waiting: v.waiting,
  noted: v.noted,
  failing:
    v.failure && v.failingSince
      ? { code: v.failure, detail: v.failureDetail ?? '', since: v.failingSince.toISOString(), nextAt: v.nextAt.toISOString() }
      : null,
  missingColumns: v.missingColumns,
  rowsWithoutKey: v.rowsWithoutKey,
  hasFutureRows: v.hasFutureRows,
})

export async function saveSource(ctx: Context, { id, password, ...settings }: Input<Api['saveSource']>): Promise<{ id: string }> {
  refuseClosed(settings.host)
  const before = await findSource(ctx, id)
  refuseSocket(ctx, settings, before)
  const taken = await db(ctx)
    .selectFrom('integration.viewSources')
    .where('name', '=', settings.name)
    .where('id', '<>', id)
    .select('id')
    .executeTakeFirst()
  if (taken) throw viewErrors.sourceNameTaken({ name: settings.name })
  if (!before && password === undefined) throw viewErrors.passwordNeeded()
  const sealed = password === undefined ? before?.password : sealText(ctx, password)
  const fields = { ...settings, password: sealed ?? sealText(ctx, ''), changedAt: ctx.clock.now() }
  await db(ctx)
    .insertInto('integration.viewSources')
    .values({ id, ...fields })
    .onConflict((c) => c.constraint('view_sources_pkey').doUpdateSet(fields))
    .execute()
  // Whoever has put an address right does not wait for the pause after the last try.
  await db(ctx)
    .updateTable('integration.views')
    .set({ nextAt: ctx.clock.now() })
    .where('sourceId', '=', id)
    .where('failures', '>', 0)
    .execute()
  await audit(ctx, {
    action: 'integration.viewSourceChanged',
    objectId: id,
    detail: { after: { ...settings, password: password !== undefined } },
  })
  return { id }
}

/**
 * A socket file is a door of this machine itself, such as our own database's, where nobody is asked for a password. Only the program sets one up (the demo
 * hospital's HIS); of that one nobody changes where it leads and as whom.
 */
function refuseSocket(ctx: Context, said: Place, before: Place | undefined): void {
  const isSame = before && (['kind', 'host', 'port', 'database', 'username'] as const).every((part) => said[part] === before[part])
  if (said.host.trim().startsWith('/') && ctx.actor.kind !== 'system' && !isSame) throw houseErrors.closedAddress({ host: said.host })
}

type Place = Pick<SourceRow, 'kind' | 'host' | 'port' | 'database' | 'username'>

const findSource = (ctx: Context, id: string): Promise<SourceRow | undefined> =>
  db(ctx).selectFrom('integration.viewSources').where('id', '=', id).selectAll().executeTakeFirst()

async function getView(ctx: Context, id: string): Promise<ViewState> {
  const view = await db(ctx).selectFrom('integration.views').where('id', '=', id).selectAll().executeTakeFirst()
  if (!view) throw viewErrors.viewNotFound({ id })
  return view
}

export async function saveView(ctx: Context, { id, from, update, ...settings }: Input<Api['saveView']>): Promise<{ id: string }> {
  if (!(await findSource(ctx, settings.sourceId))) throw viewErrors.sourceNotFound({ id: settings.sourceId })
  const { problems } = codesOf(settings.codes)
  if (problems.length > 0) throw viewErrors.badCodes({ problems })
  const missing = missingOf(settings)
  if (missing.length > 0 && settings.isActive) throw viewErrors.mappingIncomplete({ fields: missing })
  const before = await db(ctx).selectFrom('integration.views').where('id', '=', id).selectAll().executeTakeFirst()
  const now = ctx.clock.now()
  const fields = {
    ...settings,
    relation: json(from),
    updateColumn: update,
    mapping: json(settings.mapping),
    codes: json(settings.codes),
    changedAt: now,
    nextAt: now,
  }
  // Another table or another order of its rows: the reading begins anew. What was read stays known, so that nothing is told twice.
  const isOther =
    before && JSON.stringify([before.relation, before.keys, before.updateColumn]) !== JSON.stringify([from, settings.keys, update])
  await db(ctx)
    .insertInto('integration.views')
    .values({ id, ...fields })
    .onConflict((c) => c.constraint('views_pkey').doUpdateSet({ ...fields, cursor: null, ...(isOther && { mark: null, nightlyOn: null }) }))
    .execute()
  await audit(ctx, { action: 'integration.viewChanged', objectId: id, detail: { before: before?.mapping, after: settings.mapping } })
  return { id }
}

const json = <T>(value: T) => JSON.stringify(value) as unknown as T // jsonb takes its text

/** The fields without which no row can be taken. */
function missingOf({ subject, mapping }: Pick<Input<Api['saveView']>, 'subject' | 'mapping'>): string[] {
  const target = targetOf[subject]
  const fields: readonly [string, Field][] = Object.entries(targets[target])
  const missing = fields.filter(([name, field]) => field.isRequired && !mapping[name]).map(([name]) => name)
  const isOfPerson = target === 'patients' || target === 'encounters' || target === 'reports'
  const numbers = ['recordNumber', 'patientIndex', 'inpatientNumber', 'cardNumber', 'identityCard']
  return isOfPerson && !numbers.some((n) => mapping[n]) ? [...missing, 'recordNumber'] : missing
}

/** Leaves a question for whoever reads the sources: a route holds a transaction open, and the other side may take its time. */
export async function ask(ctx: Context, { id, sourceId, tried, question }: Input<Api['ask']>): Promise<{ id: string }> {
  const saved = await findSource(ctx, sourceId)
  if (!saved && !tried) throw viewErrors.sourceNotFound({ id: sourceId })
  const { password: typed, ...settings } = tried ?? {}
  const password = typed ?? (saved && (!tried || isSameDoor(saved, tried)) ? openText(ctx, saved.password) : undefined)
  if (password === undefined) throw viewErrors.passwordNeeded()
  const source = { authority: saved?.authority ?? '', ...pick(saved), ...settings } as Asked['source'] // one of the two is there
  await db(ctx)
    .insertInto('integration.viewQuestions')
    .values({
      id,
      asked: sealText(ctx, JSON.stringify({ source, password, question } satisfies Asked)),
      answer: null,
      askedAt: ctx.clock.now(),
      claimedAt: null,
    })
    .execute()
  return { id }
}

/** The saved password goes to the place for which it was given, and to no other that somebody types in. */
const isSameDoor = (saved: SourceRow, tried: { kind: string; host: string; port: number; username: string }) =>
  saved.kind === tried.kind && saved.host === tried.host && saved.port === tried.port && saved.username === tried.username

const pick = (saved: SourceRow | undefined) =>
  saved && {
    kind: saved.kind,
    host: saved.host,
    port: saved.port,
    database: saved.database,
    username: saved.username,
    tls: saved.tls,
    charset: saved.charset,
  }

export async function getAnswer(ctx: Context, { id }: Input<Api['answer']>): Promise<{ answer: Answer | null }> {
  const found = await db(ctx).selectFrom('integration.viewQuestions').where('id', '=', id).select('answer').executeTakeFirst()
  if (!found) throw viewErrors.questionNotFound({ id })
  return { answer: found.answer && (JSON.parse(openText(ctx, found.answer)) as Answer) } // as it was sealed; the contract reads it again
}

export async function listViewRows(
  ctx: Context,
  { id, status, ...cursor }: Input<Api['viewRows']>,
): Promise<{ rows: ViewRow[]; next: string | null }> {
  await getView(ctx, id)
  const query = rowsOf(ctx, id, status).select(['viewId', 'key', 'status', 'problems', 'failure', 'readAt', 'patientId', 'encounterId'])
  const { rows, next } = await paged(query, cursor, ['readAt', 'key'], 'desc')
  return { rows: rows.map((r) => ({ ...r, readAt: r.readAt.toISOString(), problems: r.problems ?? [] })), next }
}

const MOST_AT_ONCE = 500

/** Reads rows again by the present mapping: as they stood when they were read. What has changed since comes by itself. */
export async function reread(ctx: Context, { id, status, before }: Input<Api['reread']>) {
  const view = await getView(ctx, id)
  const source = await findSource(ctx, view.sourceId)
  if (!source) throw viewErrors.sourceNotFound({ id: view.sourceId })
  const began = before ? new Date(before) : ctx.clock.now() // whatever was read since is not read once more
  const kept = await rowsOf(ctx, id, status)
    .where('readAt', '<', began)
    .where('body', 'is not', null)
    .orderBy('readAt')
    .orderBy('key')
    .limit(MOST_AT_ONCE)
    .select(['key', 'body'])
    .execute()
  const rows = kept.flatMap(({ key, body }): KeyedRow[] => (body ? [{ key, row: JSON.parse(openText(ctx, body)) }] : []))
  const told = await keepRows(ctx, { source, view }, rows, { anyway: true })
  return { settled: told.applied, unsettled: told.waiting, next: kept.length === MOST_AT_ONCE ? began.toISOString() : null }
}

function rowsOf(ctx: Context, viewId: string, status: RowList) {
  const all = db(ctx).selectFrom('integration.viewRows').where('viewId', '=', viewId)
  return status === 'waiting' ? all.where('status', '=', 'waiting') : all.where('status', '=', 'applied').where('problems', 'is not', null)
}

export async function reload(ctx: Context, { id }: Input<Api['reload']>): Promise<{ id: string }> {
  await getView(ctx, id)
  const now = ctx.clock.now()
  await db(ctx)
    .updateTable('integration.views')
    .set({ mark: null, cursor: null, nightlyOn: null, nextAt: now, changedAt: now })
    .where('id', '=', id)
    .execute()
  await audit(ctx, { action: 'integration.viewReloaded', objectId: id })
  return { id }
}

export async function listCounts(ctx: Context, { viewId }: Input<Api['viewCounts']>): Promise<{ rows: WardCount[] }> {
  let query = db(ctx)
    .selectFrom('integration.viewCounts as c')
    .leftJoin('staff.unitCards as u', 'u.id', 'c.wardId')
    .orderBy('c.day', 'desc')
    .orderBy('u.name')
    .limit(5000)
    .select(['c.viewId', 'c.day', 'u.id as wardId', 'u.name as wardName', 'c.theirs', 'c.ours', 'c.countedAt'])
  if (viewId) query = query.where('c.viewId', '=', viewId)
  const rows = await query.execute()
  return { rows: rows.map((r) => ({ ...r, countedAt: r.countedAt.toISOString() })) }
}
