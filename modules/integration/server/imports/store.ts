import { blindIndex, type Context, openText, sealText, sql } from '@renxin/server'
import { type FieldChange, importErrors } from '../../imports-contract.ts'
import type { Source, SourceRow } from './read/source.ts'
import { db } from './tables.ts'

/** The import, locked: of two who want to do something with it the second sees what the first has made of it. */
export async function lockImport(ctx: Context, id: string) {
  const found = await db(ctx).selectFrom('integration.imports').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
  if (!found) throw importErrors.importNotFound({ id })
  return found
}

export async function findImport(ctx: Context, id: string) {
  const found = await db(ctx).selectFrom('integration.imports').selectAll().where('id', '=', id).executeTakeFirst()
  if (!found) throw importErrors.importNotFound({ id })
  return found
}

export type Import = Awaited<ReturnType<typeof findImport>>

/** The file, sealed as it is kept while the import is at work. */
export const sealFile = (ctx: Pick<Context, 'keys'>, body: Buffer): Buffer => sealText(ctx, body.toString('base64'))

export async function openFile(ctx: Context, importId: string): Promise<Buffer> {
  const kept = await db(ctx).selectFrom('integration.importFiles').where('importId', '=', importId).select('body').executeTakeFirst()
  if (!kept) throw importErrors.importOver({ id: importId })
  return Buffer.from(openText(ctx, kept.body), 'base64')
}

export const dropFile = async (ctx: Context, importId: string): Promise<void> => {
  await db(ctx).deleteFrom('integration.importFiles').where('importId', '=', importId).execute()
}

type Peek = { source: Source; rows: SourceRow[] }
export const sealPeek = (ctx: Pick<Context, 'keys'>, peek: Peek): Buffer => sealText(ctx, JSON.stringify(peek))
export const openPeek = (ctx: Pick<Context, 'keys'>, { peek }: { peek: Buffer }): Peek => JSON.parse(openText(ctx, peek)) // written by `sealPeek`

export const sealCells = (ctx: Pick<Context, 'keys'>, cells: readonly string[]): Buffer => sealText(ctx, JSON.stringify(cells))
export const openCells = (ctx: Pick<Context, 'keys'>, { cells }: { cells: Buffer }): string[] => JSON.parse(openText(ctx, cells)) // written by `sealCells`

export const sealChanges = (ctx: Pick<Context, 'keys'>, changes: readonly FieldChange[]): Buffer | null =>
  changes.length > 0 ? sealText(ctx, JSON.stringify(changes)) : null
export const openChanges = (ctx: Pick<Context, 'keys'>, { changes }: { changes: Buffer | null }): FieldChange[] =>
  changes ? JSON.parse(openText(ctx, changes)) : [] // written by `sealChanges`

export const keyIndex = (ctx: Pick<Context, 'keys'>, key: string): Buffer => blindIndex(ctx, 'integration.importRow', key)

/** The rows of the file as they are read, so many in one statement. */
export async function insertRows(ctx: Context, importId: string, rows: readonly SourceRow[]): Promise<void> {
  if (rows.length === 0) return
  await sql`
    insert into integration.import_rows (import_id, number, cells, print)
    select ${importId}::uuid, n.number, n.cells, n.print
    from unnest(${rows.map((r) => r.number)}::int[], ${rows.map((r) => sealCells(ctx, r.cells))}::bytea[],
      ${rows.map((r) => keyIndex(ctx, JSON.stringify(r.cells)))}::bytea[]) as n (number, cells, print)`.execute(ctx.db)
}

/** How many rows have become what; the sum of the five is the rows of the file. */
export async function recount(ctx: Context, importId: string): Promise<void> {
  await sql`
    update integration.imports i set row_count = c.all_rows, new_rows = c.new_rows, changed_rows = c.changed_rows, unchanged_rows = c.unchanged_rows,
      skipped_rows = c.skipped_rows, failed_rows = c.failed_rows
    from (select count(*)::int as all_rows,
            (count(*) filter (where result = 'new'))::int as new_rows, (count(*) filter (where result = 'changed'))::int as changed_rows,
            (count(*) filter (where result = 'unchanged'))::int as unchanged_rows, (count(*) filter (where result = 'skipped'))::int as skipped_rows,
            (count(*) filter (where result = 'failed'))::int as failed_rows
          from integration.import_rows where import_id = ${importId}::uuid) c
    where i.id = ${importId}::uuid`.execute(ctx.db)
  ctx.touched.add('integration')
}
