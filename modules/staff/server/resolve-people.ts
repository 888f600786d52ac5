import { newId } from '@renxin/kernel'
import { type Context, sql } from '@renxin/server'
import type { Job } from '../contract.ts'
import { namePinyin } from './name-pinyin.ts'
import { db } from './tables.ts'

/** A member of staff as another system names him: by his number (工号), by his name, or both. */
export type PersonName = { number?: string | null; name?: string | null; job: Job }

type Known = { personId: string; number: string | null; isNamed: boolean; job: Job }
type Missing = { key: string; person: PersonName }
type Found = Missing & { match: Known }

/** The key under which `resolvePeople` answers; undefined where there is neither number nor name. */
export const personKey = (person: PersonName): string | undefined => keysOf(person)[0]

/**
 * The ids of these people by `personKey`, whoever is new made on the way; one statement when all are known. Races are settled as for units.
 * A name without a number means the one who first had that name in that job: two doctors of one name are told apart by their numbers only.
 */
export async function resolvePeople(ctx: Context, people: readonly PersonName[]): Promise<Map<string, string>> {
  const wanted = byKey(people)
  const known = await lookUp(ctx, wanted.values())
  const found: Found[] = []
  const missing: Missing[] = []
  for (const [key, person] of wanted) {
    const match = recognise(person, known)
    if (match) found.push({ key, person, match })
    else missing.push({ key, person })
  }

  const ids = new Map(found.map((f) => [f.key, f.match.personId]))
  const newlyNamed = found.filter((f) => !known.has(f.key))
  const won = await alias(
    ctx,
    newlyNamed.map((f) => ({ key: f.key, id: f.match.personId })),
  )
  const taken = newlyNamed.filter((f) => !won.has(f.key))
  for (const [key, id] of await create(ctx, [...missing, ...taken])) ids.set(key, id)
  await mend(
    ctx,
    found.filter((f) => !taken.includes(f) && learns(f)),
  )
  return ids
}

const clean = (text: string | null | undefined): string | null => text?.trim() || null

function keysOf(person: PersonName): string[] {
  const [number, name] = [clean(person.number), clean(person.name)]
  return [...(number ? [`no:${number}`] : []), ...(name ? [`${person.job}:n:${name}`] : [])]
}

/** One of each, in the order of their keys: concurrent batches then wait for each other instead of locking each other out. */
function byKey(people: readonly PersonName[]): Map<string, PersonName> {
  const all = new Map<string, PersonName>()
  for (const person of people) {
    const key = personKey(person)
    if (!key) continue
    const before = all.get(key)
    all.set(key, {
      ...person,
      name: clean(before?.name) ?? clean(person.name),
      job: before && before.job !== 'other' ? before.job : person.job,
    })
  }
  return new Map([...all].sort(([a], [b]) => (a < b ? -1 : 1)))
}

async function lookUp(ctx: Context, people: Iterable<PersonName>): Promise<Map<string, Known>> {
  const keys = [...new Set([...people].flatMap(keysOf))]
  if (keys.length === 0) return new Map()
  const rows = await db(ctx)
    .selectFrom('staff.personKeys as k')
    .innerJoin('staff.people as p', 'p.id', 'k.personId')
    .where('k.key', '=', sql<string>`any(${keys}::text[])`)
    .select(['k.key', 'k.personId', 'p.number', 'p.isNamed', 'p.job'])
    .execute()
  return new Map(rows.map(({ key, ...person }) => [key, person]))
}

/** A name alone must not join what numbers tell apart. */
function recognise(person: PersonName, known: ReadonlyMap<string, Known>): Known | undefined {
  const [own, byName] = keysOf(person).map((key) => known.get(key))
  return own ?? (byName && !byName.number ? byName : undefined)
}

const learns = ({ person, match }: Found) =>
  (clean(person.number) && !match.number) || (clean(person.name) && !match.isNamed) || (match.job === 'other' && person.job !== 'other')

async function create(ctx: Context, missing: readonly Missing[]): Promise<Map<string, string>> {
  const made = missing.map((m) => ({ ...m, id: newId() }))
  const won = await insertPeople(ctx, made)
  const ours = made.filter((m) => won.has(m.key))
  const further = ours.flatMap(({ id, person }) =>
    keysOf(person)
      .slice(1)
      .map((key) => ({ key, id })),
  )
  await alias(ctx, further)

  const ids = new Map(ours.map((m) => [m.key, m.id]))
  const theirs = await lookUp(
    ctx,
    made.filter((m) => !won.has(m.key)).map((m) => m.person),
  )
  for (const { key } of made) {
    const person = theirs.get(key)
    if (person) ids.set(key, person.personId)
  }
  return ids
}

/** Whoever gets the key makes the person, in the one statement; the keys that were got. */
async function insertPeople(ctx: Context, made: readonly (Missing & { id: string })[]): Promise<Set<string>> {
  if (made.length === 0) return new Set()
  const { rows } = await sql<{ key: string }>`
    with wanted as (
      select * from unnest(
        ${made.map((m) => m.key)}::text[], ${made.map((m) => m.id)}::uuid[], ${made.map((m) => clean(m.person.number))}::text[],
        ${made.map((m) => clean(m.person.name))}::text[], ${made.map((m) => namePinyin(clean(m.person.name) ?? ''))}::text[],
        ${made.map((m) => m.person.job)}::text[]
      ) as w (key, id, number, name, pinyin, job)
    ), won as (
      insert into staff.person_keys (key, person_id) select key, id from wanted order by key
      on conflict on constraint person_keys_pkey do nothing
      returning key
    ), people as (
      insert into staff.people (id, number, name, is_named, name_pinyin, job)
      select id, number, coalesce(name, number), name is not null, pinyin, job from wanted where key in (select key from won)
    )
    select key from won`.execute(ctx.db)
  return new Set(rows.map((r) => r.key))
}

/** Gives people these keys; the keys that were still free. */
async function alias(ctx: Context, keys: readonly { key: string; id: string }[]): Promise<Set<string>> {
  if (keys.length === 0) return new Set()
  const rows = await db(ctx)
    .insertInto('staff.personKeys')
    .values(keys.map(({ key, id }) => ({ key, personId: id })))
    .onConflict((c) => c.constraint('person_keys_pkey').doNothing())
    .returning('key')
    .execute()
  return new Set(rows.map((r) => r.key))
}

/** What a later message adds: never over what is known, save a name that was only a number and a job that was not said. */
async function mend(ctx: Context, found: readonly Found[]): Promise<void> {
  if (found.length === 0) return
  await sql`
    update staff.people p
    set number = coalesce(p.number, m.number),
        name = case when p.is_named then p.name else coalesce(m.name, p.name) end,
        name_pinyin = case when p.is_named then p.name_pinyin else coalesce(m.pinyin, p.name_pinyin) end,
        is_named = p.is_named or m.name is not null,
        job = case when p.job = 'other' then m.job else p.job end
    from unnest(
      ${found.map((f) => f.match.personId)}::uuid[], ${found.map((f) => clean(f.person.number))}::text[],
      ${found.map((f) => clean(f.person.name))}::text[], ${found.map((f) => namePinyin(clean(f.person.name) ?? ''))}::text[],
      ${found.map((f) => f.person.job)}::text[]
    ) as m (id, number, name, pinyin, job)
    where p.id = m.id`.execute(ctx.db)
  await alias(
    ctx,
    found.flatMap((f) =>
      keysOf(f.person)
        .slice(1)
        .map((key) => ({ key, id: f.match.personId })),
    ),
  )
}
