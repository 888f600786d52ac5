import { createHash } from 'node:crypto'
import { type Context, sealText, sql } from '@renxin/server'
import { type ColumnProblem, type Field, targets } from '../../columns-contract.ts'
import { targetOf } from '../../views-contract.ts'
import { applyRows, type Codes, codesOf, type Row, type RowMemory, type RowRead, readRow } from '../columns/index.ts'
import { type OwnField, ownFieldsNamed } from '../own-fields.ts'
import { db, type SourceRow, type ViewState } from './tables.ts'
import { veiled } from './veil.ts'

/** A row as it was read, under its key. */
export type KeyedRow = { key: string; row: Row }

export type Setting = { source: Pick<SourceRow, 'id' | 'authority'>; view: Pick<ViewState, 'id' | 'subject' | 'mapping' | 'codes'> }

/** By what a row is known again: what it says, and how that is understood. */
export const hashOf = ({ source, view }: Setting, row: Row): Buffer =>
  createHash('sha256')
    .update(JSON.stringify([source.authority, view.subject, view.mapping, view.codes, Object.entries(row)]))
    .digest()
    .subarray(0, 16)

/** The rows that say something other than when they were last read. */
export async function freshOf(ctx: Context, setting: Setting, rows: readonly KeyedRow[]): Promise<KeyedRow[]> {
  const known = await knownOf(ctx, setting.view.id, rows)
  return rows.filter(({ key, row }) => !known.get(key)?.hash.equals(hashOf(setting, row)))
}

type Known = { hash: Buffer; memory: RowMemory }

async function knownOf(ctx: Context, viewId: string, rows: readonly KeyedRow[]): Promise<Map<string, Known>> {
  const found = await db(ctx)
    .selectFrom('integration.viewRows')
    .where('viewId', '=', viewId)
    .where('key', '=', sql<string>`any(${rows.map((r) => r.key)}::text[])`)
    .select(['key', 'hash', 'memory'])
    .execute()
  return new Map(found.map(({ key, ...known }) => [key, known]))
}

type Kept = KeyedRow & {
  hash: Buffer
  before: RowMemory
  read: RowRead
  patientId: string | null
  encounterId: string | null
  failure: string | null
}

export type Told = { applied: number; waiting: number }

/**
 * Applies what is new in these rows and keeps what was read, in the transaction in progress: a row that was read is applied, or it waits with its reason.
 * Rows that belong together (`whole`) are all told where one of them is new.
 */
export async function keepRows(
  ctx: Context,
  setting: Setting,
  rows: readonly KeyedRow[],
  options: { whole?: boolean; anyway?: boolean } = {},
): Promise<Told> {
  const { view, source } = setting
  const last = [...new Map(rows.map((r) => [r.key, r])).values()]
  const known = await knownOf(ctx, view.id, last)
  const { codes } = codesOf(view.codes)
  const own = await ownFieldsNamed(ctx, [view.mapping])
  const target = targetOf[view.subject]
  const readAt = ctx.clock.now()
  const isNew = (hash: Buffer, key: string) => options.whole || options.anyway || !known.get(key)?.hash.equals(hash)
  const fresh = last.flatMap(({ key, row }): Kept[] => {
    const hash = hashOf(setting, row)
    if (!isNew(hash, key)) return []
    const before = known.get(key)?.memory ?? {}
    const read = readRow(target, view.mapping, row, optionsOf(ctx, { codes, readAt, source, before, own }))
    return [{ key, row, hash, before, read, patientId: null, encounterId: null, failure: null }]
  })
  const told = fresh.filter((f) => f.read.facts)
  const outcomes = await applyRows(
    ctx,
    told.map((t) => t.read.facts ?? {}),
  )
  for (const [at, outcome] of outcomes.entries()) Object.assign(told[at] ?? {}, outcome)
  await write(ctx, setting, fresh, readAt, own)
  const waiting = fresh.filter(isWaiting).length
  return { applied: fresh.length - waiting, waiting }
}

const optionsOf = (
  ctx: Context,
  {
    codes,
    readAt,
    source,
    before,
    own,
  }: { codes: Codes; readAt: Date; source: Setting['source']; before: RowMemory; own: readonly OwnField[] },
) => ({
  zone: ctx.hospital.zone,
  codes,
  readAt,
  authority: source.authority,
  source: source.id,
  before,
  own,
})

const isWaiting = (k: Kept) => !k.read.facts || k.failure !== null

async function write(ctx: Context, { view }: Setting, kept: readonly Kept[], readAt: Date, own: readonly OwnField[]): Promise<void> {
  if (kept.length === 0) return
  const fields: Readonly<Record<string, Field>> = targets[targetOf[view.subject]]
  const of = <T>(pick: (k: Kept) => T) => kept.map(pick)
  const needsLook = (k: Kept) => isWaiting(k) || k.read.problems.length > 0
  const { rows } = await sql<{ made: boolean }>`
    insert into integration.view_rows as r (view_id, key, hash, memory, status, problems, failure, body, patient_id, encounter_id, read_at)
    select ${view.id}::uuid, n.key, n.hash, n.memory, n.status, n.problems, n.failure, n.body, n.patient_id, n.encounter_id, ${readAt}
    from unnest(
      ${of((k) => k.key)}::text[], ${of((k) => k.hash)}::bytea[], ${of((k) => JSON.stringify(isWaiting(k) ? k.before : k.read.memory))}::jsonb[],
      ${of((k) => (isWaiting(k) ? 'waiting' : 'applied'))}::text[],
      ${of((k) => (k.read.problems.length > 0 ? JSON.stringify(k.read.problems.map((p) => discreet(p, fields, own))) : null))}::jsonb[],
      ${of((k) => k.failure)}::text[], ${of((k) => (needsLook(k) ? sealText(ctx, JSON.stringify(k.row)) : null))}::bytea[],
      ${of((k) => k.patientId)}::uuid[], ${of((k) => k.encounterId)}::uuid[]
    ) as n (key, hash, memory, status, problems, failure, body, patient_id, encounter_id)
    on conflict (hospital_id, view_id, key) do update set hash = excluded.hash, memory = excluded.memory, status = excluded.status, problems = excluded.problems,
      failure = excluded.failure, body = excluded.body, patient_id = coalesce(excluded.patient_id, r.patient_id),
      encounter_id = coalesce(excluded.encounter_id, r.encounter_id), read_at = excluded.read_at
    returning xmax = 0 as made`.execute(ctx.db)
  await sql`insert into integration.view_arrivals as a (view_id, at, rows, troubles)
            values (${view.id}::uuid, ${readAt}, ${kept.length}, ${kept.filter(isWaiting).length})
            on conflict on constraint view_arrivals_pkey do update set rows = a.rows + excluded.rows, troubles = a.troubles + excluded.troubles`.execute(
    ctx.db,
  )
  const made = rows.filter((r) => r.made).length
  if (made > 0) await sql`update integration.views set rows = rows + ${made} where id = ${view.id}::uuid`.execute(ctx.db)
}

/** What is kept in the open of a value that finds a person: enough to see what is wrong with it. */
function discreet(problem: ColumnProblem, fields: Readonly<Record<string, Field>>, own: readonly OwnField[]): ColumnProblem {
  const kind = fields[problem.field]?.kind
  const isSealed = kind === 'phone' || kind === 'identityCard' || own.some((o) => o.name === problem.field && o.definition.isSensitive)
  return isSealed ? { ...problem, value: veiled(problem.value) } : problem
}
