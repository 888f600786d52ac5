import { type Withdrawn, withdrawEncounterFacts } from '@renxin/encounters'
import { withdrawPatientFacts } from '@renxin/patients'
import { auditMany, type Context, sql } from '@renxin/server'
import { withdrawStaff } from '@renxin/staff'
import type { KeptReason, RowProblem, RowResult } from '../../imports-contract.ts'
import { clearImport } from '../rights/erase.ts'
import { checkRows, markRepeats, type Row, settingOf } from './check.ts'
import { judge } from './judge.ts'
import { applyUnder, type Outcome, objectOf } from './outcomes.ts'
import { rowsApart } from './read/apart.ts'
import type { SourceRow } from './read/source.ts'
import { dropFile, type Import, insertRows, openCells, openFile, openPeek, recount, sealChanges } from './store.ts'
import { db } from './tables.ts'

/** Rows in one transaction: few enough that nobody waits for them, many enough to be quick. */
const SLICE = 250
const READ_AT_ONCE = 500

/**
 * Does one piece of what waits: reads a file, or checks, applies or takes back some rows of it. The rows are marked in the transaction of what is done
 * with them, so that whoever is killed in the middle goes on where the last transaction ended. False where nothing waits.
 */
export async function workOnImports(ctx: Context): Promise<boolean> {
  const next = await db(ctx)
    .selectFrom('integration.imports')
    .selectAll()
    .where('status', 'in', ['checking', 'applying', 'undoing'])
    .orderBy('id')
    .limit(1)
    .forUpdate()
    .skipLocked()
    .executeTakeFirst()
  if (!next) return false
  const steps = { checking: check, applying: apply, undoing: undo } as const
  const step = steps[next.status as keyof typeof steps] // the query asks for these three
  await step(ctx, next)
  ctx.touched.add('integration')
  return true
}

async function check(ctx: Context, batch: Import): Promise<void> {
  const waiting = await take(ctx, batch.id, sql`not is_checked`)
  if (waiting.length > 0) {
    await checkRows(ctx, batch, waiting)
    await sql`update integration.imports set ready = ready + ${waiting.length} where id = ${batch.id}::uuid`.execute(ctx.db)
    return
  }
  const hasRows = await db(ctx)
    .selectFrom('integration.importRows')
    .where('importId', '=', batch.id)
    .select('number')
    .limit(1)
    .executeTakeFirst()
  if (!hasRows && batch.rowCount === 0 && (await readFile(ctx, batch)) > 0) return
  await markRepeats(ctx, batch.id)
  await recount(ctx, batch.id)
  // What a night brings is not looked at by anybody first.
  await setStatus(ctx, batch.id, batch.folderId ? 'applying' : 'checked')
}

/** Takes the whole file apart, in one transaction; answers how many rows it has. */
async function readFile(ctx: Context, batch: Import): Promise<number> {
  const body = await openFile(ctx, batch.id)
  const { source } = openPeek(ctx, batch)
  let count = 0
  let some: SourceRow[] = []
  for await (const row of rowsApart(body, source, batch.sheet)) {
    if (row.number <= batch.headRow) continue
    some.push(row)
    count += 1
    if (some.length < READ_AT_ONCE) continue
    await insertRows(ctx, batch.id, some)
    some = []
  }
  await insertRows(ctx, batch.id, some)
  await sql`update integration.imports set row_count = ${count}, ready = 0 where id = ${batch.id}::uuid`.execute(ctx.db)
  return count
}

const take = async (ctx: Context, importId: string, which: ReturnType<typeof sql>): Promise<Row[]> => {
  const { rows } = await sql<Row>`
    select number, cells, print, skip from integration.import_rows where import_id = ${importId}::uuid and ${which} order by number limit ${SLICE}`.execute(
    ctx.db,
  )
  return rows
}

async function apply(ctx: Context, batch: Import): Promise<void> {
  const rows = await take(ctx, batch.id, sql`not is_applied`)
  if (rows.length === 0) return finish(ctx, batch)
  const setting = await settingOf(ctx, batch)
  const told: { number: number; facts: Parameters<typeof applyUnder>[2][number]['facts']; print: string }[] = []
  const out = await refusedAtCheck(ctx, batch.id, rows)
  for (const row of rows) {
    const { facts } = row.skip ? {} : judge(openCells(ctx, row), setting)
    if (facts && !out.has(row.number)) told.push({ number: row.number, facts, print: row.print?.toString('hex') ?? '' })
  }
  const outcomes = await applyUnder(ctx, batch, told)
  const earlier = await earlierRows(ctx, batch, told, outcomes)
  const results = told.map((t, i) => finalOf(batch, t, outcomes[i], earlier))
  await mark(ctx, batch.id, results)
  // Those that took no part are done as well.
  const last = rows.at(-1)?.number ?? 0
  await sql`
    update integration.import_rows set is_applied = true where import_id = ${batch.id}::uuid and not is_applied and number <= ${last}`.execute(
    ctx.db,
  )
  await sql`update integration.imports set ready = ready + ${rows.length} where id = ${batch.id}::uuid`.execute(ctx.db)
  await auditMany(
    ctx,
    results.flatMap(({ outcome, result }) =>
      outcome.patientId && (result === 'new' || result === 'changed')
        ? [{ action: 'integration.imported', patientId: outcome.patientId, objectId: batch.id }]
        : [],
    ),
  )
}

/** Rows that the check kept out, for what only the doing shows. */
async function refusedAtCheck(ctx: Context, importId: string, rows: readonly Row[]): Promise<Set<number>> {
  const found = await db(ctx)
    .selectFrom('integration.importRows')
    .where('importId', '=', importId)
    .where('number', '=', sql<number>`any(${rows.map((r) => r.number)}::int[])`)
    .where('result', '=', 'failed')
    .select('number')
    .execute()
  return new Set(found.map((r) => r.number))
}

type Earlier = Map<string, string>

/** What the last row of an earlier piece that told of the same looked like. */
async function earlierRows(
  ctx: Context,
  { id, kind }: Import,
  told: readonly { number: number }[],
  outcomes: readonly Outcome[],
): Promise<Earlier> {
  const column = { patients: 'said_patient_id', encounters: 'encounter_id', staff: 'staff_id', places: 'staff_id' }[kind]
  const objects = outcomes.flatMap((o) => objectOf(kind, o) ?? [])
  if (objects.length === 0) return new Map()
  const { rows } = await sql<{ object: string; print: string }>`
    select distinct on (${sql.ref(column)}) ${sql.ref(column)} as object, encode(print, 'hex') as print from integration.import_rows
    where import_id = ${id}::uuid and is_applied and number < ${told[0]?.number ?? 0} and ${sql.ref(column)} = any(${objects}::uuid[])
    order by ${sql.ref(column)}, number desc`.execute(ctx.db)
  return new Map(rows.map((r) => [r.object, r.print]))
}

type Final = { number: number; result: RowResult; outcome: Outcome }

function finalOf(
  { kind }: Import,
  { number, print }: { number: number; print: string },
  outcome: Outcome | undefined,
  earlier: Earlier,
): Final {
  if (!outcome) throw new Error('a row has no outcome')
  const before = earlier.get(objectOf(kind, outcome) ?? '')
  if (before === undefined || outcome.result === 'failed') return { number, result: outcome.result, outcome }
  return { number, result: before === print ? 'unchanged' : 'changed', outcome }
}

async function mark(ctx: Context, importId: string, results: readonly Final[]): Promise<void> {
  if (results.length === 0) return
  const of = <T>(pick: (r: Final) => T) => results.map(pick)
  const failure = (r: Final): RowProblem[] =>
    r.outcome.failure ? [{ code: 'unexpected', level: 'error', column: null, field: null, details: { cause: r.outcome.failure } }] : []
  await sql`
    update integration.import_rows r set is_applied = true, result = n.result, patient_id = n.patient_id, said_patient_id = n.said_patient_id, encounter_id = n.encounter_id, staff_id = n.staff_id,
      problems = r.problems || n.problems, changes = n.changes
    from unnest(${of((r) => r.number)}::int[], ${of((r) => r.result)}::text[], ${of((r) => r.outcome.patientId)}::uuid[], ${of((r) => r.outcome.saidPatientId)}::uuid[],
      ${of((r) => r.outcome.encounterId)}::uuid[], ${of((r) => r.outcome.staffId)}::uuid[], ${of((r) => JSON.stringify(failure(r)))}::jsonb[],
      ${of((r) => sealChanges(ctx, r.outcome.changes))}::bytea[]) as n (number, result, patient_id, said_patient_id, encounter_id, staff_id, problems, changes)
    where r.import_id = ${importId}::uuid and r.number = n.number`.execute(ctx.db)
}

async function finish(ctx: Context, batch: Import): Promise<void> {
  await recount(ctx, batch.id)
  await dropFile(ctx, batch.id)
  await clearImport(ctx, batch.id)
  await setStatus(ctx, batch.id, 'done', { finishedAt: ctx.clock.now() })
  await sql`update integration.drop_runs set result = 'done' where import_id = ${batch.id}::uuid and result = 'taken'`.execute(ctx.db)
}

async function setStatus(ctx: Context, id: string, status: Import['status'], more: Partial<Pick<Import, 'finishedAt' | 'undoneAt'>> = {}) {
  await db(ctx)
    .updateTable('integration.imports')
    .set({ status, ready: 0, ...more })
    .where('id', '=', id)
    .execute()
}

type Told = { number: number; saidPatientId: string | null; encounterId: string | null }

/** Takes back visits first, then those whose they were, then people and places: nothing is removed to which something of the same import refers. */
async function undo(ctx: Context, batch: Import): Promise<void> {
  const visits = await told(ctx, batch.id, sql`encounter_id is not null and not is_withdrawn`)
  if (visits.length > 0) {
    const results = await withdrawEncounterFacts(ctx, batch.id, [...new Set(visits.flatMap((v) => v.encounterId ?? []))])
    const kept = new Map(results.map((r) => [r.encounterId, keptOf(r)]))
    await note(ctx, batch.id, visits, (v) => kept.get(v.encounterId ?? '') ?? [], sql`is_withdrawn = true`)
    return
  }
  const people = await told(ctx, batch.id, sql`patient_id is not null and is_applied`)
  if (people.length > 0) {
    const results = await withdrawPatientFacts(ctx, batch.id, [...new Set(people.flatMap((p) => p.saidPatientId ?? []))])
    const kept = new Map(results.map((r) => [r.patientId, r.kept]))
    await note(ctx, batch.id, people, (p) => kept.get(p.saidPatientId ?? '') ?? [], sql`is_withdrawn = true, is_applied = false`)
    await auditMany(
      ctx,
      results.map((r) => ({
        action: 'integration.importUndone',
        patientId: r.patientId,
        objectId: batch.id,
        detail: { outcome: r.outcome },
      })),
    )
    return
  }
  await undoStaff(ctx, batch.id)
  const { rows } = await sql<{ takenBack: number; kept: number }>`
    select (count(*) filter (where kept = '[]'))::int as taken_back, (count(*) filter (where kept <> '[]'))::int as kept
    from integration.import_rows where import_id = ${batch.id}::uuid and result in ('new', 'changed')`.execute(ctx.db)
  await db(ctx)
    .updateTable('integration.imports')
    .set({ takenBack: rows[0]?.takenBack ?? 0, kept: rows[0]?.kept ?? 0 })
    .where('id', '=', batch.id)
    .execute()
  await dropFile(ctx, batch.id)
  await setStatus(ctx, batch.id, 'undone', { undoneAt: ctx.clock.now() })
}

const keptOf = ({ outcome, kept }: Withdrawn): KeptReason[] => [
  ...(outcome === 'cancelled' ? [{ field: null, reason: 'cancelled' as const }] : []),
  ...kept.map((field) => ({ field, reason: 'changedSince' as const })),
]

async function told(ctx: Context, importId: string, which: ReturnType<typeof sql>): Promise<Told[]> {
  const { rows } = await sql<Told>`
    select number, said_patient_id, encounter_id from integration.import_rows
    where import_id = ${importId}::uuid and result in ('new', 'changed', 'unchanged') and ${which} order by number limit ${SLICE}`.execute(
    ctx.db,
  )
  return rows
}

type Reasons = (row: Told) => readonly KeptReason[]

async function note(ctx: Context, importId: string, rows: readonly Told[], reasons: Reasons, marks: ReturnType<typeof sql>): Promise<void> {
  await sql`
    update integration.import_rows r set kept = r.kept || n.kept, ${marks}
    from unnest(${rows.map((r) => r.number)}::int[], ${rows.map((r) => JSON.stringify(reasons(r)))}::jsonb[]) as n (number, kept)
    where r.import_id = ${importId}::uuid and r.number = n.number`.execute(ctx.db)
  await sql`update integration.imports set ready = least(ready + ${rows.length}, row_count) where id = ${importId}::uuid`.execute(ctx.db)
}

async function undoStaff(ctx: Context, importId: string): Promise<void> {
  const results = await withdrawStaff(ctx, importId)
  const kept = results.filter((r) => r.reason !== null)
  await sql`
    update integration.import_rows r set kept = n.kept
    from unnest(${kept.map((k) => k.objectId)}::uuid[], ${kept.map((k) => JSON.stringify([{ field: null, reason: k.reason }]))}::jsonb[]) as n (id, kept)
    where r.import_id = ${importId}::uuid and r.staff_id = n.id`.execute(ctx.db)
}
