import { FhirProblem, notFound, type Resource } from '@renxin/fhir'
import { auditMany, type Context } from '@renxin/server'
import type { Found } from './find.ts'
import { maskedFor } from './masking.ts'
import { overlaid } from './overlay.ts'
import { rooms } from './product.ts'
import { type Setting, UUID } from './setting.ts'
import { loadBodies, loadHeads, type Name, nameOf } from './store.ts'
import type { Head } from './tables.ts'

/** A resource as it leaves the house, and the patient of whose record it is. */
export type Shown = { resource: Resource; patientId: string | null; head: Head | undefined }
type Wanted = Pick<Found, 'id' | 'head' | 'objectId'>

/** What was found, as this reader may see it: as it was sent, with what the product knows better, or made from the product's own rows. */
export async function resourcesOf(ctx: Context, setting: Setting, type: string, found: readonly Wanted[]): Promise<Shown[]> {
  const bodies = await loadBodies(
    ctx,
    found.flatMap((f) => f.head ?? []),
  )
  const room = rooms[type]
  const own = found.flatMap((f) => (!f.head && f.objectId ? [f.objectId] : []))
  const made = room && own.length > 0 ? await room.describe(ctx, setting, own) : new Map<string, Resource>()
  const patients = room?.patientOf && own.length > 0 ? await room.patientOf(ctx, own) : new Map<string, string>()
  const today = await overlaid(ctx, type, found, bodies)
  return found.flatMap((f): Shown[] => {
    const resource = f.head ? (today.get(f.head.key) ?? bodies.get(f.head.key)) : made.get(f.objectId ?? '')
    if (!resource) return []
    return [
      { resource: maskedFor(ctx, resource), patientId: f.head ? f.head.patientId : (patients.get(f.objectId ?? '') ?? null), head: f.head },
    ]
  })
}

/** Many by name, of any types; those that are not here are left out. */
export async function readMany(ctx: Context, setting: Setting, names: readonly Name[]): Promise<Map<string, Shown>> {
  const heads = await loadHeads(ctx, names)
  const found = new Map<string, Shown>()
  for (const type of new Set(names.map((n) => n.type))) {
    const wanted = names
      .filter((n) => n.type === type)
      .flatMap((n): Wanted[] => {
        const head = heads.get(nameOf(n))
        if (head) return head.isDeleted ? [] : [{ id: n.id, head, objectId: head.objectId }]
        const room = rooms[type]
        const isOurs = room && (room.isId ? room.isId(n.id) : UUID.test(n.id))
        return isOurs ? [{ id: n.id, head: undefined, objectId: n.id }] : []
      })
    for (const shown of await resourcesOf(ctx, setting, type, wanted)) found.set(`${type}/${String(shown.resource.id)}`, shown)
  }
  return found
}

/** One by its name, or the refusal that tells why not. */
export async function readOne(ctx: Context, setting: Setting, name: Name): Promise<Shown> {
  const shown = (await readMany(ctx, setting, [name])).get(nameOf(name))
  if (shown) return shown
  const head = (await loadHeads(ctx, [name])).get(nameOf(name))
  if (head?.isDeleted) throw new FhirProblem(410, 'deleted', `${nameOf(name)} was deleted`)
  throw notFound(nameOf(name))
}

/** Leaves a row for each patient of whom something is shown. */
export function leaveTrace(ctx: Context, action: string, shown: readonly { patientId: string | null }[], objectId?: string): Promise<void> {
  const patientIds = [...new Set(shown.flatMap((s) => s.patientId ?? []))]
  return auditMany(
    ctx,
    patientIds.map((patientId) => ({ action: `integration.${action}`, patientId, objectId: objectId ?? null })),
  )
}
