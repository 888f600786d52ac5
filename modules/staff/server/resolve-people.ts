import { type Context, sql } from '@renxin/server'
import type { Job } from '../contract.ts'
import { namePinyin } from './name-pinyin.ts'
import { byKey, clean, type Found, type Kind, lookUp, type Made, resolveNamed } from './resolve-named.ts'
import { db } from './tables.ts'

/** A member of staff as another system names him: by his number (工号), by his name, or both. */
export type PersonName = { number?: string | null; name?: string | null; job: Job }

type Known = { id: string; number: string | null; isNamed: boolean; job: Job }

const people: Kind<PersonName, Known> = {
  keys: { table: 'staff.person_keys', owner: 'person_id', once: 'person_keys_pkey' },
  keysOf({ number, name, job }) {
    const [no, called] = [clean(number), clean(name)]
    return [...(no ? [`no:${no}`] : []), ...(called ? [`${job}:n:${called}`] : [])]
  },
  both: (before, person) => ({
    ...person,
    name: clean(before.name) ?? clean(person.name),
    job: before.job !== 'other' ? before.job : person.job,
  }),
  async lookUp(ctx, keys) {
    const rows = await db(ctx)
      .selectFrom('staff.personKeys as k')
      .innerJoin('staff.people as p', 'p.id', 'k.personId')
      .where('k.key', '=', sql<string>`any(${keys}::text[])`)
      .select(['k.key', 'p.id', 'p.number', 'p.isNamed', 'p.job'])
      .execute()
    return new Map(rows.map(({ key, ...person }) => [key, person]))
  },
  /** A name alone must not join what numbers tell apart. */
  recognise(person, known) {
    const [own, byName] = people.keysOf(person).map((key) => known.get(key))
    return own ?? (byName && !byName.number ? byName : undefined)
  },
  learns: ({ number, name, job }, match) =>
    Boolean((clean(number) && !match.number) || (clean(name) && !match.isNamed) || (match.job === 'other' && job !== 'other')),
  insert: insertPeople,
  mend: mendPeople,
}

/** The key under which `resolvePeople` answers; undefined where there is neither number nor name. */
export const personKey = (person: PersonName): string | undefined => people.keysOf(person)[0]

/**
 * The ids of these people by `personKey`, whoever is new made on the way; one statement when all are known. A name without a number means the one who first
 * had that name in that job: two doctors of one name are told apart by their numbers only.
 */
export async function resolvePeople(ctx: Context, named: readonly PersonName[]): Promise<Map<string, string>> {
  const wanted = byKey(people, named)
  return resolveNamed(ctx, people, wanted, await lookUp(ctx, people, wanted.values()))
}

async function insertPeople(ctx: Context, made: readonly Made<PersonName>[]): Promise<Set<string>> {
  const { rows } = await sql<{ key: string }>`
    with wanted as (
      select * from unnest(
        ${made.map((m) => m.key)}::text[], ${made.map((m) => m.id)}::uuid[], ${made.map((m) => clean(m.name.number))}::text[],
        ${made.map((m) => clean(m.name.name))}::text[], ${made.map((m) => namePinyin(clean(m.name.name) ?? ''))}::text[],
        ${made.map((m) => m.name.job)}::text[]
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

/** What a later message adds: never over what is known, save a name that was only a number and a job that was not said. */
async function mendPeople(ctx: Context, found: readonly Found<PersonName, Known>[]): Promise<void> {
  await sql`
    update staff.people p
    set number = coalesce(p.number, m.number),
        name = case when p.is_named then p.name else coalesce(m.name, p.name) end,
        name_pinyin = case when p.is_named then p.name_pinyin else coalesce(m.pinyin, p.name_pinyin) end,
        is_named = p.is_named or m.name is not null,
        job = case when p.job = 'other' then m.job else p.job end
    from unnest(
      ${found.map((f) => f.match.id)}::uuid[], ${found.map((f) => clean(f.name.number))}::text[],
      ${found.map((f) => clean(f.name.name))}::text[], ${found.map((f) => namePinyin(clean(f.name.name) ?? ''))}::text[],
      ${found.map((f) => f.name.job)}::text[]
    ) as m (id, number, name, pinyin, job)
    where p.id = m.id`.execute(ctx.db)
}
