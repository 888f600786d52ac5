import { elementsOf, isElement, type Resource, spanOf, targetIn, textOf } from '@renxin/fhir'
import { type Context, sql } from '@renxin/server'
import { changeMemberships, enterPeople } from '@renxin/staff'
import type { Job } from '@renxin/staff/contract'
import { objectsOf, targetsIn } from './references-known.ts'
import type { Setting } from './setting.ts'
import { loadBodies, nameOf } from './store.ts'
import { db, type Head } from './tables.ts'
import type { Objects, Told } from './told.ts'

export const PRACTITIONER_ROLE = 'http://terminology.hl7.org/CodeSystem/practitioner-role'
const jobs: Readonly<Record<string, Job>> = { doctor: 'doctor', nurse: 'nurse' }

type Works = { personId: string; unitIds: readonly string[] }

/** As what somebody works here, and where: each PractitionerRole tells of its own departments and wards, and those of one that ended are left again. */
export async function tellRoles(ctx: Context, setting: Setting, told: readonly Told[], objects: Objects): Promise<void> {
  const roles = [...told.filter((t) => t.name.type === 'PractitionerRole'), ...(await rolesWaiting(ctx, told))]
  if (roles.length === 0) return
  const before = await worksBefore(ctx, setting, roles)
  const known = await houseIn(ctx, setting, roles.map((t) => t.resource), objects) // biome-ignore format: one thought
  const now = roles.map((t) => ({ ...t, works: t.resource ? worksIn(ctx, setting, t.resource, known) : undefined }))
  for (const { name, works } of now) if (works) objects.set(nameOf(name), works.personId)
  const late = now.flatMap((t) =>
    t.works && !told.some((one) => one.name === t.name) ? [{ id: t.name.id, personId: t.works.personId }] : [],
  )
  if (late.length > 0)
    await sql`
      update integration.fhir_resources r set object_id = n.person_id
        from unnest(${late.map((l) => l.id)}::text[], ${late.map((l) => l.personId)}::uuid[]) as n (id, person_id)
       where r.type = 'PractitionerRole' and r.id = n.id`.execute(ctx.db)
  await enterPeople(
    ctx,
    now.flatMap(({ resource, works }) => {
      const person = works && known.people.get(works.personId)
      const job = resource && jobIn(resource)
      // A name alone is known by its job: one of another job would be somebody else.
      return person?.number && job ? [{ number: person.number, name: person.name, job, isActive: person.isActive }] : []
    }),
  )
  const joins = now.flatMap(({ works }) => works?.unitIds.map((unitId) => ({ personId: works.personId, unitId })) ?? [])
  const left = now.flatMap(({ name, works }) =>
    (before.get(nameOf(name)) ?? []).flatMap(({ personId, unitIds }) =>
      unitIds.filter((id) => works?.personId !== personId || !works.unitIds.includes(id)).map((unitId) => ({ personId, unitId })),
    ),
  )
  const elsewhere = await worksElsewhere(ctx, setting, left, roles)
  await changeMemberships(ctx, {
    joins,
    leaves: left.filter((l) => ![...joins, ...elsewhere].some((j) => j.personId === l.personId && j.unitId === l.unitId)),
  })
}

type House = {
  ids: ReadonlyMap<string, string>
  people: ReadonlyMap<string, { id: string; number: string | null; name: string; isActive: boolean }>
  units: ReadonlySet<string>
}

/** The people and units to which these resources refer. */
async function houseIn(ctx: Context, setting: Setting, resources: readonly (Resource | null)[], objects: Objects): Promise<House> {
  const ids = await objectsOf(ctx, targetsIn(resources, OF_HOUSE, setting.base), objects)
  const these = sql<string>`any(${[...ids.values()]}::uuid[])`
  const people = await db(ctx)
    .selectFrom('staff.personCards')
    .where('id', '=', these)
    .select(['id', 'number', 'name', 'isActive'])
    .execute()
  const units = await db(ctx).selectFrom('staff.unitCards').where('id', '=', these).select('id').execute()
  return { ids, people: new Map(people.map((p) => [p.id, p])), units: new Set(units.map((u) => u.id)) }
}

const OF_HOUSE = ['Practitioner', 'Organization', 'Location']

/** Roles that came before the person or the place to which they refer. */
async function rolesWaiting(ctx: Context, told: readonly Told[]): Promise<Told[]> {
  const fresh = told.filter((t) => OF_HOUSE.includes(t.name.type) && t.isNew && !t.isNameNew).map((t) => nameOf(t.name))
  if (fresh.length === 0) return []
  const { rows: heads } = await sql<Head>`
    select ${COLUMNS} from integration.fhir_resources where not is_deleted and key in (
      select key from integration.fhir_index where value = any(${fresh}::text[])
         and what in ('PractitionerRole.practitioner', 'PractitionerRole.organization', 'PractitionerRole.location'))
     order by key limit 1000`.execute(ctx.db)
  const among = new Set(told.map((t) => nameOf(t.name)))
  const late = heads.filter((h) => !among.has(nameOf(h)))
  const bodies = await loadBodies(ctx, late)
  return late.map((head) => ({
    name: { type: head.type, id: head.id },
    resource: bodies.get(head.key) ?? null,
    isNew: false,
    isNameNew: false,
    objectId: head.objectId,
    patientId: null,
    sourceAt: head.changedAt,
  }))
}

/** Nothing where it does not say who; no units once it is over. */
function worksIn(ctx: Context, setting: Setting, resource: Resource, known: House): Works | undefined {
  const practitioner = targetIn(resource.practitioner)
  const person = practitioner && known.people.get(known.ids.get(nameOf(practitioner)) ?? '')
  if (!person) return undefined
  const end = isElement(resource.period) ? spanOf(resource.period.end, setting.dayStart)?.high : undefined
  if (resource.active === false || (end && end <= ctx.clock.now())) return { personId: person.id, unitIds: [] }
  const places = [resource.organization, ...elementsOf(resource.location)].flatMap((r) => targetIn(r) ?? [])
  return {
    personId: person.id,
    unitIds: [...new Set(places.flatMap((p) => known.ids.get(nameOf(p)) ?? []))].filter((id) => known.units.has(id)),
  }
}

function jobIn(resource: Resource): Job | undefined {
  const concepts = elementsOf(resource.code)
  const codes = concepts.flatMap((c) => elementsOf(c.coding))
  const coded = codes.flatMap((c) => jobs[textOf(c.code) ?? ''] ?? [])[0]
  if (coded) return coded
  const words = [...concepts.map((c) => textOf(c.text)), ...codes.map((c) => textOf(c.display))].join(' ')
  if (/护士|护师|护理|nurs/i.test(words)) return 'nurse'
  if (/技师|技士|technic/i.test(words)) return 'technician'
  return /医师|医生|doctor|physician|surgeon/i.test(words) ? 'doctor' : undefined
}

const COLUMNS = sql.raw('key, type, id, version, changed_at, is_deleted, hash, object_id, patient_id, waits_for')

async function worksOf(ctx: Context, setting: Setting, heads: readonly Head[]): Promise<Map<string, Works[]>> {
  const bodies = await loadBodies(ctx, heads)
  const known = await houseIn(ctx, setting, [...bodies.values()], new Map())
  return new Map(
    heads.map((head) => {
      const resource = bodies.get(head.key)
      const works = resource && worksIn(ctx, setting, resource, known)
      return [nameOf(head), works ? [works] : []]
    }),
  )
}

/** What these resources said in the version that is kept. */
async function worksBefore(ctx: Context, setting: Setting, roles: readonly Told[]): Promise<Map<string, Works[]>> {
  const ids = roles.filter((t) => !t.isNew).map((t) => t.name.id)
  if (ids.length === 0) return new Map()
  const { rows } = await sql<Head>`
    select ${COLUMNS} from integration.fhir_resources where type = 'PractitionerRole' and id = any(${ids}::text[]) and not is_deleted`.execute(
    ctx.db,
  )
  return worksOf(ctx, setting, rows)
}

/** Where other roles of these people have them. */
async function worksElsewhere(
  ctx: Context,
  setting: Setting,
  left: readonly { personId: string }[],
  roles: readonly Told[],
): Promise<{ personId: string; unitId: string }[]> {
  if (left.length === 0) return []
  const { rows } = await sql<Head>`
    select ${COLUMNS} from integration.fhir_resources
     where type = 'PractitionerRole' and object_id = any(${left.map((l) => l.personId)}::uuid[]) and not is_deleted limit 1000`.execute(
    ctx.db,
  )
  const inBatch = new Set(roles.map((t) => nameOf(t.name)))
  const works = await worksOf(ctx, setting, rows.filter((h) => !inBatch.has(nameOf(h)))) // biome-ignore format: one thought
  return [...works.values()].flat().flatMap(({ personId, unitIds }) => unitIds.map((unitId) => ({ personId, unitId })))
}
