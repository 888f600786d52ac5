import { houseErrors, type Route } from '@renxin/kernel'
import { houseWords } from '@renxin/ui/words'
import { sql } from 'kysely'
import { audit } from './audit.ts'
import { type Context, nilId } from './context.ts'
import type { FileReply } from './serve.ts'
import { type Cell, type Column, csvOf, type Mark, workbookOf } from './sheet.ts'

export type { Cell, Column } from './sheet.ts'

/** One table of an export; `name` is that of its sheet. */
export type ExportTable = { name: string; columns: readonly Column[]; rows: readonly (readonly Cell[])[] }

export type Export = {
  /** The route by which it is asked for: what kind of export it is. */
  route: Pick<Route, 'module' | 'name'>
  title: string
  /** The name of the file, without what the format adds. */
  fileName: string
  format: 'xlsx' | 'csv'
  reason: string
  /** What was asked, in words: `['筛选', '2026-09']`. They are kept, so they name no patient. */
  filters: readonly [string, string][]
  tables: readonly ExportTable[]
}

const types = {
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  csv: 'text/csv; charset=utf-8',
} as const

/** `EX-000042`, as it stands in the file and in the list of exports. */
export const exportSerial = (number: number): string => `EX-${String(number).padStart(6, '0')}`

/**
 * The one way by which data leave as a file: the export is noted with a number of its own, here and in the audit, and the file says on top of each table and on
 * each printed page whose it is, who took it, when and why. Nobody takes anything without a reason.
 */
export async function exportTables(ctx: Context, what: Export): Promise<FileReply> {
  const reason = what.reason.trim()
  if (reason.length < 2) throw houseErrors.invalid({ field: 'reason' })
  const serial = exportSerial(await note(ctx, { ...what, reason }))
  const mark = markOf(ctx, { ...what, reason }, serial)
  const body = what.format === 'csv' ? csvOf(what.tables, mark) : await workbookOf(what.tables, mark)
  return { name: `${what.fileName} ${serial}.${what.format}`, type: types[what.format], body }
}

/** Numbers are given one after the other, without a gap: whoever exports waits until another export of the hospital is committed. */
async function note(ctx: Context, { route, title, format, reason, filters, tables }: Export): Promise<number> {
  const name = `${route.module}.${route.name}`
  const rows = tables.reduce((sum, t) => sum + t.rows.length, 0)
  const { actor, door, requestId } = ctx
  await sql`select pg_advisory_xact_lock(7003, ${ctx.hospital.id})`.execute(ctx.db)
  const { number } = await ctx.db
    .insertInto('house.exports')
    .values((e) => ({
      number: e.selectFrom('house.exports as x').select((x) => sql<number>`coalesce(${x.fn.max('x.number')}, 0) + 1`.as('next')),
      at: ctx.clock.now(),
      actorId: actor.id === nilId ? null : actor.id,
      actorName: actor.name,
      route: name,
      title,
      format,
      reason,
      filters: JSON.stringify(filters),
      rows,
      address: door?.address ?? null,
      requestId,
    }))
    .returning('number')
    .executeTakeFirstOrThrow()
  await audit(ctx, { action: 'house.exported', objectId: exportSerial(number), reason, detail: { route: name, filters, format, rows } })
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
