import { usualAuthority } from '@renxin/patients'
import { auditMany, type House, inHospital } from '@renxin/server'
import { type ImportKind, importErrors, type RowProblem } from '../../imports-contract.ts'
import { applyRows, codesOf, guessOwn, type RowFacts } from '../columns/index.ts'
import { ownFieldsOf } from '../own-fields.ts'
import { csvOf, type FailedRow, failedTable } from './failed.ts'
import { judge, type Setting } from './judge.ts'
import { guessMapping, layOut, missingOf, PEEK_ROWS, tableRows } from './layout.ts'
import { recordsOf, separatorOf } from './read/separated.ts'
import type { SourceRow } from './read/source.ts'
import { charsetOf, piecesOf } from './read/text.ts'

export type Backfill = {
  /** A CSV or TXT, whole. */
  bytes: Buffer
  kind: ImportKind
  /** The moment from which the file speaks: what was said later stays. */
  saidAt: Date
  onProgress?: (share: number, rows: number) => void
}
/** `rows` is the sum of the others. `failures`: the rows that were not taken, with the reason, as a CSV to put right. */
export type Backfilled = { rows: number; applied: number; aside: number; failed: number; failures: string | null }

const SLICE = 500
const LANES = 2 // one is read while the database works on the other

type Judged = { number: number; cells: readonly string[]; facts: RowFacts }

/**
 * Takes the history of a hospital out of a file of any length: the columns are guessed by their heads, the rows are told in slices, each a transaction of its own.
 * A row that was told before changes nothing, so what was broken off is simply begun again. Refuses a file whose columns do not say what is needed.
 */
export async function backfill(house: House, hospitalId: number, { bytes, kind, saidAt, onProgress }: Backfill): Promise<Backfilled> {
  const charset = charsetOf(bytes)
  const [start = ''] = first(piecesOf(bytes, charset), 1)
  const separator = separatorOf(start)
  const rows = () => numbered(recordsOf(piecesOf(bytes, charset), separator))
  const { setting, headRow } = await settingFor(house, hospitalId, { kind, saidAt, first: [...first(rows(), PEEK_ROWS)] })
  const done: Omit<Backfilled, 'failures'> = { rows: 0, applied: 0, aside: 0, failed: 0 }
  const failures: FailedRow[] = []
  const refuse = (cells: readonly string[], problems: readonly RowProblem[]) => {
    done.failed += 1
    if (failures.length < MOST_FAILURES) failures.push({ cells: [...cells], problems })
  }

  const slices = slicesOf(rows())
  await Promise.all(Array.from({ length: LANES }, lane))
  return { ...done, failures: failures.length > 0 ? `\uFEFF${csvOf(failedTable(setting.heads, failures))}` : null }

  async function lane(): Promise<void> {
    for (let slice = slices.next(); !slice.done; slice = slices.next()) {
      await tell(slice.value)
      onProgress?.(Math.min(1, (done.rows * AVERAGE) / bytes.length), done.rows)
      await new Promise((resolve) => setImmediate(resolve)) // so that the lanes take turns
    }
  }

  async function tell(slice: readonly Judged[]): Promise<void> {
    if (slice.length === 0) return
    const outcomes = await inHospital(house, hospitalId, async (ctx) => {
      const told = await applyRows(ctx, slice.map((row) => row.facts)) // biome-ignore format: one thought
      await auditMany(ctx, told.flatMap(({ patientId }) => (patientId ? [{ action: 'integration.imported', patientId }] : []))) // biome-ignore format: one thought
      ctx.afterCommit.push(() => house.wake())
      return told
    })
    for (const [i, { failure }] of outcomes.entries()) {
      const row = slice[i]
      if (failure && row)
        refuse(row.cells, [{ code: 'unexpected', level: 'error', column: null, field: null, details: { cause: failure } }])
      else done.applied += 1
    }
  }

  function* slicesOf(source: Iterable<SourceRow>): Generator<Judged[]> {
    let slice: Judged[] = []
    for (const { number, cells } of source) {
      if (number <= headRow) continue
      done.rows += 1
      const { aside, facts, problems } = judge(cells, setting)
      if (aside) done.aside += 1
      else if (!facts) refuse(cells, problems)
      else slice.push({ number, cells, facts })
      if (slice.length < SLICE) continue
      yield slice
      slice = []
    }
    yield slice
  }
}

const MOST_FAILURES = 100_000
const AVERAGE = 100 // bytes a row, for the bar alone

async function settingFor(
  house: House,
  hospitalId: number,
  { kind, saidAt, first }: { kind: ImportKind; saidAt: Date; first: readonly SourceRow[] },
): Promise<{ setting: Setting; headRow: number }> {
  const { headRow, heads } = layOut(kind, first)
  const mapping = guessMapping(kind, heads, tableRows(first, { headRow, heads }))
  const missing = missingOf(kind, mapping)
  if (missing.length > 0) throw importErrors.columnsMissing({ fields: missing.join(' ') })
  return inHospital(house, hospitalId, async (ctx) => {
    const own = await ownFieldsOf(ctx, kind)
    const setting = {
      kind,
      heads,
      mapping: guessOwn(own, heads, mapping),
      own,
      saidAt,
      authority: await usualAuthority(ctx),
      zone: ctx.hospital.zone,
      codes: codesOf().codes,
      now: ctx.clock.now(),
      today: ctx.clock.today(),
      roles: null, // whoever fills a new hospital does so before roles are chosen
      isStrict: false,
    }
    return { headRow, setting }
  })
}

function* numbered(records: Iterable<string[]>): Generator<SourceRow> {
  let number = 0
  for (const cells of records) {
    number += 1
    if (cells.some((c) => c.trim() !== '')) yield { number, cells: cells.map((c) => c.replaceAll('\0', '')) }
  }
}

function* first<T>(all: Iterable<T>, most: number): Generator<T> {
  let told = 0
  for (const one of all) {
    if (told++ >= most) return
    yield one
  }
}
