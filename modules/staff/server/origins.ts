import { isDeepStrictEqual } from 'node:util'
import { type Context, savepoint, sql } from '@renxin/server'

/** A person or a unit as the pages show it, so that two can be compared. */
type Image = Readonly<Record<string, string | boolean | null | readonly string[]>>
type Kind = 'person' | 'unit'
type Images = ReadonlyMap<string, Image>

const everyone = sql`
  select p.id, jsonb_build_object('number', p.number, 'name', p.name, 'isNamed', p.is_named, 'namePinyin', p.name_pinyin, 'job', p.job,
      'title', p.title, 'startedOn', p.started_on, 'wantedRole', p.wanted_role, 'isActive', p.is_active,
      'units', (select coalesce(jsonb_agg(m.unit_id order by m.unit_id), '[]') from staff.memberships m where m.person_id = p.id)) as image
  from staff.people p`
const everywhere = sql`
  select u.id, jsonb_build_object('kind', u.kind, 'code', u.code, 'name', u.name, 'isNamed', u.is_named, 'department', u.department_id,
      'campus', u.campus_id, 'isActive', u.is_active) as image
  from staff.units u`

async function images(ctx: Context, kind: Kind): Promise<Images> {
  const { rows } = await sql<{ id: string; image: Image }>`${kind === 'person' ? everyone : everywhere}`.execute(ctx.db)
  return new Map(rows.map((r) => [r.id, r.image]))
}

/**
 * Does what an import enters, and keeps what people and units were before and are now, those too that it only mentions and that were made for it.
 * A register has some thousands of rows at most: all are looked at. `onlyNew`: the import is of something else.
 */
export async function underOrigin<T>(
  ctx: Context,
  { origin, onlyNew }: { origin: string; onlyNew: boolean },
  work: () => Promise<T>,
): Promise<T> {
  const before = { person: await images(ctx, 'person'), unit: await images(ctx, 'unit') }
  const result = await work()
  for (const kind of ['person', 'unit'] as const) {
    const after = await images(ctx, kind)
    const rows = [...after].flatMap(([objectId, image]) => {
      const was = before[kind].get(objectId) ?? null
      return isDeepStrictEqual(was, image) || (was && onlyNew) ? [] : [{ objectId, was, image }]
    })
    if (rows.length === 0) continue
    await sql`
      insert into staff.origins (origin, kind, object_id, before, after)
      select ${origin}::uuid, ${kind}, n.id, n.before, n.after
      from unnest(${rows.map((r) => r.objectId)}::uuid[], ${rows.map((r) => r.was && JSON.stringify(r.was))}::jsonb[],
        ${rows.map((r) => JSON.stringify(r.image))}::jsonb[]) as n (id, before, after)
      on conflict (hospital_id, origin, kind, object_id) do update set after = excluded.after`.execute(ctx.db)
  }
  return result
}

export type StaffChange = { objectId: string; isNew: boolean; fields: { field: string; before: string | null; after: string | null }[] }

/** What an import changed of these people or units. */
export async function staffChanges(ctx: Context, origin: string, kind: Kind, ids: readonly string[]): Promise<StaffChange[]> {
  const { rows } = await sql<{ objectId: string; before: Image | null; after: Image }>`
    select object_id, before, after from staff.origins
    where origin = ${origin}::uuid and kind = ${kind} and object_id = any(${[...ids]}::uuid[])`.execute(ctx.db)
  const known = new Map(rows.map((r) => [r.objectId, r]))
  return ids.map((objectId) => {
    const row = known.get(objectId)
    if (!row) return { objectId, isNew: false, fields: [] }
    return { objectId, isNew: row.before === null, fields: row.before ? differences(row.before, row.after) : [] }
  })
}

const hidden = new Set(['isNamed', 'namePinyin'])

function differences(before: Image, after: Image): StaffChange['fields'] {
  const shown = (value: Image[string] | undefined) => (typeof value === 'string' && !/^[\da-f-]{36}$/.test(value) ? value : null)
  return Object.keys(after)
    .filter((field) => !hidden.has(field) && !isDeepStrictEqual(before[field], after[field]))
    .map((field) => ({ field, before: shown(before[field]), after: shown(after[field]) }))
}

export type StaffTakenBack = {
  objectId: string
  kind: Kind
  outcome: 'removed' | 'restored' | 'kept'
  reason: 'changedSince' | 'inUse' | 'gone' | null
}

/**
 * Takes back what an import entered: what nobody changed since is as it was before, and what it made is removed where nothing refers to it.
 * Doing it again changes nothing.
 */
export async function withdrawStaff(ctx: Context, origin: string): Promise<StaffTakenBack[]> {
  const { rows } = await sql<{ kind: Kind; objectId: string; before: Image | null; after: Image }>`
    delete from staff.origins where origin = ${origin}::uuid returning kind, object_id, before, after`.execute(ctx.db)
  const results: StaffTakenBack[] = []
  for (const kind of ['person', 'unit'] as const) {
    const now = await images(ctx, kind)
    // Wards before the departments that they are in.
    const ours = rows.filter((r) => r.kind === kind).toSorted((a, b) => String(b.after.kind).localeCompare(String(a.after.kind)))
    for (const { objectId, before, after } of ours) {
      const is = now.get(objectId)
      const told = { objectId, kind }
      if (!is) results.push({ ...told, outcome: 'kept', reason: 'gone' })
      else if (!isDeepStrictEqual(is, after)) results.push({ ...told, outcome: 'kept', reason: 'changedSince' })
      else if (before) {
        await put(ctx, kind, objectId, before)
        results.push({ ...told, outcome: 'restored', reason: null })
      } else if (await remove(ctx, kind, objectId)) results.push({ ...told, outcome: 'removed', reason: null })
      else results.push({ ...told, outcome: 'kept', reason: 'inUse' })
    }
  }
  if (rows.length > 0) ctx.touched.add('staff')
  return results
}

/** An import that can be taken back no more needs nothing kept. */
export async function forgetStaffOrigin(ctx: Context, origin: string): Promise<void> {
  await sql`delete from staff.origins where origin = ${origin}::uuid`.execute(ctx.db)
}

async function put(ctx: Context, kind: Kind, id: string, image: Image): Promise<void> {
  const text = JSON.stringify(image)
  if (kind === 'unit') {
    await sql`
      update staff.units u set code = i.code, name = i.name, is_named = i."isNamed", department_id = i.department, campus_id = i.campus, is_active = i."isActive"
      from jsonb_to_record(${text}::jsonb) as i (code text, name text, "isNamed" boolean, department uuid, campus uuid, "isActive" boolean)
      where u.id = ${id}::uuid`.execute(ctx.db)
    return
  }
  await sql`
    update staff.people p set number = i.number, name = i.name, is_named = i."isNamed", name_pinyin = i."namePinyin", job = i.job, title = i.title, is_active = i."isActive",
      started_on = i."startedOn", wanted_role = i."wantedRole"
    from jsonb_to_record(${text}::jsonb) as i (number text, name text, "isNamed" boolean, "namePinyin" text, job text, title text, "isActive" boolean,
      "startedOn" date, "wantedRole" text)
    where p.id = ${id}::uuid`.execute(ctx.db)
  await sql`delete from staff.memberships where person_id = ${id}::uuid`.execute(ctx.db)
  await sql`
    insert into staff.memberships (person_id, unit_id)
    select ${id}::uuid, u.id from staff.units u where u.id in (select jsonb_array_elements_text(${text}::jsonb -> 'units')::uuid)`.execute(
    ctx.db,
  )
}

/** False where others refer to it. */
async function remove(ctx: Context, kind: Kind, id: string): Promise<boolean> {
  const table = sql.table(kind === 'unit' ? 'staff.units' : 'staff.people')
  try {
    await savepoint(ctx, async (ctx) => {
      if (kind === 'unit') {
        const { rows } = await sql<{ isUsed: boolean }>`
          select exists (select from staff.memberships where unit_id = ${id}::uuid) as is_used`.execute(ctx.db)
        if (rows[0]?.isUsed) throw Object.assign(new Error('people work there'), { code: FOREIGN_KEY_VIOLATION })
      }
      await sql`delete from ${table} where id = ${id}::uuid`.execute(ctx.db)
    })
    return true
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === FOREIGN_KEY_VIOLATION)) throw error
    return false
  }
}

const FOREIGN_KEY_VIOLATION = '23503'
