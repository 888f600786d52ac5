import { type Context, type House, inHospital } from '@renxin/server'
import type { ColumnMapping } from '../../columns-contract.ts'
import { targetOf } from '../../views-contract.ts'
import { type Cell, codesOf, type Row, textOf } from '../columns/index.ts'
import { type Discharge, dischargeOf, saveCounts } from './counts.ts'
import { fromText, keyAlias, MARK, pageOf, pageSince, type Reading, rowsWith, type Statement, withoutKey } from './dialects.ts'
import { SourceError } from './failure.ts'
import { freshOf, type KeyedRow, keepRows } from './keep-rows.ts'
import { earlier, momentOfMark, OVERLAP_MINUTES, writtenLike } from './marks.ts'
import { beginRun, change, endRun, goOn } from './progress.ts'
import type { Column, Param, Session } from './session.ts'
import type { Progress, SourceRow, ViewState } from './tables.ts'

const DAY_MS = 86_400_000
const REREAD_DAYS = 30
const REPORTS_AT_ONCE = 20
const LINES_AT_ONCE = 5000

export type Reader = { house: House; hospitalId: number; zone: string; source: SourceRow; session: Session; pageRows: number }

/**
 * One reading of one view. Nothing of ours is open while the other side answers: a page is fetched, then kept in a transaction of its own together with the
 * place where the next one begins. Whatever is killed in between is read again, and the hashes tell what is new.
 */
export async function readView(reader: Reader, view: ViewState): Promise<void> {
  const { source, session } = reader
  const { reading, mapping, missing } = readingOf(source, view, await session.columns(fromText(source.kind, view.relation)))
  const known = { ...view, mapping }
  await readChanges(reader, known, reading, await ours(reader, (ctx) => beginRun(ctx, view, missing)))
  const now = await ours(reader, async (ctx) => ({ today: ctx.clock.today(), time: ctx.clock.timeOf(ctx.clock.now()) }))
  if (view.nightlyOn === null || (view.nightlyOn < now.today && now.time >= '02:00')) await readAnew(reader, known, reading, now.today)
}

const ours = <T>({ house, hospitalId }: Reader, work: (ctx: Context) => Promise<T>): Promise<T> =>
  inHospital(house, hospitalId, async (ctx) => {
    const result = await work(ctx)
    if (ctx.touched.has('house.events')) ctx.afterCommit.push(() => house.wake())
    return result
  })

/** What is asked of the view as it now is. A column that is gone is left out of the mapping meanwhile, and told; without its keys a view cannot be read. */
export function readingOf(
  source: Pick<SourceRow, 'kind' | 'charset'>,
  view: Pick<ViewState, 'relation' | 'keys' | 'updateColumn' | 'mapping'>,
  columns: readonly Column[],
) {
  const has = (name: string) => columns.some((c) => c.name === name)
  const lost = [...view.keys, ...(view.updateColumn ? [view.updateColumn] : [])].filter((name) => !has(name))
  if (lost.length > 0) throw new SourceError('noColumn', lost.join(', '))
  const mapping: ColumnMapping = {}
  const missing = new Set<string>()
  for (const [field, from] of Object.entries(view.mapping)) {
    if ('column' in from && !has(from.column)) missing.add(from.column)
    else mapping[field] = from
  }
  const reading: Reading = {
    kind: source.kind,
    from: view.relation,
    columns,
    wanted: [...new Set(Object.values(mapping).flatMap((from) => ('column' in from ? [from.column] : [])))],
    keys: view.keys,
    update: view.updateColumn,
    asBytes: source.charset !== 'declared',
  }
  return { reading, mapping, missing: [...missing] }
}

/** From the latest time seen, two hours further back, to the end. */
async function readChanges(reader: Reader, view: ViewState, reading: Reading, begun: Progress | null): Promise<void> {
  const { pageRows, zone } = reader
  const since = view.mark === null ? firstMark(view, reading) : earlier(view.mark, OVERLAP_MINUTES, zone)
  let progress = begun
  for (let isOver = false; !isOver; ) {
    const rows = await fetch(reader, reading, pageOf(reading, { since, after: progress, limit: pageRows }))
    isOver = rows.length < pageRows
    const next = after(reader, rows, progress)
    await takePage(reader, view, reading, rows, (ctx) => goOn(ctx, view, next, next?.rows ?? 0))
    progress = next
  }
  await ours(reader, (ctx) => endRun(ctx, view, progress))
}

/** A view whose times are times may begin at a day; how others write it is not known before a row is. */
const firstMark = ({ startOn }: ViewState, { update, columns }: Reading) =>
  startOn && columns.some((c) => c.name === update && c.type === 'time') ? `${startOn} 00:00:00` : null

type Fetched = KeyedRow & { mark: string | null; keys: Param[] }

export async function fetch(
  { session, source }: { session: Session; source: Pick<SourceRow, 'charset'> },
  { wanted, keys, update, columns, asBytes }: Reading,
  { text, params }: Statement,
): Promise<Fetched[]> {
  const isBytes = new Set(asBytes ? columns.filter((c) => c.type === 'text').map((c) => c.name) : [])
  const decoder = new TextDecoder(source.charset === 'utf-8' ? 'utf-8' : 'gb18030')
  const cellOf = (column: string, cell: Cell) =>
    isBytes.has(column) && typeof cell === 'string' ? decoder.decode(Buffer.from(cell, 'hex')) : cell
  return (await session.rows(text, params)).map((raw) => {
    const found = keys.map((_, at) => raw[keyAlias(at)])
    return {
      key: JSON.stringify(found.map((k) => textOf(k))), // CHAR padding is no part of a key
      keys: found.map((k) => (typeof k === 'number' ? k : String(k))),
      mark: update ? textOf(raw[MARK]) || null : null,
      row: Object.fromEntries(wanted.map((column) => [column, cellOf(column, raw[column])])) as Row,
    }
  })
}

/** The place of a page's last row, and the latest time up to there. One that lies in the future is rubbish and would hide all that comes before it. */
function after({ house, zone }: Reader, rows: readonly Fetched[], before: Progress | null): Progress | null {
  const last = rows.at(-1)
  if (!last) return before
  if (before && last.mark === before.mark && JSON.stringify(last.keys) === JSON.stringify(before.keys))
    throw new SourceError('stuck', last.key)
  const tomorrow = house.now().getTime() + DAY_MS
  const isFuture = (mark: string) => (momentOfMark(mark, zone)?.getTime() ?? 0) > tomorrow
  const top = rows.findLast((r) => r.mark !== null && !isFuture(r.mark))?.mark ?? before?.top ?? null
  const hasFuture = (before?.hasFuture ?? false) || rows.some((r) => r.mark !== null && isFuture(r.mark))
  return { mark: last.mark, keys: last.keys, top, resumedAt: before?.resumedAt ?? null, hasFuture, rows: (before?.rows ?? 0) + rows.length }
}

async function takePage(
  reader: Reader,
  view: ViewState,
  reading: Reading,
  rows: readonly Fetched[],
  also: (ctx: Context) => Promise<void>,
): Promise<void> {
  const setting = { source: reader.source, view }
  const number = view.mapping.reportNumber
  const isLines = targetOf[view.subject] === 'reports' && view.mapping.itemName !== undefined && number && 'column' in number
  if (!isLines) {
    return ours(reader, async (ctx) => {
      await keepRows(ctx, setting, rows)
      await also(ctx)
    })
  }
  // A report is the whole of its lines: where one has changed all of them are fetched, wherever the page ends.
  const fresh = await ours(reader, (ctx) => freshOf(ctx, setting, rows))
  const numbers = [...new Set(fresh.flatMap(({ row }) => textOf(row[number.column]) || []))]
  for (let from = 0; from < numbers.length; from += REPORTS_AT_ONCE) {
    const statement = rowsWith(reading, number.column, numbers.slice(from, from + REPORTS_AT_ONCE), LINES_AT_ONCE)
    const lines = await fetch(reader, reading, statement)
    if (lines.length === LINES_AT_ONCE) throw new SourceError('other', `${LINES_AT_ONCE} lines of ${REPORTS_AT_ONCE} reports`)
    await ours(reader, (ctx) => keepRows(ctx, setting, lines, { whole: true }))
  }
  const unnumbered = fresh.filter(({ row }) => textOf(row[number.column]) === '')
  await ours(reader, async (ctx) => {
    await keepRows(ctx, setting, unnumbered)
    await also(ctx)
  })
}

/**
 * Once a night, the discharges of a month: diagnoses are coded late and discharges recalled without a word in the update time. And whatever has no update time
 * at all. The discharges are counted on the way.
 */
async function readAnew(reader: Reader, view: ViewState, reading: Reading, today: string): Promise<void> {
  const from = dayBefore(today, REREAD_DAYS)
  const source = view.mapping.dischargedAt
  const column = targetOf[view.subject] === 'encounters' && source && 'column' in source ? source.column : null
  const since = column && (await dayAsWritten(reader, reading, column, from))
  const discharges: Discharge[] = []
  if (since || reading.update) {
    const { codes } = codesOf(view.codes)
    let last: Param[] | null = null
    for (let isOver = false; !isOver; ) {
      const recent: Fetched[] = await fetch(
        reader,
        reading,
        pageSince(reading, { recent: since ? { column, since } : null, after: last, limit: reader.pageRows }),
      )
      isOver = recent.length < reader.pageRows
      last = recent.at(-1)?.keys ?? last
      await takePage(reader, view, reading, recent, async (ctx) => {
        for (const { row } of recent) discharges.push(...[dischargeOf(ctx, view.mapping, row, codes) ?? []].flat())
      })
    }
  }
  const [lost] = await reader.session.rows(...asArguments(withoutKey(reading)))
  await ours(reader, async (ctx) => {
    if (since) await saveCounts(ctx, view, discharges, { from, to: dayBefore(today, 1) })
    await change(ctx, view, { nightlyOn: today, rowsWithoutKey: Math.min(Number(Object.values(lost ?? {})[0] ?? 0), 1_000_000_000) })
    ctx.touched.add('integration')
  })
}

const asArguments = ({ text, params }: Statement): [string, Param[]] => [text, params]

const dayBefore = (day: string, count: number) => new Date(Date.parse(`${day}T00:00:00Z`) - count * DAY_MS).toISOString().slice(0, 10)

/** A column of text is compared as text, so the day is written as its other days are. */
async function dayAsWritten(reader: Reader, reading: Reading, column: string, day: string): Promise<string | null> {
  if (reading.columns.some((c) => c.name === column && c.type === 'time')) return `${day} 00:00:00`
  const some = await fetch(reader, reading, pageOf(reading, { since: null, after: null, limit: 200 }))
  const example = some.map(({ row }) => textOf(row[column])).find((text) => momentOfMark(text, reader.zone))
  return example
    ? writtenLike(example, new Date(`${day}T12:00:00Z`), 'UTC').replace(/(?<=^.{8,10}\D?)12(\D?)00(\D?)00/, '00$100$200')
    : null
}
