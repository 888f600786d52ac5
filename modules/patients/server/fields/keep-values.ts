import { type Context, sql } from '@renxin/server'

type About = { objectId: string; field: { id: string }; saidAt: Date }

/** Keeps what stands in these fields before an import's word is written; the first time it speaks of one, and not again. */
export async function keepValues(ctx: Context, origin: string, said: readonly About[]): Promise<void> {
  const last = [...new Map(said.map((s) => [`${s.objectId}${s.field.id}`, s])).values()]
  if (last.length === 0) return
  await sql`
    insert into patients.value_origins (origin, said_object_id, field_id, said_at, before)
    select ${origin}::uuid, n.object_id, n.field_id, n.said_at, coalesce((
      select jsonb_agg(to_jsonb(v) order by v.position) from patients.field_values v where v.said_object_id = n.object_id and v.field_id = n.field_id), '[]')
    from unnest(${last.map((s) => s.objectId)}::uuid[], ${last.map((s) => s.field.id)}::uuid[], ${last.map((s) => s.saidAt)}::timestamptz[])
      as n (object_id, field_id, said_at)
    on conflict (hospital_id, origin, said_object_id, field_id) do update set said_at = excluded.said_at`.execute(ctx.db)
}
