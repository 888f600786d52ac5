import { type Context, openText, sql } from '@renxin/server'
import { rowsAs } from './bulk.ts'
import { valueChanges } from './fields/value-origins.ts'
import { type Draft, listOf } from './fold.ts'
import type { Resolved } from './resolve.ts'
import { type ContactRow, type PatientRow, patientColumns, type SaidAt } from './tables.ts'

/** A patient as he was before an import told of him. */
export type Before = {
  row: PatientRow
  contacts: ContactRow[]
  numbers: { system: string; type: string; value: string; isRetired: boolean }[]
}

/** `told`: when the import spoke of each field that it settled, in milliseconds. */
export type Told = { patientId: string; told: SaidAt; before: Before | null }

/**
 * Keeps what these patients are in the database before a draft of them is saved; the first time an import tells of one, and not again. `fresh` are those
 * that the import made, `added` the numbers that are in the database already and were not before.
 */
export async function keepBefore(
  ctx: Context,
  { origin, said, fresh, added }: { origin: string; said: readonly { draft: Draft; at: Date }[] } & Pick<Resolved, 'fresh' | 'added'>,
): Promise<void> {
  const momentsOf = Map.groupBy(said, (s) => s.draft)
  const rows = [...momentsOf].map(([{ row }, ours]) => {
    const moments = new Set(ours.map((s) => s.at.getTime()))
    const told = Object.entries(row.saidAt).filter(([, at]) => at !== undefined && moments.has(at))
    return { id: row.id, isNew: fresh.has(row.id), told: Object.fromEntries(told) }
  })
  if (rows.length === 0) return
  await sql`
    insert into patients.origins as t (origin, patient_id, told, before)
    select ${origin}::uuid, p.id, n.told,
           case when not n.is_new then jsonb_build_object(
             'row', coalesce(o.row, to_jsonb(p)),
             'contacts', coalesce(o.contacts, (select coalesce(jsonb_agg(to_jsonb(c)), '[]') from patients.contacts c where c.patient_id = p.id)),
             'numbers', (select coalesce(jsonb_agg(to_jsonb(i)), '[]') from patients.identifiers i where i.said_patient_id = p.id
               and not exists (select from ${rowsAs('a', { system: 'text', type: 'text', value: 'text' }, added)}
                 where a.system = i.system and a.type = i.type and a.value = i.value))) end
    from ${rowsAs('n', { id: 'uuid', is_new: 'boolean', told: 'jsonb' }, rows)} join patients.patients p on p.id = n.id
    left join patients.own_states o on o.patient_id = p.id -- of one that takes part in a merge: what it says by itself
    on conflict (hospital_id, origin, patient_id) do update set told = t.told || excluded.told`.execute(ctx.db)
}

/** What an import told of these patients, with what they were before. */
export async function toldBy(ctx: Context, origin: string, patientIds: readonly string[]): Promise<Told[]> {
  const { rows } = await sql<{ patientId: string; told: SaidAt; before: Kept | null }>`
    select patient_id, told, before from patients.origins
    where origin = ${origin}::uuid and patient_id = any(${[...patientIds]}::uuid[])`.execute(ctx.db)
  return rows.map(({ before, ...told }) => ({ ...told, before: before && readBefore(before) }))
}

/** An import that can be taken back no more needs nothing kept. */
export async function forgetOrigin(ctx: Context, origin: string): Promise<void> {
  await sql`delete from patients.origins where origin = ${origin}::uuid`.execute(ctx.db)
  await sql`delete from patients.value_origins where origin = ${origin}::uuid`.execute(ctx.db)
}

export async function forgetPatients(ctx: Context, origin: string, patientIds: readonly string[]): Promise<void> {
  await sql`delete from patients.origins where origin = ${origin}::uuid and patient_id = any(${[...patientIds]}::uuid[])`.execute(ctx.db)
}

type Json = Readonly<Record<string, unknown>>
type Kept = { row: Json; contacts: Json[]; numbers: Json[] }

const contactTypes: Record<string, string> = { phone: 'bytea', phone_index: 'bytea', phone_last4: 'bytea', said_at: 'timestamptz' }

/** Rows as the database wrote them into jsonb, and as this room knows them. */
function readBefore({ row, contacts, numbers }: Kept): Before {
  return {
    row: readRow(row, patientColumns) as PatientRow, // written by `to_jsonb` of that table
    contacts: contacts.map((c) => readRow(c, contactTypes) as ContactRow), // the same
    numbers: numbers.map((n) => readRow(n, {}) as Before['numbers'][number]), // the same
  }
}

function readRow(row: Json, types: Readonly<Record<string, string>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(row).map(([column, value]) => [
      column.replace(/_(\w)/g, (_, c: string) => c.toUpperCase()),
      typeof value === 'string' ? readValue(value, types[column]) : value,
    ]),
  )
}

function readValue(text: string, type: string | undefined): unknown {
  if (type === 'bytea') return Buffer.from(text.slice(2), 'hex')
  return type === 'timestamptz' ? new Date(text) : text
}

export type PatientChange = { patientId: string; isNew: boolean; fields: { field: string; before: string | null; after: string | null }[] }

const plain = [
  'name',
  'sex',
  'birthOn',
  'ethnic',
  'marital',
  'job',
  'language',
  'birthPlace',
  'nationality',
  'payer',
  'identityClass',
  'medicalRecordNumber',
] as const

/** What an import changed of these patients that people see. Of what is sealed only that it changed is said. */
export async function patientChanges(ctx: Context, origin: string, patientIds: readonly string[]): Promise<PatientChange[]> {
  const told = (await toldBy(ctx, origin, patientIds)).filter((t) => t.before)
  const now = new Map<string, Kept>()
  const { rows } = await sql<{ id: string; kept: Kept }>`
    select p.id, jsonb_build_object('row', coalesce(o.row, to_jsonb(p)), 'numbers', '[]'::jsonb, 'contacts',
      coalesce(o.contacts, (select coalesce(jsonb_agg(to_jsonb(c)), '[]') from patients.contacts c where c.patient_id = p.id))) as kept
    from patients.patients p left join patients.own_states o on o.patient_id = p.id where p.id = any(${told.map((t) => t.patientId)}::uuid[])`.execute(
    ctx.db,
  )
  for (const { id, kept } of rows) now.set(id, kept)
  const known = new Map(told.map((t) => [t.patientId, t.before]))
  const own = await valueChanges(ctx, origin, patientIds)
  return patientIds.map((patientId) => {
    const [before, after] = [known.get(patientId), now.get(patientId)]
    if (!before || !after) return { patientId, isNew: true, fields: [] }
    const labels = (own.get(patientId) ?? []).map((field) => ({ field, before: null, after: null }))
    return { patientId, isNew: false, fields: [...differences(ctx, before, readBefore(after)), ...labels] }
  })
}

function differences(ctx: Context, before: Before, after: Before): PatientChange['fields'] {
  const [was, is] = [before.row, after.row]
  const hidden = (field: string, changed: boolean) => (changed ? [{ field, before: null, after: null }] : [])
  const text = (sealed: Buffer | null) => (sealed ? openText(ctx, sealed) : '')
  return [
    ...plain.flatMap((field) => (was[field] === is[field] ? [] : [{ field, before: was[field] || null, after: is[field] || null }])),
    ...hidden('identityCard', was.identityCardIndex?.toString('hex') !== is.identityCardIndex?.toString('hex')),
    ...hidden('address', text(was.address) !== text(is.address)),
    ...hidden('religion', text(was.religion) !== text(is.religion)),
    ...(['phones', 'kin'] as const).flatMap((list) => hidden(list, inUse(before, list) !== inUse(after, list))),
    ...hidden('deceased', was.deceasedAt?.getTime() !== is.deceasedAt?.getTime()),
  ]
}

const inUse = ({ contacts }: Before, list: 'phones' | 'kin'): string =>
  contacts
    .filter((c) => !c.isFormer && listOf(c.relation) === list)
    .map((c) => `${c.relation} ${c.name ?? ''} ${c.phoneIndex.toString('hex')}`)
    .sort()
    .join('\n')
