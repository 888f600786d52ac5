import { type Context, sql } from '@renxin/server'
import { type RecordKind, type StoredItem, shapes, type Value } from './kinds.ts'
import { type PackedParts, pack, unpack } from './lines.ts'
import { happenedAt, type RecordState } from './rules.ts'

/** A record with the key under which its source knows it. */
export type Kept = { id: string; source: string; number: string; patientId: string; state: RecordState; changedAt: string }

/** `isOthers`: it was another patient's until now. */
export type ChangedRecord = { is: RecordKind; before: RecordState | undefined; after: Kept; isOthers: boolean }

type Key = { source: string; number: string }

export async function loadRecords(ctx: Context, is: RecordKind, keys: readonly Key[]): Promise<Kept[]> {
  const { table, columns } = shapes[is]
  const { rows } = await sql<Record<string, unknown>>`
    select t.* from unnest(${keys.map((k) => k.source)}::text[], ${keys.map((k) => k.number)}::text[]) as k (source, number)
      join ${sql.table(table)} t on t.source = k.source and t.number = k.number`.execute(ctx.db)
  return rows.map((row) => ({
    id: String(row.id),
    source: String(row.source),
    number: String(row.number),
    patientId: String(row.patientId),
    changedAt: String(fromRow(row.changedAt)),
    state: {
      values: Object.fromEntries(Object.entries(columns).map(([field, type]) => [field, fromRow(row[field], type)])),
      saidAt: row.saidAt as Record<string, number>, // written below, from a state
      ...(is === 'report' && row.parts !== null && { parts: unpack(row.parts as PackedParts, row.items as StoredItem[]) }), // likewise
    },
  }))
}

function fromRow(value: unknown, type?: string): Value {
  if (value instanceof Date) return value.toISOString()
  if (type === 'bigint' && value !== null) return Number(value)
  return value as Value // text, numbers, booleans, and the list of items
}

/** All records of a kind that a batch changes, in one statement. */
export async function writeRecords(ctx: Context, is: RecordKind, records: readonly Kept[]): Promise<void> {
  if (records.length === 0) return
  const rows = records.map(({ state, ...record }) => ({
    ...record,
    ...state.values,
    happenedAt: happenedAt(is, state),
    saidAt: state.saidAt,
    ...(state.parts && { parts: pack(state.parts) }),
  }))
  const columns = Object.entries({ ...keyColumns, ...shapes[is].columns, ...madeColumns, ...(is === 'report' && { parts: 'jsonb' }) })
  const [names, fields] = [columns.map(([field]) => snake(field)), columns.map(([field]) => `"${field}"`)]
  await sql`
    insert into ${sql.table(shapes[is].table)} (${sql.raw(names.join(', '))})
    select ${sql.raw(fields.join(', '))}
      from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r (${sql.raw(columns.map(([f, type]) => `"${f}" ${type}`).join(', '))})
    on conflict (hospital_id, id) do update set ${sql.raw(names.slice(1).map((n) => `${n} = excluded.${n}`).join(', '))}`.execute(
    ctx.db,
  ) // biome-ignore format: a statement
}

const keyColumns = { id: 'uuid', source: 'text', number: 'text', patientId: 'uuid' }
const madeColumns = { happenedAt: 'timestamptz', changedAt: 'timestamptz', saidAt: 'jsonb' }
const snake = (field: string) => field.replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`)
