import { createHash } from 'node:crypto'
import { type Entry, entriesOf, isElement, isResource, type Resource, readJson } from '@renxin/fhir'
import { cleanPhone } from '@renxin/patients/contract'
import { blindIndex, type Context, openText, sealText, sql } from '@renxin/server'
import { type Setting, UUID } from './setting.ts'
import { db, type Head, type WriteMethod } from './tables.ts'

export type Name = { type: string; id: string }
export const nameOf = ({ type, id }: Name): string => `${type}/${id}`

/** The text under which a resource is kept: its own words, without the version and time that are ours to say. */
export function keptText({ meta, ...resource }: Resource): string {
  const { versionId: _, lastUpdated: __, ...rest } = isElement(meta) ? meta : {}
  return JSON.stringify(Object.keys(rest).length > 0 ? { ...resource, meta: rest } : resource)
}

export const hashOf = (text: string): Buffer => createHash('sha256').update(text).digest()

/** The heads of these names; with `forWriting` nobody else changes them until this transaction ends. */
export async function loadHeads(ctx: Context, names: readonly Name[], forWriting = false): Promise<Map<string, Head>> {
  if (names.length === 0) return new Map()
  const wanted = [...new Map(names.map((n) => [nameOf(n), n])).values()].sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1))
  const { rows } = await sql<Head>`
    select r.key, r.type, r.id, r.version, r.changed_at, r.is_deleted, r.hash, r.object_id, r.patient_id, r.waits_for
    from unnest(${wanted.map((n) => n.type)}::text[], ${wanted.map((n) => n.id)}::text[]) as w (type, id)
    join integration.fhir_resources r on r.type = w.type and r.id = w.id
    order by r.key ${forWriting ? sql`for update of r` : sql``}`.execute(ctx.db)
  return new Map(rows.map((head) => [nameOf(head), head]))
}

/** The resources as they are now, by the key of their head, with the version and time that we gave them. */
export async function loadBodies(ctx: Context, heads: readonly Head[]): Promise<Map<string, Resource>> {
  const alive = heads.filter((h) => !h.isDeleted)
  if (alive.length === 0) return new Map()
  const { rows } = await sql<{ key: string; version: number; body: Buffer }>`
    select v.key, v.version, v.body from unnest(${alive.map((h) => h.key)}::uuid[], ${alive.map((h) => h.version)}::int[]) as w (key, version)
    join integration.fhir_versions v on v.key = w.key and v.version = w.version where v.body is not null`.execute(ctx.db)
  const byKey = new Map(alive.map((h) => [h.key, h]))
  return new Map(
    rows.flatMap((row) => {
      const head = byKey.get(row.key)
      return head ? [[row.key, openBody(ctx, row.body, row.version, head.changedAt)]] : []
    }),
  )
}

export function openBody(ctx: Context, body: Buffer, version: number, changedAt: Date): Resource {
  const kept = readJson(openText(ctx, body))
  if (!isResource(kept)) throw new Error('what was kept as a resource is none')
  return withMeta(kept, version, changedAt)
}

export function withMeta(resource: Resource, version: number, changedAt: Date): Resource {
  const meta = isElement(resource.meta) ? resource.meta : {}
  const { resourceType, id, ...rest } = resource
  return { resourceType, id, ...rest, meta: { ...meta, versionId: String(version), lastUpdated: changedAt.toISOString() } }
}

/** One change that is to be kept: the head as it becomes, and the resource (none where it is deleted). */
export type Change = { head: Head; isNew: boolean; method: WriteMethod; resource: Resource | null; text: string }

type Row = { key: string; type: string; at: number; entry: Entry }

/** Keeps changes of many resources in one statement however many there are; where some were there before, by a second that takes their old entries away. */
export async function saveChanges(ctx: Context, setting: Setting, changes: readonly Change[]): Promise<void> {
  if (changes.length === 0) return
  const old = changes.filter((c) => !c.isNew).map((c) => c.head.key)
  if (old.length > 0) await sql`delete from integration.fhir_index where key = any(${old}::uuid[])`.execute(ctx.db)
  const of = <T>(pick: (head: Head) => T) => changes.map((c) => pick(c.head))
  const rows = changes.flatMap(({ head, resource }): Row[] =>
    resource ? entriesOf(resource, setting).map((entry, at) => ({ key: head.key, type: head.type, at, entry })) : [],
  )
  const entry = <T>(pick: (row: Row) => T) => rows.map(pick)
  const result = await sql<{ n: number }>`
    with head as (
      insert into integration.fhir_resources as r (key, type, id, version, changed_at, is_deleted, hash, object_id, patient_id, waits_for)
      select * from unnest(${of((h) => h.key)}::uuid[], ${of((h) => h.type)}::text[], ${of((h) => h.id)}::text[], ${of((h) => h.version)}::int[],
        ${of((h) => h.changedAt)}::timestamptz[], ${of((h) => h.isDeleted)}::boolean[], ${of((h) => h.hash)}::bytea[], ${of((h) => h.objectId)}::uuid[],
        ${of((h) => h.patientId)}::uuid[], ${of((h) => h.waitsFor)}::text[])
      on conflict (hospital_id, type, id) do update set version = excluded.version, changed_at = excluded.changed_at, is_deleted = excluded.is_deleted,
        hash = excluded.hash, object_id = excluded.object_id, patient_id = excluded.patient_id, waits_for = excluded.waits_for
        where r.key = excluded.key and r.version < excluded.version
      returning r.key
    ), body as (
      insert into integration.fhir_versions (key, version, type, changed_at, method, body)
      select n.* from unnest(${of((h) => h.key)}::uuid[], ${of((h) => h.version)}::int[], ${of((h) => h.type)}::text[], ${of((h) => h.changedAt)}::timestamptz[],
        ${changes.map((c) => c.method)}::text[], ${changes.map((c) => (c.resource ? sealText(ctx, c.text) : null))}::bytea[])
        as n (key, version, type, changed_at, method, body) join head on head.key = n.key
    ), found as (
      insert into integration.fhir_index (key, position, what, value, system, low, high, amount)
      select n.* from unnest(${entry((r) => r.key)}::uuid[], ${entry((r) => r.at)}::int[], ${entry((r) => `${r.type}.${r.entry.parameter}`)}::text[],
        ${entry((r) => indexed(ctx, r.type, r.entry.parameter, r.entry.value) || null)}::text[], ${entry((r) => r.entry.system || null)}::text[],
        ${entry((r) => r.entry.low)}::timestamptz[], ${entry((r) => r.entry.high)}::timestamptz[], ${entry((r) => r.entry.amount)}::float8[])
        as n (key, position, what, value, system, low, high, amount) join head on head.key = n.key
    )
    select count(*)::int as n from head`.execute(ctx.db)
  // Fewer: somebody else made one of them in this moment. The whole is done again and sees it.
  if (result.rows[0]?.n !== changes.length)
    throw Object.assign(new Error('another was quicker with one of these resources'), { code: '40001' })
}

const PERSONS = new Set(['Patient', 'RelatedPerson', 'Person'])
const HIDDEN = new Set(['identifier', 'telecom', 'phone', 'email'])

/** A value as it stands in the index: numbers of persons and phones only as what is equal for equal ones. */
export function indexed(ctx: Context, type: string, parameter: string, value: string): string {
  if (value === '' || !PERSONS.has(type) || !HIDDEN.has(parameter)) return value
  const plain =
    parameter === 'identifier' || value.includes('@')
      ? value.trim().toLowerCase()
      : (cleanPhone(value)?.number ?? value.replace(/\s+/g, ''))
  return blindIndex(ctx, 'integration.fhir', plain).toString('hex')
}

/** The heads that stand for these objects of the product. */
export async function headsOfObjects(ctx: Context, type: string, objectIds: readonly string[]): Promise<Head[]> {
  const ids = objectIds.filter((id) => UUID.test(id))
  if (ids.length === 0) return []
  return db(ctx)
    .selectFrom('integration.fhirResources')
    .where('type', '=', type)
    .where('objectId', '=', sql<string>`any(${ids}::uuid[])`)
    .selectAll()
    .orderBy('changedAt', 'desc')
    .execute()
}

/** The heads of what was sent of one type of a patient. */
export async function headsOfType(ctx: Context, type: string, patientId: string): Promise<Head[]> {
  return db(ctx)
    .selectFrom('integration.fhirResources')
    .where('type', '=', type)
    .where('patientId', '=', patientId)
    .where('isDeleted', '=', false)
    .selectAll()
    .orderBy('id')
    .limit(1000)
    .execute()
}

/** The heads of everything that belongs to these patients' records, held until this transaction ends. */
export async function headsOfPatients(ctx: Context, patientIds: readonly string[]): Promise<Head[]> {
  return db(ctx)
    .selectFrom('integration.fhirResources')
    .where('patientId', '=', sql<string>`any(${[...patientIds]}::uuid[])`)
    .selectAll()
    .orderBy('key')
    .forUpdate()
    .execute()
}

/** Takes resources away with all their versions, as if they had never come. */
export async function removeResources(ctx: Context, keys: readonly string[]): Promise<void> {
  for (const table of ['fhir_index', 'fhir_versions', 'fhir_resources'])
    await sql`delete from ${sql.table(`integration.${table}`)} where key = any(${[...keys]}::uuid[])`.execute(ctx.db)
}
