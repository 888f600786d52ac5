import { type ExportFormat, type ExportWaits, houseErrors, type Route } from '@renxin/kernel'
import { houseWords } from '@renxin/ui/words'
import { sql } from 'kysely'
import { audit } from './audit.ts'
import { type Context, can, nilId } from './context.ts'
import { askRelease, exportLimits, releaseFor, routeName } from './export-release.ts'
import { inTurn } from './locks.ts'
import { pdfOf } from './pdf.ts'
import type { FileReply } from './serve.ts'
import { type Cell, type Column, csvOf, type Mark, workbookOf } from './sheet.ts'

export {
  type ExportLimits,
  exportLimits,
  exportPreset,
  exportRequests,
  noteDecision,
  releasedAsOf,
  setExportLimits,
} from './export-release.ts'
export type { Cell, Column, Mark } from './sheet.ts'
export { csvLine } from './sheet.ts'
export { zipOf } from './zip.ts'

/** One table of an export; `name` is that of its sheet. */
export type ExportTable = {
  name: string
  columns: readonly Column[]
  rows: readonly (readonly Cell[])[]
  /** It says what the others mean, and its rows are none of theirs. */
  isKey?: boolean
}

/** What a route makes of its tables where the format is one of its own; what it makes must say the mark, and the number with it. */
export type Pack = (tables: readonly ExportTable[], mark: Mark, serial: string) => { body: Buffer; type: string; extension: string }

export type Export = {
  /** The route by which it is asked for: what kind of export it is. */
  route: Pick<Route, 'module' | 'name' | 'path'>
  title: string
  /** The name of the file, without what the format adds. */
  fileName: string
  format: ExportFormat
  reason: string
  /** What was asked, in words: `['筛选', '2026-09']`. They are kept, so they name no patient. */
  filters: readonly [string, string][]
  /** The question as it came, without format and reason: it is asked again once it was released. */
  asked: object
  /** When the rows were read, where that must be told from the moment of asking (`releasedAsOf`). */
  asOf?: Date
  tables: readonly ExportTable[]
  /** For the formats beside tables. */
  pack?: Pack
  /** Told the number, in the transaction that notes it. */
  onNoted?: (number: number) => Promise<unknown>
}

/** A page about one person that is given to him, made by the browser from what a route answers. */
export type ExportedPage = { route: Pick<Route, 'module' | 'name'>; title: string; reason: string; rows: number }

const types = {
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  csv: 'text/csv; charset=utf-8',
  pdf: 'application/pdf',
} as const

/** Nobody reads more on paper, and to set them takes seconds. */
const MOST_PRINTED_ROWS = 2000

/** `EX-000042`, as it stands in the file and in the list of exports. */
export const exportSerial = (number: number): string => `EX-${String(number).padStart(6, '0')}`

/**
 * The one way by which data leave as a file: the export is noted with a number of its own, here and in the audit, and the file says on top of each table and on
 * each printed page whose it is, who took it, when and why. Nobody takes anything without a reason; more rows than the hospital lets one person take alone, and
 * whole numbers where it says so, wait until another has released them.
 */
export async function exportTables(ctx: Context, asked: Export): Promise<FileReply | ExportWaits> {
  const what = { ...asked, reason: reasonOf(asked), tables: asked.tables.map((table) => withoutGuarded(ctx, table)) }
  const columns = what.tables.flatMap((t) => t.columns)
  const isPlain = columns.some((c) => c.isPlain)
  if (isPlain && !can(ctx, 'access.exportPlain')) throw houseErrors.forbidden({ permission: 'access.exportPlain' })
  await inTurn(ctx, 'exports') // until another export of the hospital is committed
  const rows = what.tables.reduce((sum, t) => sum + (t.isKey ? 0 : t.rows.length), 0)
  const { aloneRows, mostRows, plainWaits } = await exportLimits(ctx)
  if (rows > mostRows) throw houseErrors.exportTooLarge({ most: mostRows, rows })
  const { route, title, format, reason, filters, asked: question, asOf } = what
  if (format === 'pdf' && rows > MOST_PRINTED_ROWS) throw houseErrors.exportTooLong({ most: MOST_PRINTED_ROWS, rows })
  const wanted = { route, title, format, reason, filters, columns: columns.map((c) => c.name), rows, isPlain, asked: question, asOf }
  const releaseId = await releaseFor(ctx, wanted)
  const mustWait = rows > aloneRows || (isPlain && plainWaits && rows > 0)
  if (mustWait && !releaseId) return { waits: { id: await askRelease(ctx, wanted), rows } }
  const number = await note(ctx, { ...what, rows, releaseId })
  await what.onNoted?.(number)
  const serial = exportSerial(number)
  const { body, type, extension } = await made(what, markOf(ctx, what, serial), serial)
  return { name: `${what.fileName} ${serial}.${extension}`, type, body }
}

async function made({ format, tables, pack }: Export, mark: Mark, serial: string): Promise<ReturnType<Pack>> {
  if (format === 'csv') return { body: csvOf(tables, mark), type: types.csv, extension: format }
  if (format === 'xlsx') return { body: await workbookOf(tables, mark), type: types.xlsx, extension: format }
  if (format === 'pdf')
    return { body: await pdfOf(tables, mark, (page) => houseWords.exported.page(page)), type: types.pdf, extension: format }
  if (!pack) throw new Error(`nobody makes ${format} of this export`)
  return pack(tables, mark, serial)
}

/**
 * Notes a page that leaves by the browser, and answers the number that must stand on it. It waits for nobody: whoever has a right to it by law has been
 * found to be the one who asks, by somebody who may, before the page is made.
 */
export async function exportPage(ctx: Context, page: ExportedPage): Promise<string> {
  await inTurn(ctx, 'exports')
  return exportSerial(await note(ctx, { ...page, reason: reasonOf(page), format: 'page', filters: [], releaseId: null }))
}

function reasonOf({ reason }: { reason: string }): string {
  const said = reason.trim()
  if (said.length < 2) throw houseErrors.invalid({ field: 'reason' })
  return said
}

/** What is kept from somebody on pages is kept from him in files. */
function withoutGuarded({ actor }: Context, { columns, rows, ...table }: ExportTable): ExportTable {
  const kept = columns.map(({ guards }) => guards !== undefined && (actor.hidden?.has(guards) ?? false))
  return { ...table, columns, rows: kept.includes(true) ? rows.map((row) => row.map((cell, at) => (kept[at] ? null : cell))) : rows }
}

type Noted = Pick<Export, 'title' | 'reason' | 'filters'> & {
  route: Pick<Route, 'module' | 'name'>
  format: ExportFormat | 'page'
  rows: number
  releaseId: string | null
}

/** Numbers are given one after the other, without a gap. */
async function note(ctx: Context, { route: { module, name }, title, format, reason, filters, rows, releaseId }: Noted): Promise<number> {
  const route = routeName({ module, name })
  const { actor, door, requestId } = ctx
  const { number } = await ctx.db
    .insertInto('house.exports')
    .values((e) => ({
      number: e.selectFrom('house.exports as x').select((x) => sql<number>`coalesce(${x.fn.max('x.number')}, 0) + 1`.as('next')),
      at: ctx.clock.now(),
      actorId: actor.id === nilId ? null : actor.id,
      actorName: actor.name,
      route,
      title,
      format,
      reason,
      filters: JSON.stringify(filters),
      rows,
      address: door?.address ?? null,
      requestId,
      releaseId,
      isReleased: releaseId ? (true as const) : null,
    }))
    .returning('number')
    .executeTakeFirstOrThrow()
  const detail = { route, filters, format, rows, ...(releaseId && { releaseId }) }
  await audit(ctx, { action: 'house.exported', objectId: exportSerial(number), reason, detail })
  if (releaseId) ctx.touched.add('access')
  return number
}

function markOf(ctx: Context, { title, reason, filters }: Export, serial: string): Mark {
  const words = houseWords.exported
  const now = ctx.clock.now()
  const at = `${ctx.clock.dayOf(now)} ${ctx.clock.timeOf(now)}`
  const { name } = ctx.hospital
  return {
    title: `${name} · ${title}`,
    about: [...filters, [words.by, ctx.actor.name], [words.at, at], [words.reason, reason]],
    serial: `${words.serial} ${serial} · ${words.keep}`,
    header: [name, title, serial],
    footer: [`${ctx.actor.name} ${at}`, reason],
  }
}
