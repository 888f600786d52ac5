import type { Resource } from '@renxin/fhir'
import type { Context } from '@renxin/server'
import { rooms } from './product.ts'
import type { Room } from './rooms.ts'
import type { Head } from './tables.ts'

/** By the key of their head, those that the product knows better today than they were sent. */
export async function overlaid(
  ctx: Context,
  type: string,
  found: readonly { head: Head | undefined }[],
  bodies: ReadonlyMap<string, Resource>,
): Promise<Map<string, Resource>> {
  const room = rooms[type]
  if (room?.overlayOfPatients) return overlaidOfPatients(ctx, room.overlayOfPatients, found, bodies)
  if (!room?.overlay) return new Map()
  const kept = found.flatMap(({ head }) => {
    const resource = head && bodies.get(head.key)
    return resource && head.objectId ? [{ key: head.key, objectId: head.objectId, resource }] : []
  })
  if (kept.length === 0) return new Map()
  const today = await room.overlay(ctx, kept)
  return new Map(kept.flatMap(({ key }, at) => (today[at] ? [[key, today[at]]] : [])))
}

async function overlaidOfPatients(
  ctx: Context,
  overlay: NonNullable<Room['overlayOfPatients']>,
  found: readonly { head: Head | undefined }[],
  bodies: ReadonlyMap<string, Resource>,
): Promise<Map<string, Resource>> {
  const kept = found.flatMap(({ head }) => {
    const resource = head && bodies.get(head.key)
    return resource && head.patientId ? [{ key: head.key, patientId: head.patientId, resource }] : []
  })
  const today = kept.length > 0 ? await overlay(ctx, kept) : []
  return new Map(kept.flatMap(({ key }, at) => (today[at] ? [[key, today[at]]] : [])))
}
