import { isElement, type Resource, type Target, targetOf } from '@renxin/fhir'
import { type Context, sql } from '@renxin/server'
import type { Known } from './facts-team.ts'
import { UUID } from './setting.ts'
import { loadHeads, nameOf } from './store.ts'
import { db } from './tables.ts'
import type { Objects } from './told.ts'

/** Every resource to which these refer, of the types asked for. */
export function targetsIn(resources: readonly (Resource | null)[], types: readonly string[], base: string): Target[] {
  const found = new Map<string, Target>()
  const walk = (value: unknown) => {
    if (Array.isArray(value)) value.forEach(walk)
    else if (isElement(value))
      for (const [field, inner] of Object.entries(value)) {
        const target = field === 'reference' ? targetOf(inner, base) : undefined
        if (target && types.includes(target.type)) found.set(nameOf(target), target)
        if (typeof inner === 'object') walk(inner)
      }
  }
  resources.forEach(walk)
  return [...found.values()]
}

/** What these resources are in the product: as told a moment ago, as sent before, or by the product's own id. */
export async function objectsOf(ctx: Context, targets: readonly Target[], objects: Objects): Promise<Map<string, string>> {
  const unknown = targets.filter((t) => !objects.has(nameOf(t)))
  const heads = await loadHeads(ctx, unknown)
  return new Map(
    targets.flatMap((target) => {
      const name = nameOf(target)
      const head = heads.get(name)
      const id = objects.get(name) ?? (head ? head.objectId : UUID.test(target.id) ? target.id : null)
      return id ? [[name, id]] : []
    }),
  )
}

const STAFF = ['Practitioner', 'PractitionerRole', 'Organization', 'Location']

/** The people and places of the house to which these resources refer. */
export async function knownIn(ctx: Context, resources: readonly (Resource | null)[], objects: Objects, base: string): Promise<Known> {
  const targets = targetsIn(resources, STAFF, base)
  const found = await objectsOf(ctx, targets, objects)
  const ids = [...found.values()]
  const these = sql<string>`any(${ids}::uuid[])`
  const people =
    ids.length === 0 ? [] : await db(ctx).selectFrom('staff.personCards').where('id', '=', these).select(['id', 'number', 'name']).execute()
  const units =
    ids.length === 0
      ? []
      : await db(ctx).selectFrom('staff.unitCards').where('id', '=', these).select(['id', 'kind', 'code', 'name']).execute()
  return {
    person: (target) => people.find((p) => p.id === found.get(nameOf(target))),
    unit: (target) => units.find((u) => u.id === found.get(nameOf(target))),
    hospitalName: ctx.hospital.name,
  }
}
