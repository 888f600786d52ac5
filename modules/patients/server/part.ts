import { type Context, emitMany, nilId, sql } from '@renxin/server'
import { patientErrors } from '../contract.ts'
import { markRetired, tracePatientFacts } from './apply-facts.ts'
import { setAside } from './duplicates.ts'
import { patientParted } from './events.ts'
import type { Identifier } from './facts.ts'
import { comparePair } from './find-duplicates.ts'
import { visibleId } from './get-patient.ts'
import { type Link, pairOf, parentsOf, rootOf, stands } from './links.ts'
import { keepLink, latest, regroup, takeFiles, tellMerges } from './merge.ts'

type Said = {
  reason?: string | null /** When it was said; now where it is not given. A merge of the two that was said later stands. */
  saidAt?: Date
}
export type Parting = Said &
  ({ mergeId: string } | { survivorId: string; retiredId: string } | { survivor: readonly Identifier[]; retired: readonly Identifier[] })

/**
 * Two files are not one person after all: the link between them is taken away, and each shows again what was said of it, as if they had never been merged.
 * What was said of the retired one's number or visit in between is the retired one's; what was done by hand on the survivor stays there.
 */
export async function partPatients(ctx: Context, parting: Parting): Promise<{ survivorId: string; retiredId: string; isParted: boolean }> {
  const { survivorId, retiredId } = await whoAre(ctx, parting)
  if (survivorId === retiredId) return { survivorId, retiredId, isParted: false }
  const files = await takeFiles(ctx, [survivorId, retiredId])
  // A source speaks of the two files it names, so that its words count alike in whatever order they come; a hand takes out the one from the other.
  const pair = parting.saidAt ? pairOf(survivorId, retiredId) : tieOf(survivorId, retiredId, files.links)
  const known = files.links.find((l) => l.oneId === pair.oneId && l.otherId === pair.otherId)
  const saidAt = parting.saidAt ?? latest(ctx.clock.now(), known?.saidAt)
  if (stands(known, { survivorId: null, saidAt })) return { survivorId, retiredId, isParted: false }

  const link: Link = { ...pair, survivorId: null, saidAt, choices: null }
  await keepLink(ctx, link)
  const moves = known?.survivorId ? await regroup(ctx, files, link) : []
  const rootNow = (id: string) => moves.find((m) => m.id === id)?.to ?? files.rootOf(id)
  if (moves.length > 0) await noteParting(ctx, pair, parting.reason)
  const before = files.rootOf(retiredId)
  const left = new Set(moves.filter((m) => m.to !== before).map((m) => m.to))
  await emitMany(ctx, patientParted, [...left].map((id) => ({ survivorId: rootNow(before), retiredId: id }))) // biome-ignore format: one thought
  await tellMerges(ctx, moves)
  return { survivorId: rootNow(survivorId), retiredId: rootNow(retiredId), isParted: moves.length > 0 }
}

/** Refuses where there is no such merge, where it was taken back already, and where the file is not for the one who asks. */
export async function partByHand(
  ctx: Context,
  { mergeId, reason }: { mergeId: string; reason: string },
): Promise<{ patientId: string; retiredId: string }> {
  const merge = await findMerge(ctx, mergeId)
  await visibleId(ctx, (merge?.partedAt === null && merge.survivorId) || nilId, patientErrors.mergeNotFound({ id: mergeId }))
  const { survivorId, retiredId } = await partPatients(ctx, { mergeId, reason })
  await comparePair(ctx, survivorId, retiredId)
  await setAside(ctx, survivorId, retiredId)
  return { patientId: survivorId, retiredId }
}

async function findMerge(ctx: Context, id: string) {
  const { rows } = await sql<{ survivorId: string; retiredId: string; partedAt: Date | null }>`
    select survivor_id, retired_id, parted_at from patients.merges where id = ${id}::uuid`.execute(ctx.db)
  return rows[0]
}

async function whoAre(ctx: Context, parting: Parting): Promise<{ survivorId: string; retiredId: string }> {
  if ('mergeId' in parting) {
    const merge = await findMerge(ctx, parting.mergeId)
    if (!merge) throw patientErrors.mergeNotFound({ id: parting.mergeId })
    return merge
  }
  if ('survivorId' in parting) return parting
  const sourceAt = parting.saidAt ?? ctx.clock.now()
  // A number of which nothing was heard yet gets its file, so that a merge that was said before and comes later finds that it was taken back.
  const [survivor, retired] = await tracePatientFacts(ctx, [
    { identifiers: parting.survivor, sourceAt },
    { identifiers: parting.retired, sourceAt },
  ])
  const ids = { survivorId: survivor?.saidPatientId ?? '', retiredId: retired?.saidPatientId ?? '' }
  if (ids.survivorId === ids.retiredId) await markRetired(ctx, parting.retired, false) // two numbers of one file, both in use again
  return ids
}

/** The pair whose link holds the two together: their own, or the one by which the one hangs on those below the other. */
function tieOf(survivorId: string, retiredId: string, links: readonly Link[]): { oneId: string; otherId: string } {
  const own = pairOf(survivorId, retiredId)
  if (links.some((l) => l.oneId === own.oneId && l.otherId === own.otherId && l.survivorId)) return own
  const parents = parentsOf(links)
  const isBelow = (id: string, above: string) => {
    for (let at = parents.get(id); at !== undefined; at = parents.get(at)) if (at === above) return true
    return false
  }
  const child = isBelow(survivorId, retiredId) ? survivorId : retiredId
  const parent = parents.get(child)
  return parent && rootOf(parents, survivorId) === rootOf(parents, retiredId) ? pairOf(child, parent) : own
}

const noteParting = (ctx: Context, { oneId, otherId }: { oneId: string; otherId: string }, reason: string | null | undefined) =>
  sql`
    update patients.merges set parted_at = ${ctx.clock.now()}, parted_by = ${ctx.actor.id}::uuid, part_reason = ${reason ?? null}
    where parted_at is null and survivor_id = any(${[oneId, otherId]}::uuid[]) and retired_id = any(${[oneId, otherId]}::uuid[])`.execute(
    ctx.db,
  )
