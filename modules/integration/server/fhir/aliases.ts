import { type Context, sql } from '@renxin/server'
import { UUID } from './setting.ts'

/**
 * All the ids under which these patients are known: a person may have been sent by several systems, may be known by the product's own id, and several files may have
 * become one. Answers the ids for references, and the product's ids.
 */
export async function aliasesOf(ctx: Context, patientIds: readonly string[]): Promise<{ ids: string[]; objectIds: string[] }> {
  const ids = [...new Set(patientIds)]
  if (ids.length === 0) return { ids: [], objectIds: [] }
  const { rows } = await sql<{ id: string | null; objectId: string }>`
    with recursive said (id) as (
      select object_id from integration.fhir_resources where type = 'Patient' and id = any(${ids}::text[]) and object_id is not null
      union select c.id from patients.cards c where c.id = any(${ids.filter((id) => UUID.test(id))}::uuid[])
    ), up (id, into_id) as (
      select c.id, c.merged_into from said join patients.cards c on c.id = said.id
      union select c.id, c.merged_into from up join patients.cards c on c.id = up.into_id
    ), down (id) as (
      select id from up where into_id is null
      union select c.id from down join patients.cards c on c.merged_into = down.id
    )
    select r.id, d.id as object_id from down d left join integration.fhir_resources r on r.type = 'Patient' and r.object_id = d.id`.execute(
    ctx.db,
  )
  const objectIds = [...new Set(rows.map((r) => r.objectId))]
  return { ids: [...new Set([...ids, ...objectIds, ...rows.flatMap((r) => r.id ?? [])])], objectIds }
}

/** The present patient of each of these ids: by what was sent, else the product's own. Follows merges. */
export async function patientsOf(ctx: Context, ids: readonly string[]): Promise<Map<string, string>> {
  const wanted = [...new Set(ids)]
  if (wanted.length === 0) return new Map()
  const { rows } = await sql<{ said: string; objectId: string }>`
    with recursive step (said, id, into_id) as (
      select w.said, c.id, c.merged_into from unnest(${wanted}::text[]) as w (said)
      join integration.fhir_resources r on r.type = 'Patient' and r.id = w.said join patients.cards c on c.id = r.object_id
      union
      select w.id::text, c.id, c.merged_into from unnest(${wanted.filter((id) => UUID.test(id))}::uuid[]) as w (id) join patients.cards c on c.id = w.id
      union
      select s.said, c.id, c.merged_into from step s join patients.cards c on c.id = s.into_id
    )
    select said, id as object_id from step where into_id is null`.execute(ctx.db)
  return new Map(rows.map((r) => [r.said, r.objectId]))
}
