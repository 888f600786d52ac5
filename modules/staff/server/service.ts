import type { Input, Page } from '@renxin/kernel'
import { type Context, paged, sql } from '@renxin/server'
import { type Campus, type Person, type staffApi, staffErrors, type Unit } from '../contract.ts'
import { namePinyin } from './name-pinyin.ts'
import { personKey } from './resolve-people.ts'
import { unitKey } from './resolve-units.ts'
import { db } from './tables.ts'

type Api = typeof staffApi

export async function listCampuses(ctx: Context): Promise<{ rows: Campus[] }> {
  const rows = await db(ctx).selectFrom('staff.campuses').select(['id', 'name', 'isActive']).orderBy('name').limit(200).execute()
  return { rows }
}

export async function saveCampus(ctx: Context, campus: Input<Api['saveCampus']>): Promise<Campus> {
  const taken = await db(ctx)
    .selectFrom('staff.campuses')
    .where('name', '=', campus.name)
    .where('id', '<>', campus.id)
    .select('id')
    .executeTakeFirst()
  if (taken) throw staffErrors.nameTaken()
  return db(ctx)
    .insertInto('staff.campuses')
    .values(campus)
    .onConflict((c) => c.constraint('campuses_pkey').doUpdateSet({ name: campus.name, isActive: campus.isActive }))
    .returning(['id', 'name', 'isActive'])
    .executeTakeFirstOrThrow()
}

export async function listUnits(ctx: Context, { kind, withInactive }: Partial<Input<Api['units']>> = {}): Promise<{ rows: Unit[] }> {
  let query = units(ctx).orderBy('u.kind').orderBy('u.name').orderBy('u.id').limit(2000)
  if (kind) query = query.where('u.kind', '=', kind)
  if (!withInactive) query = query.where('u.isActive', '=', true)
  return { rows: await query.execute() }
}

export async function getUnit(ctx: Context, id: string): Promise<Unit> {
  const unit = await units(ctx).where('u.id', '=', id).executeTakeFirst()
  if (!unit) throw staffErrors.unitNotFound({ id })
  return unit
}

export async function saveUnit(ctx: Context, unit: Input<Api['saveUnit']>): Promise<Unit> {
  if (unit.departmentId && (unit.kind !== 'ward' || (await getUnit(ctx, unit.departmentId)).kind !== 'department'))
    throw staffErrors.departmentNeeded()
  if (unit.campusId && !(await db(ctx).selectFrom('staff.campuses').where('id', '=', unit.campusId).select('id').executeTakeFirst()))
    throw staffErrors.campusNotFound()
  if (unit.code) {
    const clash = await db(ctx)
      .selectFrom('staff.units')
      .where('kind', '=', unit.kind)
      .where('code', '=', unit.code)
      .where('id', '<>', unit.id)
      .select('id')
      .executeTakeFirst()
    if (clash) throw staffErrors.codeTaken({ unitId: clash.id })
  }
  const { id, ...fields } = unit
  await db(ctx)
    .insertInto('staff.units')
    .values({ id, ...fields, isNamed: true })
    .onConflict((c) => c.constraint('units_pkey').doUpdateSet({ ...fields, isNamed: true }))
    .execute()
  // The systems find it by what it is called now, and still by what it was called before.
  const names = [
    { kind: unit.kind, code: unit.code },
    { kind: unit.kind, name: unit.name },
  ]
  await db(ctx)
    .insertInto('staff.unitKeys')
    .values(names.flatMap((n) => unitKey(n) ?? []).map((key) => ({ key, unitId: id })))
    .onConflict((c) => c.constraint('unit_keys_pkey').doNothing())
    .execute()
  return getUnit(ctx, id)
}

export function listPeople(ctx: Context, { search, unitId, job, withInactive, ...cursor }: Input<Api['people']>): Promise<Page<Person>> {
  let query = people(ctx)
  if (!withInactive) query = query.where('p.isActive', '=', true)
  if (job) query = query.where('p.job', '=', job)
  if (unitId) {
    query = query.where((e) =>
      e.exists(
        e.selectFrom('staff.memberships as m').select(sql`1`.as('one')).whereRef('m.personId', '=', 'p.id').where('m.unitId', '=', unitId),
      ),
    )
  }
  if (search) {
    const part = `%${search.toLowerCase().replace(/[\\%_]/g, '\\$&')}%`
    query = query.where((e) => e.or([e('p.name', 'like', part), e('p.namePinyin', 'like', part), e(sql`lower(p.number)`, 'like', part)]))
  }
  return paged(query, cursor, ['p.name', 'p.id'])
}

export async function getPerson(ctx: Context, id: string): Promise<Person> {
  const person = await people(ctx).where('p.id', '=', id).executeTakeFirst()
  if (!person) throw staffErrors.personNotFound({ id })
  return person
}

export async function savePerson(ctx: Context, { id, unitIds, ...person }: Input<Api['savePerson']>): Promise<Person> {
  if (person.number) {
    const clash = await db(ctx)
      .selectFrom('staff.people')
      .where('number', '=', person.number)
      .where('id', '<>', id)
      .select('id')
      .executeTakeFirst()
    if (clash) throw staffErrors.numberTaken({ personId: clash.id })
  }
  const fields = { ...person, isNamed: true, namePinyin: namePinyin(person.name) }
  await db(ctx)
    .insertInto('staff.people')
    .values({ id, ...fields })
    .onConflict((c) => c.constraint('people_pkey').doUpdateSet(fields))
    .execute()
  const names = [
    { number: person.number, job: person.job },
    { name: person.name, job: person.job },
  ]
  await db(ctx)
    .insertInto('staff.personKeys')
    .values(names.flatMap((n) => personKey(n) ?? []).map((key) => ({ key, personId: id })))
    .onConflict((c) => c.constraint('person_keys_pkey').doNothing())
    .execute()
  await setUnits(ctx, id, unitIds)
  return getPerson(ctx, id)
}

async function setUnits(ctx: Context, personId: string, unitIds: readonly string[]): Promise<void> {
  await db(ctx).deleteFrom('staff.memberships').where('personId', '=', personId).execute()
  if (unitIds.length === 0) return
  await sql`
    insert into staff.memberships (person_id, unit_id)
    select ${personId}::uuid, id from staff.units where id = any(${[...unitIds]}::uuid[])`.execute(ctx.db)
}

const units = (ctx: Context) =>
  db(ctx)
    .selectFrom('staff.units as u')
    .leftJoin('staff.units as d', 'd.id', 'u.departmentId')
    .select(['u.id', 'u.kind', 'u.code', 'u.name', 'u.departmentId', 'd.name as departmentName', 'u.campusId', 'u.isActive'])

const people = (ctx: Context) =>
  db(ctx)
    .selectFrom('staff.people as p')
    .select(['p.id', 'p.number', 'p.name', 'p.job', 'p.title', 'p.startedOn', 'p.isActive'])
    .select(
      sql<Person['units']>`coalesce((
        select jsonb_agg(jsonb_build_object('id', u.id, 'kind', u.kind, 'name', u.name) order by u.kind, u.name)
        from staff.memberships m join staff.units u on u.id = m.unit_id where m.person_id = p.id), '[]')`.as('units'),
    )
