import { type Context, openText, sql } from '@renxin/server'
import { keyOf } from '../search-keys.ts'

export type Looker = { actorId: string; personName: string | null; own: { id: string; address: string | null } | null }

/**
 * Who looks, and his own file where it is known beyond doubt: an account and a file are tied by nothing, so it is the one file of his name whose identity number is
 * one of the hospital's people. Of two such it is not known.
 */
export async function lookersOf(ctx: Context, actorIds: readonly string[]): Promise<Map<string, Looker>> {
  const { rows } = await sql<{ actorId: string; personName: string | null }>`
    select u.id as actor_id, p.name as person_name from access.user_cards u left join staff.person_cards p on p.id = u.person_id
     where u.id = any(${[...actorIds]}::uuid[])`.execute(ctx.db)
  const names = new Set(rows.flatMap((r) => r.personName ?? []))
  const { rows: files } = await sql<{ id: string; name: string; address: Buffer | null }>`
    select p.id, p.name, p.address from patients.search_keys k
      join patients.patients p on p.id = k.patient_id and p.merged_into is null
      join patients.staff_numbers s on s.number = p.identity_card_index
     where k.kind = 'name' and k.position = 0 and k.key = any(${[...names].map(keyOf)}::text[])`.execute(ctx.db)
  const byName = Map.groupBy(files, (f) => f.name)
  return new Map(
    rows.map(({ actorId, personName }) => {
      const [file, other] = byName.get(personName ?? '') ?? []
      const own = file && !other ? { id: file.id, address: file.address && openText(ctx, file.address) } : null
      return [actorId, { actorId, personName, own }]
    }),
  )
}
