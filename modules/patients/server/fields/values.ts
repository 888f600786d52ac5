import { blindIndex, type Context, openText, sealText, sql } from '@renxin/server'
import type { FieldContent, FieldDefinition, FieldObject, FieldValue } from '../../contract.ts'
import { rowsAs } from '../bulk.ts'
import { keyOf } from '../search-keys.ts'
import { listFields } from './definitions.ts'
import { keepValues } from './keep-values.ts'
import { contentOf, type Kept, readContent } from './rules.ts'

/** What a source says of one record's own fields, by their keys. `null` deletes; what is left out is not said. */
export type ExtraFact = { objectId: string; saidAt: Date; extra: Readonly<Record<string, unknown>> }
export type Refusal = { objectId: string; key: string; code: string }

/**
 * Takes what sources say of the hospital's own fields: of each content the latest word counts, in whatever order they come. A content that the field does
 * not take is left as it was and answered as a refusal; a key that the hospital has not defined is passed over. With an `origin` (an import) what stood there
 * before is kept, so that it can be taken back.
 */
export async function applyExtras(
  ctx: Context,
  objects: readonly FieldObject[],
  facts: readonly ExtraFact[],
  { origin }: { origin?: string | undefined } = {},
): Promise<Refusal[]> {
  if (facts.length === 0) return []
  const fields = (await listFields(ctx, objects)).filter((f) => f.isActive)
  const refused: Refusal[] = []
  const said: Said[] = []
  for (const { objectId, saidAt, extra } of facts) {
    for (const field of fields) {
      if (!Object.hasOwn(extra, field.key) || extra[field.key] === undefined) continue
      const read = readContent(field, extra[field.key])
      if ('problem' in read) refused.push({ objectId, key: field.key, code: read.problem.code })
      else said.push({ field, objectId, saidAt, source: 'his', contents: read.contents })
    }
  }
  if (origin) await keepValues(ctx, origin, said)
  await writeValues(ctx, said)
  if (refused.length > 0)
    ctx.log.warn(
      { fields: [...new Set(refused.map((r) => r.key))], count: refused.length },
      'contents that a field does not take were left out',
    )
  return refused
}

export type Said = { field: FieldDefinition; objectId: string; saidAt: Date; source: 'his' | 'manual'; contents: readonly Kept[] }

const nothing: Kept = { textValue: null, numberValue: null, dateValue: null }

/** Writes contents, the last of each field winning; what was said later stays. */
export async function writeValues(ctx: Context, said: readonly Said[]): Promise<void> {
  const last = [...Map.groupBy(said, (s) => `${s.objectId}${s.field.id}`).values()].flatMap((all) => {
    const latest = all.reduce((a, b) => (b.saidAt >= a.saidAt ? b : a))
    return latest
  })
  if (last.length === 0) return
  ctx.touched.add('patients')
  const rows = last
    .flatMap(({ field, objectId, saidAt, source, contents }) =>
      (contents.length > 0 ? contents : [nothing]).map((kept, position) => ({
        fieldId: field.id,
        saidObjectId: objectId,
        position,
        saidAt,
        source,
        ...keptIn(ctx, field, kept),
      })),
    )
    .sort((a, b) => (a.saidObjectId + a.fieldId < b.saidObjectId + b.fieldId ? -1 : 1))
  const columns = {
    field_id: 'uuid', said_object_id: 'uuid', position: 'int2', text_value: 'text', number_value: 'float8', date_value: 'date', sealed: 'bytea',
    search_key: 'text', said_at: 'timestamptz', source: 'text',
  } // biome-ignore format: a list
  const told = rowsAs('n', columns, rows)
  // Whose it is today: where a record was merged, that of the others that were said of it.
  await sql`
    insert into patients.field_values as v (
      field_id, said_object_id, position, object_id, text_value, number_value, date_value, sealed, search_key, said_at, source)
    select n.field_id, n.said_object_id, n.position, case when p.merged_into is null then n.said_object_id else p.merged_into end,
           n.text_value, n.number_value, n.date_value, n.sealed, n.search_key, n.said_at, n.source
      from ${told} left join patients.patients p on p.id = n.said_object_id
    on conflict (hospital_id, said_object_id, field_id, position) do update set
      text_value = excluded.text_value, number_value = excluded.number_value, date_value = excluded.date_value, sealed = excluded.sealed,
      search_key = excluded.search_key, said_at = excluded.said_at, source = excluded.source
      where v.said_at <= excluded.said_at`.execute(ctx.db)
  await sql`
    delete from patients.field_values v
     using (select n.field_id, n.said_object_id, max(n.position) as last, max(n.said_at) as said_at from ${told} group by 1, 2) n
     where v.field_id = n.field_id and v.said_object_id = n.said_object_id and v.position > n.last and v.said_at <= n.said_at`.execute(
    ctx.db,
  )
  await settleValues(ctx, rows.map((r) => r.saidObjectId)) // biome-ignore format: one thought
}

function keptIn(ctx: Context, field: FieldDefinition, kept: Kept) {
  const { textValue } = kept
  if (field.isSensitive && textValue !== null)
    return { ...kept, textValue: sensitiveIndex(ctx, textValue), sealed: sealText(ctx, textValue), searchKey: null }
  const searchKey = field.isSearchable && field.object === 'patient' && textValue !== null ? keyOf(textValue) : null
  return { ...kept, sealed: null, searchKey }
}

/** By this a sensitive content is found: the whole of it, and no part. */
export const sensitiveIndex = (ctx: Context, text: string): string => blindIndex(ctx, 'patients.field', keyOf(text)).toString('hex')

/** Of what was said of the records that are one now, the latest word is shown, and found. Call it for each whose rows came or went. */
export async function settleValues(ctx: Context, objectIds: readonly string[]): Promise<void> {
  const ids = [...new Set(objectIds)].sort()
  if (ids.length === 0) return
  await sql`
    update patients.field_values v set is_shown = s.is_shown
      from (select said_object_id, field_id, position,
                   said_object_id = first_value(said_object_id) over (
                     partition by object_id, field_id order by said_at desc, said_object_id desc) as is_shown
              from patients.field_values
             where object_id in (select object_id from patients.field_values where said_object_id = any(${ids}::uuid[])
                                 union select unnest(${ids}::uuid[]))) s
     where v.said_object_id = s.said_object_id and v.field_id = s.field_id and v.position = s.position and v.is_shown <> s.is_shown`.execute(
    ctx.db,
  )
  await settleKeys(ctx, ids)
}

/** A patient is found by what is shown of him in the searchable fields. */
async function settleKeys(ctx: Context, said: readonly string[]): Promise<void> {
  const theirs = sql`select object_id from patients.field_values where said_object_id = any(${said}::uuid[]) union select unnest(${said}::uuid[])`
  const shown = sql`select object_id as patient_id, search_key as key from patients.field_values where is_shown and search_key <> '' and object_id in (${theirs})`
  await sql`
    delete from patients.search_keys k where k.kind = 'ownField' and k.patient_id in (${theirs})
       and not exists (select from (${shown}) s where s.patient_id = k.patient_id and s.key = k.key)`.execute(ctx.db)
  await sql`
    insert into patients.search_keys (key, kind, patient_id)
    select distinct s.key, 'ownField', s.patient_id from (${shown}) s join patients.patients p on p.id = s.patient_id
    on conflict do nothing`.execute(ctx.db)
}

type Row = Kept & { fieldId: string; objectId: string; sealed: Buffer | null; saidAt: Date; source: 'his' | 'manual' }

/** What stands in the fields of these records, by record. */
export async function valuesOf(
  ctx: Context,
  fields: readonly FieldDefinition[],
  objectIds: readonly string[],
): Promise<Map<string, FieldValue[]>> {
  if (fields.length === 0 || objectIds.length === 0) return new Map()
  const byId = new Map(fields.map((f) => [f.id, f]))
  const rows = await rowsOf(ctx, objectIds)
  const found = new Map<string, FieldValue[]>()
  for (const [objectId, mine] of Map.groupBy(rows, (r) => r.objectId)) {
    const values = [...Map.groupBy(mine, (r) => r.fieldId)].flatMap(([fieldId, kept]): FieldValue[] => {
      const field = byId.get(fieldId)
      const [first] = kept
      if (!field || !first) return []
      const contents = kept.filter((k) => k.textValue !== null || k.numberValue !== null || k.dateValue !== null)
      const value: FieldContent = field.isSensitive ? null : contentOf(field, contents)
      return [
        { fieldId, value, isHidden: field.isSensitive && contents.length > 0, saidAt: first.saidAt.toISOString(), source: first.source },
      ]
    })
    found.set(objectId, values)
  }
  return found
}

async function rowsOf(ctx: Context, objectIds: readonly string[]): Promise<Row[]> {
  const { rows } = await sql<Row>`
    select field_id, object_id, text_value, number_value, date_value, sealed, said_at, source from patients.field_values
     where object_id = any(${[...objectIds]}::uuid[]) and is_shown order by object_id, field_id, position`.execute(ctx.db)
  return rows
}

/** A sensitive content in full; whoever calls this has made sure that the actor may, and writes down why. */
export async function openField(ctx: Context, objectId: string, fieldId: string): Promise<string | null> {
  const row = (await rowsOf(ctx, [objectId])).find((r) => r.fieldId === fieldId)
  return row?.sealed ? openText(ctx, row.sealed) : null
}
