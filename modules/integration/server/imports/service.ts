import type { Input, Page } from '@renxin/kernel'
import { audit, type Context, paged, sql } from '@renxin/server'
import { targets } from '../../columns-contract.ts'
import { type ImportStatus, importErrors, type importsApi } from '../../imports-contract.ts'
import { ownFieldsOf } from '../own-fields.ts'
import { fieldsByColumn, guessMapping, mappingFrom, missingOf, samplesOf, tableRows } from './layout.ts'
import { findImport, type Import, lockImport, openFile, openPeek, sealPeek } from './store.ts'
import { db } from './tables.ts'
import { layColumns, peek, rememberLayout, takeFile } from './upload.ts'

type Api = typeof importsApi

export const UNDO_DAYS = 7
const DAY_MS = 86_400_000

export async function listImports(ctx: Context, cursor: Input<Api['imports']>): Promise<Page<Shown>> {
  const { rows, next } = await paged(
    db(ctx)
      .selectFrom('integration.imports as i')
      .leftJoin('integration.dropFolders as f', 'f.id', 'i.folderId')
      .select([
        'i.id', 'i.name', 'i.kind', 'i.status', 'i.reason', 'i.createdAt', 'i.createdByName', 'i.finishedAt', 'i.undoneAt', 'i.rowCount', 'i.ready',
        'i.newRows', 'i.changedRows', 'i.unchangedRows', 'i.skippedRows', 'i.failedRows', 'f.path as folderName',
      ]), // biome-ignore format: a list
    cursor,
    ['i.id'],
    'desc',
  )
  return { rows: rows.map((r) => shownOf(ctx, r)), next }
}

type Listed = Pick<
  Import,
  | 'id' | 'name' | 'kind' | 'status' | 'reason' | 'createdAt' | 'createdByName' | 'finishedAt' | 'undoneAt' | 'rowCount' | 'ready'
  | 'newRows' | 'changedRows' | 'unchangedRows' | 'skippedRows' | 'failedRows'
> & { folderName: string | null } // biome-ignore format: a list

type Shown = ReturnType<typeof shownOf>

function shownOf(ctx: Context, i: Listed) {
  const undoUntil = i.finishedAt ? new Date(i.finishedAt.getTime() + UNDO_DAYS * DAY_MS) : null
  const isCounted = ['checked', 'applying', 'done', 'undoing', 'undone'].includes(i.status)
  return {
    id: i.id,
    name: i.name,
    kind: i.kind,
    status: i.status,
    reason: i.reason,
    createdAt: i.createdAt,
    createdByName: i.createdByName,
    folderName: i.folderName,
    finishedAt: i.finishedAt,
    undoneAt: i.undoneAt,
    undoUntil: i.status === 'done' && undoUntil && undoUntil > ctx.clock.now() ? undoUntil : null,
    rows: i.rowCount,
    ready: Math.min(i.ready, i.rowCount),
    counts: isCounted
      ? { new: i.newRows, changed: i.changedRows, unchanged: i.unchangedRows, skipped: i.skippedRows, failed: i.failedRows }
      : null,
  }
}

export async function getImport(ctx: Context, id: string) {
  const found = await findImport(ctx, id)
  const folder = found.folderId
    ? await db(ctx).selectFrom('integration.dropFolders').where('id', '=', found.folderId).select('path').executeTakeFirst()
    : undefined
  const isLaying = found.status === 'mapping' // afterwards nobody needs the samples, which are somebody's names and numbers
  const table = isLaying ? tableRows(openPeek(ctx, found).rows, found) : []
  if (isLaying) await audit(ctx, { action: 'integration.importRead', objectId: id })
  const fields = fieldsByColumn(found.heads, found.mapping)
  const own = await ownFieldsOf(ctx, found.kind)
  const visitClass = found.mapping.class && 'constant' in found.mapping.class ? found.mapping.class.constant : null
  return {
    ...shownOf(ctx, { ...found, folderName: folder?.path ?? null }),
    sheets: found.sheets,
    sheet: found.sheet,
    charset: found.charset,
    headRow: found.headRow,
    columns: found.heads.map((head, index) => ({ index, head, samples: samplesOf(head, table), fields: fields[index] ?? [] })),
    fields: Object.keys(targets[found.kind]),
    ownFields: own.map(({ name, definition }) => ({ name, label: definition.label })),
    visitClass,
    missing: missingOf(found.kind, found.mapping),
    isRemembered: found.isRemembered,
    saidAt: found.saidAt,
    problems: await problemsOf(ctx, id),
    undo: found.takenBack === null || found.kept === null ? null : { takenBack: found.takenBack, kept: found.kept },
  }
}

type ProblemCount = { code: string; level: 'error' | 'warning'; field: string | null; rows: number }

async function problemsOf(ctx: Context, importId: string): Promise<ProblemCount[]> {
  const { rows } = await sql<ProblemCount>`
    select p.code, p.level, p.field, count(distinct r.number)::int as rows
    from integration.import_rows r, jsonb_to_recordset(r.problems) as p (code text, level text, field text)
    where r.import_id = ${importId}::uuid and r.skip is null group by 1, 2, 3
    union all
    select 'repeated', 'warning', null, count(*)::int from integration.import_rows
    where import_id = ${importId}::uuid and repeats is not null and skip is null having count(*) > 0
    order by 2, 4 desc, 1`.execute(ctx.db)
  return rows
}

export async function uploadFile(ctx: Context, { id, kind, name, base64 }: Input<Api['upload']>) {
  await takeFile(ctx, { id, kind, name, body: Buffer.from(base64, 'base64') })
  return getImport(ctx, id)
}

/** Refuses what cannot be done with an import in this state. */
export function demand({ id, status }: Pick<Import, 'id' | 'status'>, ...allowed: ImportStatus[]): void {
  if (allowed.includes(status)) return
  if (status === 'checking' || status === 'applying' || status === 'undoing') throw importErrors.importBusy({ id, status })
  throw importErrors.importOver({ id, status })
}

/** Where the table stands and what its columns are. What was settled before for another place of the table is looked for anew. */
export async function setColumns(ctx: Context, { id, kind, sheet, headRow, fields, visitClass, saidAt }: Input<Api['setColumns']>) {
  const batch = await lockImport(ctx, id)
  demand(batch, 'mapping')
  if (sheet !== undefined && !batch.sheets.includes(sheet)) throw importErrors.sheetNotFound({ id })
  let { source, rows } = openPeek(ctx, batch)
  const change: Partial<Import> = {}
  if (sheet !== undefined && sheet !== batch.sheet) {
    rows = await peek(await openFile(ctx, id), source, sheet)
    Object.assign(change, { sheet, peek: sealPeek(ctx, { source, rows }) })
  }
  const now = { ...batch, ...(kind && { kind }) }
  if (kind !== undefined || change.sheet !== undefined || headRow !== undefined) {
    Object.assign(change, { kind: now.kind }, await layColumns(ctx, now.kind, rows, headRow))
  }
  const heads = change.heads ?? batch.heads
  if (fields !== undefined || visitClass !== undefined) {
    const guessed = guessMapping(now.kind, heads, tableRows(rows, { headRow: change.headRow ?? batch.headRow, heads }))
    const before = change.mapping ?? batch.mapping
    const classBefore = before.class && 'constant' in before.class ? before.class.constant : null
    const chosen = mappingFrom(
      now.kind,
      heads,
      fields ?? fieldsByColumn(heads, before),
      visitClass === undefined ? classBefore : visitClass,
      { ...guessed, ...before },
      new Set((await ownFieldsOf(ctx, now.kind)).map((o) => o.name)),
    )
    if (chosen.twice) throw importErrors.columnTwice({ field: chosen.twice })
    change.mapping = chosen.mapping
  }
  if (saidAt !== undefined) change.saidAt = new Date(Math.min(Date.parse(saidAt), ctx.clock.now().getTime()))
  if (Object.keys(change).length > 0) await db(ctx).updateTable('integration.imports').set(change).where('id', '=', id).execute()
  return getImport(ctx, id)
}

/** Goes on to the dry run over all rows, and remembers the columns for the next file of the same layout. */
export async function checkImport(ctx: Context, id: string) {
  const batch = await lockImport(ctx, id)
  demand(batch, 'mapping')
  const missing = missingOf(batch.kind, batch.mapping)
  if (missing.length > 0) throw importErrors.columnsMissing({ fields: missing })
  await rememberLayout(ctx, batch)
  await forgetRows(ctx, id)
  await db(ctx)
    .updateTable('integration.imports')
    .set({ status: 'checking', rowCount: 0, ready: 0, reason: null })
    .where('id', '=', id)
    .execute()
  return getImport(ctx, id)
}

export async function reopenImport(ctx: Context, id: string) {
  const batch = await lockImport(ctx, id)
  demand(batch, 'mapping', 'checked', 'failed')
  const applied = await db(ctx)
    .selectFrom('integration.importRows')
    .where('importId', '=', id)
    .where('isApplied', '=', true)
    .limit(1)
    .select('number')
    .executeTakeFirst()
  if (applied) throw importErrors.importOver({ id, status: batch.status })
  await forgetRows(ctx, id)
  await db(ctx)
    .updateTable('integration.imports')
    .set({ status: 'mapping', rowCount: 0, ready: 0, reason: null })
    .where('id', '=', id)
    .execute()
  return getImport(ctx, id)
}

const forgetRows = (ctx: Context, id: string) => db(ctx).deleteFrom('integration.importRows').where('importId', '=', id).execute()

/** Goes on to do it in earnest. */
export async function applyImport(ctx: Context, id: string) {
  const batch = await lockImport(ctx, id)
  demand(batch, 'checked')
  if (batch.newRows + batch.changedRows + batch.unchangedRows === 0) throw importErrors.nothingToImport({ id })
  await db(ctx).updateTable('integration.imports').set({ status: 'applying', ready: 0 }).where('id', '=', id).execute()
  return getImport(ctx, id)
}

/** Lets an import go that was not applied: the file and its rows are forgotten, the line in the list stays. */
export async function discardImport(ctx: Context, id: string) {
  const batch = await lockImport(ctx, id)
  demand(batch, 'mapping', 'checked', 'failed')
  await forgetRows(ctx, id)
  await db(ctx).deleteFrom('integration.importFiles').where('importId', '=', id).execute()
  await db(ctx).updateTable('integration.imports').set({ status: 'discarded', rowCount: 0, ready: 0 }).where('id', '=', id).execute()
  return getImport(ctx, id)
}

/** Takes back what the import did, as far as nobody built on it: a compensating act, with its own trace. */
export async function undoImport(ctx: Context, id: string) {
  const batch = await lockImport(ctx, id)
  demand(batch, 'done', 'failed')
  if (batch.finishedAt && batch.finishedAt.getTime() + UNDO_DAYS * DAY_MS <= ctx.clock.now().getTime())
    throw importErrors.undoTooLate({ id })
  await db(ctx).updateTable('integration.imports').set({ status: 'undoing', ready: 0 }).where('id', '=', id).execute()
  await audit(ctx, { action: 'integration.importUndo', objectId: id })
  return getImport(ctx, id)
}
