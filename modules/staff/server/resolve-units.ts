import { type Context, sql } from '@renxin/server'
import type { UnitKind } from '../contract.ts'
import { byKey, clean, type Found, type Kind, lookUp, type Made, resolveNamed } from './resolve-named.ts'
import { db } from './tables.ts'

/** A unit as another system names it: by its code, by its name, or both; a ward perhaps with its department's code. */
export type UnitName = { kind: UnitKind; code?: string | null; name?: string | null; departmentCode?: string | null }

/** With the department that its department's code stands for. */
type Unit = UnitName & { departmentId?: string | null }
type Known = { id: string; code: string | null; isNamed: boolean; departmentId: string | null }

const units: Kind<Unit, Known> = {
  keys: { table: 'staff.unit_keys', owner: 'unit_id', once: 'unit_keys_pkey' },
  keysOf({ kind, departmentCode, ...said }) {
    const [code, name, department] = [clean(said.code), clean(said.name), kind === 'ward' ? clean(departmentCode) : null]
    return [
      ...(code ? [`${kind}:c:${code}`] : []),
      ...(name && department ? [`${kind}:n:${department}:${name}`] : []),
      ...(name ? [`${kind}:n::${name}`] : []),
    ]
  },
  both: (before, unit) => ({
    ...unit,
    name: clean(before.name) ?? clean(unit.name),
    departmentCode: before.departmentCode ?? unit.departmentCode ?? null,
  }),
  async lookUp(ctx, keys) {
    const rows = await db(ctx)
      .selectFrom('staff.unitKeys as k')
      .innerJoin('staff.units as u', 'u.id', 'k.unitId')
      .where('k.key', '=', sql<string>`any(${keys}::text[])`)
      .select(['k.key', 'u.id', 'u.code', 'u.isNamed', 'u.departmentId'])
      .execute()
    return new Map(rows.map(({ key, ...unit }) => [key, unit]))
  },
  /** A name alone must not join what codes or departments tell apart. */
  recognise(unit, known) {
    const { code, departmentId } = unit
    const [own, ...others] = units.keysOf(unit).map((key) => known.get(key))
    if (own) return own
    return others.find((u) => u && !(u.code && clean(code)) && !(u.departmentId && departmentId && u.departmentId !== departmentId))
  },
  learns: ({ code, name, departmentId }, match) =>
    Boolean((clean(code) && !match.code) || (clean(name) && !match.isNamed) || (departmentId && !match.departmentId)),
  insert: insertUnits,
  mend: mendUnits,
}

/** The key under which `resolveUnits` answers; undefined where there is neither code nor name. */
export const unitKey = (unit: UnitName): string | undefined => units.keysOf(unit)[0]

/** The ids of these units by `unitKey`, whatever is new made on the way. When all are known it is one statement, however many there are. */
export async function resolveUnits(ctx: Context, named: readonly UnitName[]): Promise<Map<string, string>> {
  const wanted = [...byKey(units, [...named, ...departmentsOf(named)])]
  const known = await lookUp(ctx, units, wanted.map(([, unit]) => unit)) // biome-ignore format: one thought
  const resolve = (some: readonly [string, Unit][]) => resolveNamed(ctx, units, new Map(some), known)

  // Departments first, so that a new ward can be put under its new department.
  const departments = await resolve(wanted.filter(([, unit]) => unit.kind === 'department'))
  const under = ({ departmentCode }: Unit) => departments.get(unitKey({ kind: 'department', code: departmentCode }) ?? '') ?? null
  const others = wanted.filter(([, unit]) => unit.kind !== 'department')
  const wards = await resolve(others.map(([key, unit]) => [key, { ...unit, departmentId: under(unit) }]))
  return new Map([...departments, ...wards])
}

const departmentsOf = (named: readonly UnitName[]): UnitName[] =>
  named.flatMap((u) => (u.kind === 'ward' && clean(u.departmentCode) ? [{ kind: 'department', code: u.departmentCode }] : []))

async function insertUnits(ctx: Context, made: readonly Made<Unit>[]): Promise<Set<string>> {
  const { rows } = await sql<{ key: string }>`
    with wanted as (
      select * from unnest(
        ${made.map((m) => m.key)}::text[], ${made.map((m) => m.id)}::uuid[], ${made.map((m) => m.name.kind)}::text[],
        ${made.map((m) => clean(m.name.code))}::text[], ${made.map((m) => clean(m.name.name))}::text[], ${made.map((m) => m.name.departmentId ?? null)}::uuid[]
      ) as w (key, id, kind, code, name, department_id)
    ), won as (
      insert into staff.unit_keys (key, unit_id) select key, id from wanted order by key
      on conflict on constraint unit_keys_pkey do nothing
      returning key
    ), units as (
      insert into staff.units (id, kind, code, name, is_named, department_id)
      select id, kind, code, coalesce(name, code), name is not null, department_id from wanted where key in (select key from won)
    )
    select key from won`.execute(ctx.db)
  return new Set(rows.map((r) => r.key))
}

/** What a later message adds: never over what is known, save a name that was only a code. */
async function mendUnits(ctx: Context, found: readonly Found<Unit, Known>[]): Promise<void> {
  await sql`
    update staff.units u
    set code = coalesce(u.code, m.code),
        name = case when u.is_named then u.name else coalesce(m.name, u.name) end,
        is_named = u.is_named or m.name is not null,
        department_id = coalesce(u.department_id, m.department_id)
    from unnest(
      ${found.map((f) => f.match.id)}::uuid[], ${found.map((f) => clean(f.name.code))}::text[],
      ${found.map((f) => clean(f.name.name))}::text[], ${found.map((f) => f.name.departmentId ?? null)}::uuid[]
    ) as m (id, code, name, department_id)
    where u.id = m.id`.execute(ctx.db)
}
