import { type Context, sql } from '@renxin/server'
import { settleValues } from './values.ts'

/** Content by content, as it can be compared. */
const contents = sql`select coalesce(jsonb_agg(jsonb_build_array(text_value, number_value, date_value) order by position), '[]')`

type Told = { objectId: string; label: string; isChanged: boolean; isOurs: boolean; wasLater: boolean }

/** What an import said of the own fields of these records, beside what stands there now. */
async function told(ctx: Context, origin: string, objectIds: readonly string[]): Promise<(Told & { fieldId: string })[]> {
  const { rows } = await sql<Told & { fieldId: string }>`
    select o.said_object_id as object_id, o.field_id, d.label, now.contents is distinct from was.contents as is_changed,
           now.said_at is null or now.said_at = o.said_at as is_ours, coalesce(was.said_at >= now.said_at, false) as was_later
      from patients.value_origins o join patients.field_definitions d on d.id = o.field_id
      cross join lateral (select max(said_at) as said_at, (${contents} from patients.field_values x where x.said_object_id = o.said_object_id and x.field_id = o.field_id) as contents
        from patients.field_values v where v.said_object_id = o.said_object_id and v.field_id = o.field_id) now
      cross join lateral (select max(said_at) as said_at, (${contents} from jsonb_populate_recordset(null::patients.field_values, o.before)) as contents
        from jsonb_populate_recordset(null::patients.field_values, o.before)) was
     where o.origin = ${origin}::uuid and o.said_object_id = any(${[...objectIds]}::uuid[])`.execute(ctx.db)
  return rows
}

/** The labels of own fields that an import changed, by record. */
export async function valueChanges(ctx: Context, origin: string, objectIds: readonly string[]): Promise<Map<string, string[]>> {
  const changed = (await told(ctx, origin, objectIds)).filter((t) => t.isChanged)
  return new Map([...Map.groupBy(changed, (t) => t.objectId)].map(([id, all]) => [id, all.map((t) => t.label)]))
}

/**
 * Takes back what an import said of the own fields of these records, where nobody has spoken since; answers the labels of those that stay as they are,
 * by record. Doing it again changes nothing.
 */
export async function withdrawValues(ctx: Context, origin: string, objectIds: readonly string[]): Promise<Map<string, string[]>> {
  const all = await told(ctx, origin, objectIds)
  if (all.length === 0) return new Map()
  const ours = all.filter((t) => t.isOurs)
  const these = sql`unnest(${ours.map((t) => t.objectId)}::uuid[], ${ours.map((t) => t.fieldId)}::uuid[]) as n (object_id, field_id)`
  await sql`
    delete from patients.field_values v using ${these} where v.said_object_id = n.object_id and v.field_id = n.field_id`.execute(ctx.db)
  await sql`
    insert into patients.field_values (
      field_id, said_object_id, position, object_id, text_value, number_value, date_value, sealed, search_key, said_at, source, is_shown)
    select v.field_id, v.said_object_id, v.position, coalesce(p.merged_into, v.said_object_id), v.text_value, v.number_value, v.date_value, v.sealed,
           v.search_key, v.said_at, v.source, v.is_shown
      from ${these} join patients.value_origins o on o.origin = ${origin}::uuid and o.said_object_id = n.object_id and o.field_id = n.field_id
      cross join lateral jsonb_populate_recordset(null::patients.field_values, o.before) v
      left join patients.patients p on p.id = v.said_object_id`.execute(ctx.db)
  await sql`
    delete from patients.value_origins where origin = ${origin}::uuid and said_object_id = any(${[...objectIds]}::uuid[])`.execute(ctx.db)
  await settleValues(ctx, ours.map((t) => t.objectId)) // biome-ignore format: one thought
  ctx.touched.add('patients')
  const kept = all.filter((t) => !t.isOurs && t.isChanged && !t.wasLater)
  return new Map([...Map.groupBy(kept, (t) => t.objectId)].map(([id, some]) => [id, some.map((t) => t.label)]))
}
