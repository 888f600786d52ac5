import { type Context, sql } from '@renxin/server'
import { type FieldDefinition, type FieldObject, fieldErrors } from '../../contract.ts'
import { problemOf } from './rules.ts'

const MOST_FIELDS = 500

/** The hospital's own fields, in their order; of one kind of record where it is said. */
export async function listFields(ctx: Context, objects?: readonly FieldObject[]): Promise<FieldDefinition[]> {
  const { rows } = await sql<FieldDefinition>`
    select id, object, key, label, kind, options, is_required, pattern, least, most, position, is_active, is_searchable, is_in_list, is_sensitive,
           risk_option
      from patients.field_definitions
     where ${objects ? sql`object = any(${[...objects]}::text[])` : sql`true`}
     order by object desc, position, label limit ${sql.lit(MOST_FIELDS)}`.execute(ctx.db)
  return rows
}

/** Makes a field, or changes it. Its kind and whose it is stay once something stands in it. */
export async function saveField(ctx: Context, field: FieldDefinition): Promise<FieldDefinition> {
  const problem = problemOf(field)
  if (problem) throw problem
  const { rows } = await sql<{ id: string; isSame: boolean; isUsed: boolean; isAsBefore: boolean }>`
    select id, id = ${field.id}::uuid as is_same, object = ${field.object} and kind = ${field.kind} and is_sensitive = ${field.isSensitive} as is_as_before,
           exists (select from patients.field_values v where v.field_id = f.id limit 1) as is_used
      from patients.field_definitions f where id = ${field.id}::uuid or (object = ${field.object} and key = ${field.key})`.execute(ctx.db)
  if (rows.some((r) => !r.isSame)) throw fieldErrors.sameFieldKey({ key: field.key })
  if (rows.some((r) => r.isUsed && !r.isAsBefore)) throw fieldErrors.fieldKindFixed({ id: field.id })
  const { options, ...f } = field
  await sql`
    insert into patients.field_definitions (
      id, object, key, label, kind, options, is_required, pattern, least, most, position, is_active, is_searchable, is_in_list, is_sensitive, risk_option)
    values (${f.id}::uuid, ${f.object}, ${f.key}, ${f.label}, ${f.kind}, ${JSON.stringify(options)}::jsonb, ${f.isRequired}, ${f.pattern}, ${f.least}, ${f.most},
            ${f.position}, ${f.isActive}, ${f.isSearchable}, ${f.isInList}, ${f.isSensitive}, ${f.riskOption})
    on conflict (hospital_id, id) do update set
      object = excluded.object, key = excluded.key, label = excluded.label, kind = excluded.kind, options = excluded.options, is_required = excluded.is_required,
      pattern = excluded.pattern, least = excluded.least, most = excluded.most, position = excluded.position, is_active = excluded.is_active,
      is_searchable = excluded.is_searchable, is_in_list = excluded.is_in_list, is_sensitive = excluded.is_sensitive, risk_option = excluded.risk_option`.execute(
    ctx.db,
  )
  return field
}
