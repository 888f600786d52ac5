import { usualAuthority } from '@renxin/patients'
import { audit, type Context } from '@renxin/server'
import type { ImportKind } from '../../imports-contract.ts'
import { guessOwn } from '../columns/index.ts'
import { ownFieldsOf } from '../own-fields.ts'
import { guessMapping, layOut, PEEK_ROWS, tableRows } from './layout.ts'
import { fileName } from './named.ts'
import { openApart, rowsApart } from './read/apart.ts'
import type { Source, SourceRow } from './read/source.ts'
import { type Import, sealFile, sealPeek } from './store.ts'
import { db } from './tables.ts'

export type NewImport = { id: string; kind: ImportKind; name: string; body: Buffer; folderId?: string }

/** Takes a file in: looks at its beginning, finds the table and its columns, and keeps the file sealed. Reads no more of it yet. */
export async function takeFile(ctx: Context, { id, kind, name, body, folderId }: NewImport): Promise<void> {
  const known = await db(ctx).selectFrom('integration.imports').where('id', '=', id).select('id').executeTakeFirst()
  if (known) return // sent twice
  const { source, rows } = await openApart(body, PEEK_ROWS)
  const sheet = source.sheets[0] ?? ''
  const found = await layColumns(ctx, kind, rows)
  await db(ctx)
    .insertInto('integration.imports')
    .values({
      id,
      name: fileName(name),
      kind,
      reason: null,
      createdAt: ctx.clock.now(),
      createdBy: ctx.actor.kind === 'system' ? null : ctx.actor.id,
      createdByName: ctx.actor.name,
      folderId: folderId ?? null,
      sheets: [...source.sheets],
      sheet,
      charset: source.format === 'text' ? source.charset : null,
      ...found,
      mapping: found.mapping,
      peek: sealPeek(ctx, { source, rows }),
      authority: await usualAuthority(ctx),
      saidAt: ctx.clock.now(),
      finishedAt: null,
      undoneAt: null,
      takenBack: null,
      kept: null,
    })
    .execute()
  await db(ctx)
    .insertInto('integration.importFiles')
    .values({ importId: id, body: sealFile(ctx, body) })
    .execute()
  await audit(ctx, { action: 'integration.importTaken', objectId: id, detail: { kind, rows: rows.length } })
}

export async function peek(body: Buffer, source: Source, sheet: string): Promise<SourceRow[]> {
  const rows: SourceRow[] = []
  for await (const row of rowsApart(body, source, sheet, PEEK_ROWS)) rows.push(row)
  return rows
}

type Found = Pick<Import, 'headRow' | 'heads' | 'layout' | 'mapping' | 'isRemembered'>

/** The columns as they were put for a file of the same layout before, else as their names and values have it. */
export async function layColumns(ctx: Context, kind: ImportKind, rows: readonly SourceRow[], headRow?: number): Promise<Found> {
  const laid = layOut(kind, rows, headRow)
  const remembered = await db(ctx)
    .selectFrom('integration.importLayouts')
    .where('layout', '=', laid.layout)
    .where('kind', '=', kind)
    .select('mapping')
    .executeTakeFirst()
  const guessed = guessMapping(kind, laid.heads, tableRows(rows, laid))
  const mapping = remembered?.mapping ?? guessOwn(await ownFieldsOf(ctx, kind), laid.heads, guessed)
  return { ...laid, mapping, isRemembered: remembered !== undefined }
}

/** Remembers how the columns of a layout were put, for the next file of the kind. */
export async function rememberLayout(ctx: Context, { layout, kind, mapping }: Pick<Import, 'layout' | 'kind' | 'mapping'>): Promise<void> {
  const values = { mapping, savedAt: ctx.clock.now() }
  await db(ctx)
    .insertInto('integration.importLayouts')
    .values({ layout, kind, ...values })
    .onConflict((c) => c.constraint('import_layouts_pkey').doUpdateSet({ kind, ...values }))
    .execute()
}
