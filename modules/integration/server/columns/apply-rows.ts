import { applyEncounterFacts, applyRecords, type ReportFacts } from '@renxin/encounters'
import { tracePatientFacts } from '@renxin/patients'
import { type Context, savepoint } from '@renxin/server'
import { enterPeople, enterUnits } from '@renxin/staff'
import type { RowFacts } from './read-row.ts'

/** What became of a row: whom it told of, or why it could not be applied. */
export type RowOutcome = {
  patientId: string | null
  /** The file whose number was named; another than the patient's where two files are one person now. */
  saidPatientId: string | null
  encounterId: string | null
  staffId: string | null
  failure: string | null
}

const applied: RowOutcome = { patientId: null, saidPatientId: null, encounterId: null, staffId: null, failure: null }

/** `origin`: the import by which what was said can be taken back. */
type By = { origin?: string | undefined }

/**
 * Tells the rooms below what some hundreds of rows say, all at once. Where that fails the rows are halved until those that cannot be applied stand
 * alone: each of them is answered with its failure and spoils no other.
 */
export async function applyRows(ctx: Context, rows: readonly RowFacts[], by: By = {}): Promise<RowOutcome[]> {
  if (rows.length === 0) return []
  try {
    return await savepoint(ctx, (ctx) => applyTogether(ctx, rows, by))
  } catch (error) {
    if (isPassing(error)) throw error
    if (rows.length === 1) {
      ctx.log.error({ err: error }, 'a row cannot be applied and waits')
      return [{ ...applied, failure: codeOf(error) }]
    }
    const half = Math.ceil(rows.length / 2)
    return [...(await applyRows(ctx, rows.slice(0, half), by)), ...(await applyRows(ctx, rows.slice(half), by))]
  }
}

async function applyTogether(ctx: Context, rows: readonly RowFacts[], by: By): Promise<RowOutcome[]> {
  const outcomes = rows.map(() => ({ ...applied }))
  const traced = await tracePatientFacts(
    ctx,
    rows.flatMap((r) => r.person ?? []),
    by,
  )
  const saidOf = new Map<RowFacts, string>()
  let next = 0
  for (const [at, row] of rows.entries()) {
    const whose = row.person && traced[next++]
    if (!whose) continue
    outcomes[at] = { ...applied, ...whose }
    saidOf.set(row, whose.saidPatientId)
  }

  const visits = rows.flatMap((row, at) => {
    const { visit } = row
    const patientId = saidOf.get(row) // a visit is of the file whose number was named, whoever survives it today
    return visit && patientId ? [{ at, facts: { ...visit, patientId } }] : []
  })
  const encounterIds = await applyEncounterFacts(
    ctx,
    visits.map((v) => v.facts),
    by,
  )
  for (const [i, { at }] of visits.entries()) Object.assign(outcomes[at] ?? {}, { encounterId: encounterIds[i] ?? null })

  await applyRecords(ctx, wholeReports(rows, outcomes, saidOf))
  const entered = [
    ...(await enterUnits(
      ctx,
      rows.flatMap((r) => r.place ?? []),
    )),
    ...(await enterPeople(
      ctx,
      rows.flatMap((r) => r.staff ?? []),
    )),
  ]
  const registered = [...rows.entries()].filter(([, r]) => r.place).concat([...rows.entries()].filter(([, r]) => r.staff))
  for (const [i, [at]] of registered.entries()) Object.assign(outcomes[at] ?? {}, { staffId: entered[i] ?? null })
  return outcomes
}

/** A laboratory's view has a row for each line of a report. The lines that come together are one report, in the order of their rows. */
function wholeReports(rows: readonly RowFacts[], outcomes: readonly RowOutcome[], saidOf: ReadonlyMap<RowFacts, string>): ReportFacts[] {
  const whole = new Map<string, ReportFacts>()
  for (const [at, row] of rows.entries()) {
    const { report } = row
    const patientId = outcomes[at]?.patientId
    if (!report || !patientId) continue
    const key = `${report.source}\n${report.number}`
    const before = whole.get(key)
    const items = [...(before?.items ?? []), ...(report.items ?? [])]
    const sourceAt = before && before.sourceAt > report.sourceAt ? before.sourceAt : report.sourceAt
    whole.set(key, {
      ...before,
      ...report,
      patientId,
      saidPatientId: saidOf.get(row) ?? patientId,
      sourceAt,
      ...(items.length > 0 && { items }),
    })
  }
  return [...whole.values()]
}

/** A deadlock or serialization failure is tried again as a whole, by whoever began the transaction. */
const isPassing = (error: unknown) =>
  error instanceof Error && 'code' in error && (error.code === '40P01' || error.code === '40001' || error.code === '57P01')

/** What may be shown of a failure: its kind, never the values in its text. */
function codeOf(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') {
    const constraint = 'constraint' in error && typeof error.constraint === 'string' ? ` ${error.constraint}` : ''
    return `${error.code}${constraint}`
  }
  return error instanceof Error ? error.name : 'unknown'
}
