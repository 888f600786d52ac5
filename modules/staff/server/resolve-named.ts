import { newId } from '@renxin/kernel'
import { type Context, sql } from '@renxin/server'

export type Key = { key: string; id: string }
export type Made<Name> = Key & { name: Name }
export type Found<Name, Known> = { key: string; name: Name; match: Known }

/** A kind of things that other systems name by a code, by a name or by both, with what is peculiar to it. No part is asked about nothing. */
export type Kind<Name, Known extends { id: string }> = {
  /** Every key that one may be found by, the surest first; none where nothing is said. */
  keysOf(name: Name): string[]
  /** What two say together whose surest key is the same. */
  both(before: Name, name: Name): Name
  lookUp(ctx: Context, keys: readonly string[]): Promise<Map<string, Known>>
  /** Which of those that its keys lead to it is. */
  recognise(name: Name, known: ReadonlyMap<string, Known>): Known | undefined
  /** Whether it says something of the one it is that is not known yet. */
  learns(name: Name, match: Known): boolean
  /** Whoever gets the key makes the thing, in the one statement; the keys that were got. */
  insert(ctx: Context, made: readonly Made<Name>[]): Promise<Set<string>>
  /** Where its keys stand, each with the thing that it leads to. */
  keys: { table: string; owner: string; once: string }
  mend(ctx: Context, found: readonly Found<Name, Known>[]): Promise<void>
}

export const clean = (text: string | null | undefined): string | null => text?.trim() || null

/** One of each, in the order of their keys: concurrent batches then wait for each other instead of locking each other out. */
export function byKey<Name>({ keysOf, both }: Pick<Kind<Name, never>, 'keysOf' | 'both'>, names: readonly Name[]): Map<string, Name> {
  const all = new Map<string, Name>()
  for (const name of names) {
    const [key] = keysOf(name)
    if (!key) continue
    const before = all.get(key)
    all.set(key, before ? both(before, name) : name)
  }
  return new Map([...all].sort(([a], [b]) => (a < b ? -1 : 1)))
}

export async function lookUp<Name, Known extends { id: string }>(
  ctx: Context,
  kind: Kind<Name, Known>,
  names: Iterable<Name>,
): Promise<Map<string, Known>> {
  const keys = [...new Set([...names].flatMap(kind.keysOf))]
  return keys.length > 0 ? kind.lookUp(ctx, keys) : new Map()
}

/**
 * The ids of these by their key, whatever is new made on the way; `known` is what `lookUp` found of them. Of two transactions that meet the same new one, the
 * primary key of its keys lets one make it; the other waits and takes it.
 */
export async function resolveNamed<Name, Known extends { id: string }>(
  ctx: Context,
  kind: Kind<Name, Known>,
  wanted: ReadonlyMap<string, Name>,
  known: ReadonlyMap<string, Known>,
): Promise<Map<string, string>> {
  const found: Found<Name, Known>[] = []
  const missing: { key: string; name: Name }[] = []
  for (const [key, name] of wanted) {
    const match = kind.recognise(name, known)
    if (match) found.push({ key, name, match })
    else missing.push({ key, name })
  }
  const ids = new Map(found.map((f) => [f.key, f.match.id]))

  // Known ones may be found by one key more; those whose key was taken meanwhile are another after all.
  const newlyNamed = found.filter((f) => !known.has(f.key))
  const won = await alias(ctx, kind, newlyNamed.map((f) => ({ key: f.key, id: f.match.id }))) // biome-ignore format: one thought
  const taken = newlyNamed.filter((f) => !won.has(f.key))
  for (const [key, id] of await create(ctx, kind, [...missing, ...taken])) ids.set(key, id)

  const learning = found.filter((f) => !taken.includes(f) && kind.learns(f.name, f.match))
  if (learning.length > 0) await kind.mend(ctx, learning)
  await alias(ctx, kind, learning.flatMap((f) => furtherKeys(kind, f.name, f.match.id))) // biome-ignore format: one thought
  return ids
}

async function create<Name, Known extends { id: string }>(
  ctx: Context,
  kind: Kind<Name, Known>,
  missing: readonly { key: string; name: Name }[],
): Promise<Map<string, string>> {
  if (missing.length === 0) return new Map()
  const made = missing.map(({ key, name }) => ({ key, name, id: newId() }))
  const won = await kind.insert(ctx, made)
  const ours = made.filter((m) => won.has(m.key))
  await alias(ctx, kind, ours.flatMap((m) => furtherKeys(kind, m.name, m.id))) // biome-ignore format: one thought

  const ids = new Map(ours.map((m) => [m.key, m.id]))
  const theirs = await lookUp(ctx, kind, made.flatMap((m) => (won.has(m.key) ? [] : [m.name]))) // biome-ignore format: one thought
  for (const { key } of made) {
    const match = theirs.get(key)
    if (match) ids.set(key, match.id)
  }
  return ids
}

/** Gives things these keys; the keys that were still free. */
async function alias(ctx: Context, { keys: at }: Pick<Kind<never, never>, 'keys'>, keys: readonly Key[]): Promise<Set<string>> {
  if (keys.length === 0) return new Set()
  const { rows } = await sql<{ key: string }>`
    insert into ${sql.table(at.table)} (key, ${sql.ref(at.owner)})
    select * from unnest(${keys.map((k) => k.key)}::text[], ${keys.map((k) => k.id)}::uuid[])
    on conflict on constraint ${sql.ref(at.once)} do nothing
    returning key`.execute(ctx.db)
  return new Set(rows.map((r) => r.key))
}

const furtherKeys = <Name, Known extends { id: string }>({ keysOf }: Kind<Name, Known>, name: Name, id: string): Key[] =>
  keysOf(name)
    .slice(1)
    .map((key) => ({ key, id }))
