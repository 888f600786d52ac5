import { elementsOf, isElement, type Resource, spanOf, textOf } from '@renxin/fhir'
import { newId } from '@renxin/kernel'
import { type CautionFact, endCautions, tellCautions } from '@renxin/patients'
import { CautionKind } from '@renxin/patients/contract'
import { type Context, sql } from '@renxin/server'
import { spokenCode } from './facts-patient.ts'
import { type Setting, UUID } from './setting.ts'
import { nameOf } from './store.ts'
import type { Objects, Told } from './told.ts'

const LONGEST = 200

/** A Flag is a caution that stands in the head of its patient's file while it is active and its period lasts; one that is deleted holds no more. */
export async function tellFlags(ctx: Context, setting: Setting, told: readonly Told[], objects: Objects): Promise<void> {
  const flags = told.filter((t) => t.name.type === 'Flag' && (t.patientId || t.objectId))
  if (flags.length === 0) return
  const ours = await cautionsAmong(ctx, flags.filter((f) => !f.objectId).map((f) => f.name.id)) // biome-ignore format: one thought
  const facts = flags.flatMap(({ name, resource, patientId, objectId, sourceAt }): CautionFact[] => {
    const said = resource && patientId ? cautionIn(setting, resource, { sourceAt, now: ctx.clock.now() }) : undefined
    if (!said || !patientId) return []
    const id = objectId ?? (ours.has(name.id) ? name.id : newId(ctx.clock.now().getTime()))
    objects.set(nameOf(name), id)
    return [{ id, patientId, ...said }]
  })
  await tellCautions(ctx, facts)
  await endCautions(ctx, flags.flatMap((f) => (f.resource ? [] : (f.objectId ?? [])))) // biome-ignore format: one thought
}

/** A Flag by the id under which the product showed a caution that nobody had sent is that caution. */
async function cautionsAmong(ctx: Context, ids: readonly string[]): Promise<Set<string>> {
  const { rows } = await sql<{ id: string }>`
    select id from patients.caution_cards where id = any(${ids.filter((id) => UUID.test(id))}::uuid[])`.execute(ctx.db)
  return new Set(rows.map((r) => r.id))
}

type At = { sourceAt: Date; now: Date }

function cautionIn(setting: Setting, resource: Resource, { sourceAt, now }: At): Omit<CautionFact, 'id' | 'patientId'> | undefined {
  const text = spokenCode(resource.code)?.trim().slice(0, LONGEST)
  if (!text) return undefined
  const period = isElement(resource.period) ? resource.period : {}
  const end = spanOf(period.end, setting.dayStart)?.high ?? null
  const isOver = resource.status !== 'active' || (end !== null && end <= now)
  return {
    kind: kindIn(resource),
    text,
    notedAt: spanOf(period.start, setting.dayStart)?.low ?? sourceAt,
    endedAt: isOver ? (end !== null && end <= now ? end : now) : null,
  }
}

/** Our own words for kinds of cautions; everything else is another one. */
function kindIn(resource: Resource): CautionFact['kind'] {
  const words = elementsOf(resource.category).flatMap((c) => [textOf(c.text), ...elementsOf(c.coding).map((k) => textOf(k.code))])
  return words.flatMap((w) => CautionKind.safeParse(w).data ?? [])[0] ?? 'other'
}
