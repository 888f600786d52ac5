import { type Context, sql } from '@renxin/server'
import { namePinyin } from './name-pinyin.ts'
import { type PersonName, personKey, resolvePeople } from './resolve-people.ts'
import { resolveUnits, type UnitName, unitKey } from './resolve-units.ts'

/** A department or ward as the hospital's own register has it: its word counts, where a message only mentions one. It has a code, a name or both. */
export type UnitEntry = UnitName & { isActive: boolean }

/**
 * A member of staff as the personnel register has him. `units`: where he works; of a kind that is not named nothing changes.
 * `years`: how long he has worked here, where the register says no day; a first day that says the same stays.
 */
export type PersonEntry = Partial<PersonName> & {
  title?: string | null
  startedOn?: string
  years?: number
  wantedRole?: string
  isActive: boolean
  units?: readonly UnitName[]
}

/** Enters some hundreds of units at once; answers their ids in their order. A new name finds the unit as well as the old one. */
export async function enterUnits(ctx: Context, entries: readonly UnitEntry[]): Promise<string[]> {
  if (entries.length === 0) return []
  const found = await resolveUnits(ctx, entries)
  const departments = await resolveUnits(
    ctx,
    entries.flatMap((e) => (e.departmentCode ? [{ kind: 'department' as const, code: e.departmentCode }] : [])),
  )
  const ids = entries.map((e) => found.get(unitKey(e) ?? '') ?? '')
  const departmentOf = (e: UnitEntry) => departments.get(unitKey({ kind: 'department', code: e.departmentCode ?? null }) ?? '') ?? null
  const last = lastOf(ids)
  const of = <T>(pick: (e: UnitEntry) => T) => last.map((at) => pick(entries[at] as UnitEntry)) // the places are those of the entries
  await sql`
    update staff.units u set name = coalesce(e.name, u.name), is_named = u.is_named or e.name is not null, is_active = e.is_active, department_id = coalesce(e.department_id, u.department_id)
    from unnest(${last.map((at) => ids[at])}::uuid[], ${of((e) => clean(e.name))}::text[], ${of((e) => e.isActive)}::boolean[],
      ${of((e) => (e.kind === 'ward' ? departmentOf(e) : null))}::uuid[]) as e (id, name, is_active, department_id)
    where u.id = e.id`.execute(ctx.db)
  await sql`
    insert into staff.unit_keys (key, unit_id) select distinct on (k) k, id
    from unnest(${of((e) => unitKey({ kind: e.kind, name: e.name ?? null }))}::text[], ${last.map((at) => ids[at])}::uuid[]) as e (k, id)
    where k is not null order by k
    on conflict on constraint unit_keys_pkey do nothing`.execute(ctx.db)
  ctx.touched.add('staff')
  return ids
}

/** Enters some hundreds of people at once; answers their ids in their order. */
export async function enterPeople(ctx: Context, entries: readonly PersonEntry[]): Promise<string[]> {
  if (entries.length === 0) return []
  const nameOf = ({ number, name, job = 'other' }: PersonEntry): PersonName => ({ number: number ?? null, name: name ?? null, job })
  const found = await resolvePeople(ctx, entries.map(nameOf))
  const ids = entries.map((e) => found.get(personKey(nameOf(e)) ?? '') ?? '')
  const last = lastOf(ids)
  const of = <T>(pick: (e: PersonEntry) => T) => last.map((at) => pick(entries[at] as PersonEntry)) // the places are those of the entries
  await sql`
    update staff.people p set name = coalesce(e.name, p.name), name_pinyin = coalesce(e.pinyin, p.name_pinyin), is_named = p.is_named or e.name is not null, is_active = e.is_active,
      job = coalesce(e.job, p.job), title = coalesce(e.title, p.title), wanted_role = coalesce(e.wanted_role, p.wanted_role),
      started_on = case
        when e.started_on is not null then e.started_on
        when e.years is null or extract(year from age(${ctx.clock.today()}::date, p.started_on)) = e.years then p.started_on
        else (${ctx.clock.today()}::date - make_interval(years => e.years))::date end
    from unnest(${last.map((at) => ids[at])}::uuid[], ${of((e) => clean(e.name))}::text[], ${of((e) => pinyinOf(e.name))}::text[],
      ${of((e) => e.isActive)}::boolean[], ${of((e) => e.job ?? null)}::text[], ${of((e) => clean(e.title))}::text[],
      ${of((e) => e.startedOn ?? null)}::date[], ${of((e) => e.years ?? null)}::int[], ${of((e) => clean(e.wantedRole))}::text[])
      as e (id, name, pinyin, is_active, job, title, started_on, years, wanted_role)
    where p.id = e.id`.execute(ctx.db)
  await setUnits(
    ctx,
    last.map((at) => ({ id: ids[at] ?? '', units: entries[at]?.units ?? [] })),
  )
  ctx.touched.add('staff')
  return ids
}

async function setUnits(ctx: Context, people: readonly { id: string; units: readonly UnitName[] }[]): Promise<void> {
  const all = people.flatMap((p) => p.units.map((unit) => ({ id: p.id, unit })))
  if (all.length === 0) return
  const found = await resolveUnits(
    ctx,
    all.map((a) => a.unit),
  )
  const rows = all.flatMap(({ id, unit }) => {
    const unitId = found.get(unitKey(unit) ?? '')
    return unitId ? [{ id, unitId, kind: unit.kind }] : []
  })
  await sql`
    delete from staff.memberships m using staff.units u,
      (select distinct person_id, kind from unnest(${rows.map((r) => r.id)}::uuid[], ${rows.map((r) => r.kind)}::text[]) as w (person_id, kind)) said
    where m.person_id = said.person_id and u.id = m.unit_id and u.kind = said.kind
      and not (m.person_id, m.unit_id) in (select * from unnest(${rows.map((r) => r.id)}::uuid[], ${rows.map((r) => r.unitId)}::uuid[]))`.execute(
    ctx.db,
  )
  await sql`
    insert into staff.memberships (person_id, unit_id)
    select distinct * from unnest(${rows.map((r) => r.id)}::uuid[], ${rows.map((r) => r.unitId)}::uuid[])
    on conflict do nothing`.execute(ctx.db)
}

type Membership = { personId: string; unitId: string }

/** Single ones, where a source tells of each by itself: all others stay as they are. */
export async function changeMemberships(
  ctx: Context,
  { joins, leaves }: { joins: readonly Membership[]; leaves: readonly Membership[] },
): Promise<void> {
  const of = (all: readonly Membership[]) => sql`unnest(${all.map((m) => m.personId)}::uuid[], ${all.map((m) => m.unitId)}::uuid[])`
  if (leaves.length > 0)
    await sql`delete from staff.memberships m where (m.person_id, m.unit_id) in (select * from ${of(leaves)})`.execute(ctx.db)
  if (joins.length > 0)
    await sql`insert into staff.memberships (person_id, unit_id) select distinct * from ${of(joins)} on conflict do nothing`.execute(ctx.db)
  if (joins.length + leaves.length > 0) ctx.touched.add('staff')
}

const clean = (text: string | null | undefined): string | null => text?.trim() || null

const pinyinOf = (name: string | null | undefined): string | null => {
  const said = clean(name)
  return said && namePinyin(said)
}

/** The place of the last entry of each id, in the order of the ids: concurrent batches wait for each other in one order. */
const lastOf = (ids: readonly string[]): number[] =>
  [...new Map(ids.flatMap((id, at) => (id ? [[id, at] as const] : [])))].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, at]) => at)
