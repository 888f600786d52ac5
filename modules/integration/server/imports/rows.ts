import type { Input, Page } from '@renxin/kernel'
import { type Context, paged, sql } from '@renxin/server'
import { type CheckedRow, importErrors, type importsApi } from '../../imports-contract.ts'
import { checkRows, markRepeats, type Row } from './check.ts'
import { sourceColumn } from './layout.ts'
import { demand, getImport } from './service.ts'
import { findImport, type Import, keyIndex, lockImport, openCells, openChanges, recount, sealCells } from './store.ts'
import { db } from './tables.ts'

type Api = typeof importsApi

const rows = (ctx: Context, importId: string) =>
  db(ctx)
    .selectFrom('integration.importRows as r')
    .where('r.importId', '=', importId)
    .select([
      'r.number',
      'r.cells',
      'r.print',
      'r.result',
      'r.skip',
      'r.isEdited',
      'r.problems',
      'r.repeats',
      'r.changes',
      'r.patientId',
      'r.kept',
    ])

type Listed = Awaited<ReturnType<ReturnType<typeof rows>['execute']>>[number]

export async function listRows(
  ctx: Context,
  { id, result, problem, field, kept, ...cursor }: Input<Api['importRows']>,
): Promise<Page<CheckedRow>> {
  await findImport(ctx, id)
  let query = rows(ctx, id)
  if (result) query = query.where('r.result', '=', result)
  if (problem) query = query.where(hasProblem(problem, field ?? null))
  if (kept) query = query.where(sql<boolean>`r.kept <> '[]'`)
  const { rows: found, next } = await paged(query, cursor, ['r.number'])
  return { rows: found.map((r) => shown(ctx, r)), next }
}

const hasProblem = (code: string, field: string | null) =>
  code === 'repeated'
    ? sql<boolean>`r.repeats is not null and r.skip is null`
    : sql<boolean>`r.problems @> ${JSON.stringify([field === null ? { code } : { code, field }])}::jsonb`

function shown(ctx: Context, row: Listed): CheckedRow {
  const repeated = { code: 'repeated', level: 'warning' as const, column: null, field: null, details: { row: row.repeats ?? 0 } }
  return {
    number: row.number,
    cells: openCells(ctx, row),
    result: row.result,
    skip: row.skip,
    isEdited: row.isEdited,
    problems: row.repeats === null ? row.problems : [...row.problems, repeated],
    changes: openChanges(ctx, row),
    patientId: row.patientId,
    kept: row.kept,
  }
}

/** Puts other words into cells of a row, or leaves the row out, and looks at it again at once. */
export async function editRow(ctx: Context, { id, number, cells, isSkipped }: Input<Api['editRow']>): Promise<CheckedRow> {
  const batch = await lockImport(ctx, id)
  demand(batch, 'checked')
  const before = await rows(ctx, id).where('r.number', '=', number).executeTakeFirst()
  if (!before) throw importErrors.rowNotFound({ id, number })
  const row: Row = { number, cells: before.cells, print: before.print, skip: before.skip }
  if (cells && cells.length > 0) Object.assign(row, edited(ctx, openCells(ctx, before), cells))
  if (isSkipped !== undefined) row.skip = isSkipped ? 'byHand' : null
  await db(ctx)
    .updateTable('integration.importRows')
    .set({ cells: row.cells, print: row.print, isEdited: before.isEdited || Boolean(cells?.length) })
    .where('importId', '=', id)
    .where('number', '=', number)
    .execute()
  await checkRows(ctx, batch, [row])
  await markRepeats(ctx, id)
  await recount(ctx, id)
  const after = await rows(ctx, id).where('r.number', '=', number).executeTakeFirstOrThrow()
  return shown(ctx, after)
}

function edited(
  ctx: Context,
  before: readonly string[],
  changes: readonly { column: number; value: string }[],
): Pick<Row, 'cells' | 'print'> {
  const cells = [...before]
  for (const { column, value } of changes) {
    while (cells.length <= column) cells.push('')
    cells[column] = value.trim()
  }
  return { cells: sealCells(ctx, cells), print: keyIndex(ctx, JSON.stringify(cells)) }
}

const MEND_AT_ONCE = 2000

/** The same for every row with one problem: the cell is left empty, or the row out. The rows are looked at again in the background. */
export async function mendRows(ctx: Context, { id, problem, field, how }: Input<Api['mendRows']>) {
  const batch = await lockImport(ctx, id)
  demand(batch, 'checked')
  if (how === 'skipRow') {
    await sql`
      update integration.import_rows r set skip = 'byHand', result = 'skipped', problems = '[]', repeats = null, changes = null
      where r.import_id = ${id}::uuid and r.skip is null and ${hasProblem(problem, field)}`.execute(ctx.db)
    await markRepeats(ctx, id)
    await recount(ctx, id)
  } else await emptyCells(ctx, batch, problem, field)
  return getImport(ctx, id)
}

async function emptyCells(ctx: Context, batch: Import, problem: string, field: string | null): Promise<void> {
  const column = field === null ? -1 : batch.heads.indexOf(sourceColumn(batch.mapping, field) ?? '')
  if (column < 0) throw importErrors.rowNotFound({ id: batch.id })
  for (let after = 0; ; ) {
    const { rows: found } = await sql<{ number: number; cells: Buffer }>`
      select r.number, r.cells from integration.import_rows r where r.import_id = ${batch.id}::uuid and r.skip is null and r.number > ${after}
        and ${hasProblem(problem, field)} order by r.number limit ${MEND_AT_ONCE}`.execute(ctx.db)
    if (found.length === 0) break
    const mended = found.map((r) => ({ number: r.number, ...edited(ctx, openCells(ctx, r), [{ column, value: '' }]) }))
    await sql`
      update integration.import_rows r set cells = n.cells, print = n.print, is_edited = true, is_checked = false
      from unnest(${mended.map((m) => m.number)}::int[], ${mended.map((m) => m.cells)}::bytea[], ${mended.map((m) => m.print)}::bytea[]) as n (number, cells, print)
      where r.import_id = ${batch.id}::uuid and r.number = n.number`.execute(ctx.db)
    after = found.at(-1)?.number ?? after
  }
  await sql`
    update integration.imports set status = 'checking',
      ready = (select count(*) from integration.import_rows r where r.import_id = ${batch.id}::uuid and r.is_checked)
    where id = ${batch.id}::uuid`.execute(ctx.db)
}
