import { newId } from '@renxin/kernel'
import { type Context, sql } from '@renxin/server'
import type { UnitKind } from '../contract.ts'
import { db } from './tables.ts'

/** A unit as another system names it: by its code, by its name, or both; a ward perhaps with its department's code. */
export type UnitName = { kind: UnitKind; code?: string | null; name?: string | null; departmentCode?: string | null }

type Known = { unitId: string; code: string | null; isNamed: boolean; departmentId: string | null }
type Missing = { key: string; unit: UnitName; departmentId: string | null }
type Found = Missing & { match: Known }

/** The key under which `resolveUnits` answers; undefined where there is neither code nor name. */
export const unitKey = (unit: UnitName): string | undefined => keysOf(unit)[0]

/**
 * The ids of these units by `unitKey`, whatever is new made on the way. When all are known it is one statement, however many there are.
 * Of two transactions that meet the same new unit, the primary key of `staff.unit_keys` lets one make it; the other waits and takes it.
 */
export async function resolveUnits(ctx: Context, units: readonly UnitName[]): Promise<Map<string, string>> {
  const wanted = byKey([...units, ...departmentsOf(units)])
  const known = await lookUp(ctx, wanted.values())
  const ids = new Map<string, string>()

  // Departments first, so that a new ward can be put under its new department.
  for (const isDepartment of [true, false]) {
    const found: Found[] = []
    const missing: Missing[] = []
    for (const [key, unit] of wanted) {
      if ((unit.kind === 'department') !== isDepartment) continue
      const departmentId = clean(unit.departmentCode) ? (ids.get(departmentKey(unit.departmentCode ?? '')) ?? null) : null
      const match = recognise(unit, departmentId, known)
      if (match) found.push({ key, unit, departmentId, match })
      else missing.push({ key, unit, departmentId })
    }
    for (const { key, match } of found) ids.set(key, match.unitId)
    const taken = await nameAlso(
      ctx,
      found.filter((f) => !known.has(f.key)),
    )
    for (const [key, id] of await create(ctx, [...missing, ...taken])) ids.set(key, id)
    await mend(
      ctx,
      found.filter((f) => !taken.includes(f) && learns(f)),
    )
  }
  return ids
}

const clean = (text: string | null | undefined): string | null => text?.trim() || null
const departmentKey = (code: string) => `department:c:${code.trim()}`

const departmentsOf = (units: readonly UnitName[]): UnitName[] =>
  units.flatMap((u) => (u.kind === 'ward' && clean(u.departmentCode) ? [{ kind: 'department', code: u.departmentCode }] : []))

/** Every key a unit may be found by, the surest first. */
function keysOf(unit: UnitName): string[] {
  const [code, name, department] = [clean(unit.code), clean(unit.name), unit.kind === 'ward' ? clean(unit.departmentCode) : null]
  return [
    ...(code ? [`${unit.kind}:c:${code}`] : []),
    ...(name && department ? [`${unit.kind}:n:${department}:${name}`] : []),
    ...(name ? [`${unit.kind}:n::${name}`] : []),
  ]
}

/** One of each, in the order of their keys: concurrent batches then wait for each other instead of locking each other out. */
function byKey(units: readonly UnitName[]): Map<string, UnitName> {
  const all = new Map<string, UnitName>()
  for (const unit of units) {
    const key = unitKey(unit)
    if (!key) continue
    const before = all.get(key)
    all.set(key, {
      ...unit,
      name: clean(before?.name) ?? clean(unit.name),
      departmentCode: before?.departmentCode ?? unit.departmentCode ?? null,
    })
  }
  return new Map([...all].sort(([a], [b]) => (a < b ? -1 : 1)))
}

async function lookUp(ctx: Context, units: Iterable<UnitName>): Promise<Map<string, Known>> {
  const keys = [...new Set([...units].flatMap(keysOf))]
  if (keys.length === 0) return new Map()
  const rows = await db(ctx)
    .selectFrom('staff.unitKeys as k')
    .innerJoin('staff.units as u', 'u.id', 'k.unitId')
    .where('k.key', '=', sql<string>`any(${keys}::text[])`)
    .select(['k.key', 'k.unitId', 'u.code', 'u.isNamed', 'u.departmentId'])
    .execute()
  return new Map(rows.map(({ key, ...unit }) => [key, unit]))
}

/** A name alone must not join what codes or departments tell apart. */
function recognise(unit: UnitName, departmentId: string | null, known: ReadonlyMap<string, Known>): Known | undefined {
  const [own, ...others] = keysOf(unit).map((key) => known.get(key))
  if (own) return own
  return others.find((u) => u && !(u.code && clean(unit.code)) && !(u.departmentId && departmentId && u.departmentId !== departmentId))
}

const learns = ({ unit, departmentId, match }: Found) =>
  (clean(unit.code) && !match.code) || (clean(unit.name) && !match.isNamed) || (departmentId && !match.departmentId)

/** Lets known units be found by one key more; those whose key was taken meanwhile are another unit after all. */
async function nameAlso(ctx: Context, found: readonly Found[]): Promise<Found[]> {
  const won = await alias(
    ctx,
    found.map((f) => ({ key: f.key, id: f.match.unitId })),
  )
  return found.filter((f) => !won.has(f.key))
}

async function create(ctx: Context, missing: readonly Missing[]): Promise<Map<string, string>> {
  const made = missing.map((m) => ({ ...m, id: newId() }))
  const won = await insertUnits(ctx, made)
  const ours = made.filter((m) => won.has(m.key))
  const further = ours.flatMap(({ id, unit }) =>
    keysOf(unit)
      .slice(1)
      .map((key) => ({ key, id })),
  )
  await alias(ctx, further)

  const ids = new Map(ours.map((m) => [m.key, m.id]))
  const theirs = await lookUp(
    ctx,
    made.filter((m) => !won.has(m.key)).map((m) => m.unit),
  )
  for (const { key } of made) {
    const unit = theirs.get(key)
    if (unit) ids.set(key, unit.unitId)
  }
  return ids
}

/** Whoever gets the key makes the unit, in the one statement; the keys that were got. */
async function insertUnits(ctx: Context, made: readonly (Missing & { id: string })[]): Promise<Set<string>> {
  if (made.length === 0) return new Set()
  const { rows } = await sql<{ key: string }>`
    with wanted as (
      select * from unnest(
        ${made.map((m) => m.key)}::text[], ${made.map((m) => m.id)}::uuid[], ${made.map((m) => m.unit.kind)}::text[],
        ${made.map((m) => clean(m.unit.code))}::text[], ${made.map((m) => clean(m.unit.name))}::text[], ${made.map((m) => m.departmentId)}::uuid[]
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

/** Gives units these keys; the keys that were still free. */
async function alias(ctx: Context, keys: readonly { key: string; id: string }[]): Promise<Set<string>> {
  if (keys.length === 0) return new Set()
  const rows = await db(ctx)
    .insertInto('staff.unitKeys')
    .values(keys.map(({ key, id }) => ({ key, unitId: id })))
    .onConflict((c) => c.constraint('unit_keys_pkey').doNothing())
    .returning('key')
    .execute()
  return new Set(rows.map((r) => r.key))
}

/** What a later message adds: never over what is known, save a name that was only a code. */
async function mend(ctx: Context, found: readonly Found[]): Promise<void> {
  if (found.length === 0) return
  await sql`
    update staff.units u
    set code = coalesce(u.code, m.code),
        name = case when u.is_named then u.name else coalesce(m.name, u.name) end,
        is_named = u.is_named or m.name is not null,
        department_id = coalesce(u.department_id, m.department_id)
    from unnest(
      ${found.map((f) => f.match.unitId)}::uuid[], ${found.map((f) => clean(f.unit.code))}::text[],
      ${found.map((f) => clean(f.unit.name))}::text[], ${found.map((f) => f.departmentId)}::uuid[]
    ) as m (id, code, name, department_id)
    where u.id = m.id`.execute(ctx.db)
  await alias(
    ctx,
    found.flatMap((f) =>
      keysOf(f.unit)
        .slice(1)
        .map((key) => ({ key, id: f.match.unitId })),
    ),
  )
}
