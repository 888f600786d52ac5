import { newId } from '@renxin/kernel'
import { type Context, emitMany, sql } from '@renxin/server'
import { patientErrors } from '../contract.ts'
import { takeForWriting } from './drafts.ts'
import { patientMerged, patientParted } from './events.ts'
import type { Draft } from './fold.ts'
import { type Group, linksOf, type Move, show } from './groups.ts'
import { choicesOf, fingerprintOf, type State } from './joined.ts'
import { type Choices, type Link, pairOf, parentsOf, rootOf, stands } from './links.ts'

export type Merge = {
  survivorId: string
  retiredId: string
  reason?: string | null
  /** When it was said; now where it is not given. A parting of the two that was said later stands. */
  saidAt?: Date
  /** Field → the file whose value a person chose. */
  choices?: Readonly<Partial<Record<string, string>>>
}

/**
 * Two files turn out to be of one person. Nothing is mixed: a link is laid between them, each keeps what was said of it, and the survivor shows both by the rule of the
 * latest word, so that a merge may come before or after anything else and `partPatients` gives back what would be there without it. Merging again changes nothing.
 */
export async function mergePatients(ctx: Context, merge: Merge): Promise<{ survivorId: string; isMerged: boolean }> {
  const { survivorId, retiredId } = merge
  if (survivorId === retiredId) return { survivorId, isMerged: false }
  const files = await takeFiles(ctx, [survivorId, retiredId])
  // Who of the two survives is not turned round by hand: the hospital's system may, by a later word.
  if (!merge.saidAt && files.rootOf(survivorId) === files.rootOf(retiredId))
    return { survivorId: files.rootOf(survivorId), isMerged: false }
  const pair = pairOf(survivorId, retiredId)
  const known = files.links.find((l) => l.oneId === pair.oneId && l.otherId === pair.otherId)
  const saidAt = merge.saidAt ?? latest(ctx.clock.now(), known?.saidAt)
  if (stands(known, { survivorId, saidAt })) return { survivorId: files.rootOf(survivorId), isMerged: false }

  const link: Link = { ...pair, survivorId, saidAt, choices: known?.choices ?? null }
  if (merge.choices) link.choices = choicesOf(ctx, speakers(ctx, merge.choices, files), personOf(files, link))
  await keepLink(ctx, link)
  // The same word said again later may count now where that of another pair counted until now.
  const isKnown = known?.survivorId === survivorId && known.saidAt.getTime() === saidAt.getTime() && !merge.choices
  const moves = isKnown ? [] : await regroup(ctx, files, link)
  if (moves.length > 0) await noteMerge(ctx, merge)
  await tellMerges(ctx, moves)
  await tellLeaving(ctx, moves)
  const root = moves.find((m) => m.id === survivorId)?.to ?? files.rootOf(survivorId)
  return { survivorId: root, isMerged: moves.length > 0 }
}

/** What the files say that are of one person when this link has been laid. */
function personOf({ own, links }: Files, link: Link): Map<string, State> {
  const parents = parentsOf(withLink(links, link))
  const root = rootOf(parents, link.oneId)
  return new Map([...own].filter(([id]) => rootOf(parents, id) === root))
}

/** Of a file into which others were merged the value that it shows may be the word of one of them. */
function speakers(ctx: Context, choices: NonNullable<Merge['choices']>, { own, shown }: Files): Record<string, string> {
  const speakerOf = (field: string, id: string) => {
    const view = shown.get(id)
    if (!view) return id
    const print = fingerprintOf(ctx, view.row, field)
    const said = [...own].filter(([member, { row }]) => shown.get(member) === view && fingerprintOf(ctx, row, field) === print)
    return (said.find(([member]) => member === id) ?? said[0])?.[0] ?? id
  }
  return Object.fromEntries(Object.entries(choices).flatMap(([field, id]) => (id ? [[field, speakerOf(field, id)]] : [])))
}

/** A word by hand is said now, and counts even where the clock of a source runs ahead: later than what it overrules, so that this stays overruled when it comes again. */
export const latest = (now: Date, known: Date | undefined): Date => (known && known >= now ? new Date(known.getTime() + 1) : now)

/** Refuses where a page names somebody who is not there, or one and the same. */
export async function mergeByHand(ctx: Context, merge: Merge): Promise<{ patientId: string }> {
  if (merge.survivorId === merge.retiredId) throw patientErrors.mergeWithItself()
  const { rows } = await sql<{ id: string }>`
    select id from patients.patients where id = any(${[merge.survivorId, merge.retiredId]}::uuid[])`.execute(ctx.db)
  if (rows.length < 2) throw patientErrors.notFound()
  const { survivorId } = await mergePatients(ctx, merge)
  return { patientId: survivorId }
}

/** Files that are held for writing, with everybody who may be of one person with them. */
export type Files = { own: Map<string, State>; shown: Map<string, Draft>; links: Link[]; rootOf: (id: string) => string }

/** Takes these files and all who are of one person with them, or would be: a word that was overruled may count again when the later one is taken back. */
export async function takeFiles(ctx: Context, asked: readonly string[]): Promise<Files> {
  const ids = new Set(asked)
  for (;;) {
    const taken = await takeForWriting(ctx, [...ids].sort(), { contacts: true })
    const own = new Map<string, State>()
    const shown = new Map<string, Draft>()
    const add = (group: Group | null, draft: Draft) => {
      own.set(draft.row.id, draft)
      shown.set(draft.row.id, group?.root ?? draft)
    }
    for (const group of taken.groups) for (const draft of group.members.values()) add(group, draft)
    for (const draft of taken.all) if (!own.has(draft.row.id)) add(null, draft)
    const links = await linksOf(ctx, [...own.keys()])
    const outside = links.flatMap((l) => (l.survivorId ? [l.oneId, l.otherId] : [])).filter((id) => !own.has(id))
    const size = ids.size
    for (const id of outside) ids.add(id)
    if (ids.size === size) return { own, shown, links, rootOf: taken.rootOf }
  }
}

/** Shows what follows from the links when this one has been put among them. */
export const regroup = (ctx: Context, { own, shown, links }: Files, link: Link): Promise<Move[]> =>
  show(ctx, own, shown, withLink(links, link))

const withLink = (links: readonly Link[], link: Link): Link[] => [
  ...links.filter((l) => l.oneId !== link.oneId || l.otherId !== link.otherId),
  link,
]

export const keepLink = (ctx: Context, { oneId, otherId, survivorId, saidAt, choices }: Link) =>
  sql`
    insert into patients.links (one_id, other_id, survivor_id, said_at, choices)
    values (${oneId}::uuid, ${otherId}::uuid, ${survivorId}::uuid, ${saidAt}, ${choices && JSON.stringify(choices satisfies Choices)}::jsonb)
    on conflict (hospital_id, one_id, other_id) do update
      set survivor_id = excluded.survivor_id, said_at = excluded.said_at, choices = excluded.choices`.execute(ctx.db)

/** Says of each file that was shown by itself until now who shows it from now on. */
export async function tellMerges(ctx: Context, moves: readonly Move[]): Promise<void> {
  const merged = moves.filter((m) => m.id === m.from)
  await emitMany(ctx, patientMerged, merged.map((m) => ({ survivorId: m.to, retiredId: m.id }))) // biome-ignore format: one thought
}

/** A file that was under one survivor is under another now, by a later word, and that one stands for itself: what it showed of the file is no longer its own. */
async function tellLeaving(ctx: Context, moves: readonly Move[]): Promise<void> {
  const left = moves.filter((m) => m.id !== m.from && !moves.some((o) => o.id === m.from))
  const pairs = new Map(left.map(({ from, to }) => [`${from}${to}`, { survivorId: from, retiredId: to }]))
  await emitMany(ctx, patientParted, [...pairs.values()])
}

const noteMerge = (ctx: Context, { survivorId, retiredId, reason }: Merge) =>
  sql`
    insert into patients.merges (id, survivor_id, retired_id, reason, merged_by, merged_at)
    values (${newId(ctx.clock.now().getTime())}::uuid, ${survivorId}::uuid, ${retiredId}::uuid, ${reason ?? null}, ${ctx.actor.id}::uuid, ${ctx.clock.now()})`.execute(
    ctx.db,
  )
