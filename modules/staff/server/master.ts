import { type Context, sql } from '@renxin/server'
import { type PersonName, personKey, resolvePeople } from './resolve-people.ts'
import { resolveUnits, type UnitName, unitKey } from './resolve-units.ts'

type Gone = { isGone: boolean }
export type MasterPerson = PersonName & Gone & { departmentName: string | null }
export type MasterPlace = UnitName & Gone

/**
 * What another system's list of staff and places says: whoever is new is made, with the department they belong to, and who has left is not
 * offered any more. Names that somebody here has put right stay.
 */
export async function applyMasterLists(
  ctx: Context,
  { people, places }: { people: readonly MasterPerson[]; places: readonly MasterPlace[] },
) {
  if (people.length + places.length === 0) return
  const departments = people.flatMap((p): UnitName[] => (p.departmentName ? [{ kind: 'department', name: p.departmentName }] : []))
  const units = await resolveUnits(ctx, [...places, ...departments])
  const persons = await resolvePeople(ctx, people)
  const unitOf = (u: UnitName) => units.get(unitKey(u) ?? '')
  const personOf = (p: PersonName) => persons.get(personKey(p) ?? '')
  await setActive(ctx, 'staff.units', places.map((p) => [unitOf(p), !p.isGone])) // biome-ignore format: one thought
  await setActive(ctx, 'staff.people', people.map((p) => [personOf(p), !p.isGone])) // biome-ignore format: one thought
  const members = people.flatMap((p) => {
    const unit = p.departmentName && !p.isGone ? unitOf({ kind: 'department', name: p.departmentName }) : undefined
    const person = personOf(p)
    return unit && person ? [{ unit, person }] : []
  })
  if (members.length === 0) return
  await sql`
    insert into staff.memberships (person_id, unit_id)
    select distinct * from unnest(${members.map((m) => m.person)}::uuid[], ${members.map((m) => m.unit)}::uuid[])
    on conflict do nothing`.execute(ctx.db)
}

async function setActive(ctx: Context, table: 'staff.units' | 'staff.people', said: readonly (readonly [string | undefined, boolean])[]) {
  const last = new Map(said.flatMap(([id, isActive]) => (id ? [[id, isActive] as const] : [])))
  if (last.size === 0) return
  await sql`
    update ${sql.table(table)} t set is_active = n.is_active
    from unnest(${[...last.keys()]}::uuid[], ${[...last.values()]}::boolean[]) as n (id, is_active)
    where t.id = n.id and t.is_active <> n.is_active`.execute(ctx.db)
}
