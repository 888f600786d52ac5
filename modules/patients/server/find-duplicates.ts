import type { LocalDate } from '@renxin/kernel'
import { blindIndex, type Context, sql } from '@renxin/server'
import { type Compared, type Likeness, likenessOf, WORTH_A_LOOK } from '../person/likeness.ts'
import { rowsAs } from './bulk.ts'
import { pairOf } from './links.ts'

/** Their rows are held until the end, and whatever a message says of one of them waits. */
const AT_ONCE = 200

/** Compares those who are new or of whom something was said anew with whoever could be the same person; who is left is for the next run of the clock. */
export async function findDuplicates(ctx: Context): Promise<void> {
  const { rows } = await sql<{ id: string }>`
    update patients.patients p set is_uncompared = false
      from (select id from patients.patients where is_uncompared order by id limit ${AT_ONCE} for no key update skip locked) n
     where p.id = n.id returning p.id`.execute(ctx.db)
  if (rows.length > 0) await compare(ctx, rows.map((r) => r.id)) // biome-ignore format: one thought
}

/** Compares these files with those that could be the same person. */
export async function compare(ctx: Context, ids: readonly string[]): Promise<void> {
  const found = await likeAmong(ctx, await candidatesOf(ctx, ids))
  const isAnyGone = await dropOthers(ctx, ids, found)
  await keep(ctx, found)
  if (isAnyGone || found.length > 0) ctx.touched.add('patients')
}

/** Compares the two with each other alone: with everybody else the clock does, as with whoever is new. */
export async function comparePair(ctx: Context, a: string, b: string): Promise<void> {
  const { oneId, otherId } = pairOf(a, b)
  const candidates = await candidatesOf(ctx, [a, b])
  await keep(ctx, await likeAmong(ctx, candidates.filter((c) => c.oneId === oneId && c.otherId === otherId))) // biome-ignore format: one thought
}

async function likeAmong(ctx: Context, pairs: readonly Candidate[]): Promise<Found[]> {
  const people = await comparedOf(ctx, [...new Set(pairs.flatMap((p) => [p.oneId, p.otherId]))])
  return pairs.flatMap(({ oneId, otherId, isOfOneMessage }) => {
    const [one, other] = [people.get(oneId), people.get(otherId)]
    if (!one || !other) return []
    const { score, reasons } = likenessOf(one, other, isOfOneMessage)
    return score < WORTH_A_LOOK ? [] : [{ oneId, otherId, score, reasons, print: printOf(ctx, one, other) }]
  })
}

const columns = { one_id: 'uuid', other_id: 'uuid', score: 'int', reasons: 'jsonb', print: 'text' }
type Found = { oneId: string; otherId: string; score: number; reasons: Likeness[]; print: string }

/** Pairs that are none any more go; of those that somebody dismissed once it stays known. Answers whether any was shown until now. */
async function dropOthers(ctx: Context, ids: readonly string[], found: readonly Found[]): Promise<boolean> {
  const isOther = sql`(d.one_id = any(${[...ids]}::uuid[]) or d.other_id = any(${[...ids]}::uuid[]))
       and (d.one_id, d.other_id) not in (select n.one_id, n.other_id from ${rowsAs('n', columns, found)})` // by a hash: joined, it is every pair with every other
  const gone = await sql`delete from patients.duplicates d where d.dismissed_print is null and ${isOther}`.execute(ctx.db)
  const hidden = await sql`
    update patients.duplicates d set dismissed_at = ${ctx.clock.now()}, print = d.dismissed_print
     where d.dismissed_print is not null and d.dismissed_at is null and ${isOther}`.execute(ctx.db)
  return Number(gone.numAffectedRows ?? 0) + Number(hidden.numAffectedRows ?? 0) > 0
}

async function keep(ctx: Context, found: readonly Found[]): Promise<void> {
  if (found.length === 0) return
  await sql`
    insert into patients.duplicates as d (one_id, other_id, score, reasons, print, found_at)
    select n.*, ${ctx.clock.now()} from ${rowsAs('n', columns, found)}
    on conflict (hospital_id, one_id, other_id) do update
      set score = excluded.score, reasons = excluded.reasons, print = excluded.print, found_at = excluded.found_at,
          dismissed_at = case when excluded.print = d.dismissed_print then excluded.found_at end
      where d.print <> excluded.print`.execute(ctx.db)
}

type Candidate = { oneId: string; otherId: string; isOfOneMessage: boolean }
const MOST_SHARING = 30

/** Whoever shares a telephone, a document, the reading of the name and nearly the birth, or was named in one message: each by an index. */
async function candidatesOf(ctx: Context, ids: readonly string[]): Promise<Candidate[]> {
  const { rows } = await sql<Candidate>`
    with who as materialized (
      select id, name_pinyin, identity_card_index, birth_on - 400 as born_from, birth_on + 400 as born_until
        from patients.patients where id = any(${[...ids]}::uuid[]) and merged_into is null
    ), pair as (
      select w.id as a, o.patient_id as b, false as is_of_one_message from who w join patients.contacts c on c.patient_id = w.id and not c.is_void
       cross join lateral (select patient_id from patients.contacts o
         where o.phone_index = c.phone_index and o.patient_id <> w.id and not o.is_void limit ${MOST_SHARING}) o
      union all
      select w.id, o.id, false from who w
       cross join lateral (select id from patients.patients o
         where o.identity_card_index = w.identity_card_index and o.id <> w.id and o.merged_into is null limit ${MOST_SHARING}) o
      union all
      select w.id, o.id, false from who w
       cross join lateral (select id from patients.patients o
         where o.name_pinyin = w.name_pinyin and o.birth_on >= w.born_from and o.birth_on <= w.born_until and o.id <> w.id
           and o.merged_into is null limit ${MOST_SHARING}) o
       where w.name_pinyin <> ''
      union all
      select w.id, c.other_id, true from who w join patients.conflicts c on c.patient_id = w.id and c.other_id <> w.id and c.dismissed_at is null
      union all
      select w.id, c.patient_id, true from who w join patients.conflicts c on c.other_id = w.id and c.patient_id <> w.id and c.dismissed_at is null
    )
    select least(a, b) as one_id, greatest(a, b) as other_id, bool_or(is_of_one_message) as is_of_one_message from pair group by 1, 2`.execute(
    ctx.db,
  )
  return rows
}

type Row = Omit<Compared, 'phones' | 'familyPhones' | 'identityCard' | 'birthOn'> & {
  birthOn: LocalDate | null
  identityCardIndex: Buffer | null
}

/** What is compared of these files, those that were merged into others left out. */
export async function comparedOf(ctx: Context, ids: readonly string[]): Promise<Map<string, Compared>> {
  if (ids.length === 0) return new Map()
  const { rows } = await sql<Row>`
    select id, name, name_pinyin, sex, birth_on, identity_card_index, district from patients.patients
     where id = any(${[...ids]}::uuid[]) and merged_into is null`.execute(ctx.db)
  const { rows: contacts } = await sql<{ patientId: string; isOwn: boolean; phoneIndex: Buffer }>`
    select patient_id, relation = 'self' as is_own, phone_index from patients.contacts
     where patient_id = any(${[...ids]}::uuid[]) and not is_void`.execute(ctx.db)
  const phonesOf = Map.groupBy(contacts, (c) => c.patientId)
  return new Map(
    rows.map(({ identityCardIndex, ...row }) => {
      const phones = phonesOf.get(row.id) ?? []
      const numbers = (isOwn: boolean) => phones.filter((p) => p.isOwn === isOwn).map((p) => p.phoneIndex.toString('hex'))
      const identityCard = identityCardIndex?.toString('hex') ?? null
      return [row.id, { ...row, identityCard, phones: numbers(true), familyPhones: numbers(false) }]
    }),
  )
}

/** Of what the two say, so that it can be told whether it is still the same and nothing can be read from it. */
function printOf(ctx: Context, one: Compared, other: Compared): string {
  const said = [one, other].map((p) => ({ ...p, phones: p.phones.toSorted(), familyPhones: p.familyPhones.toSorted() }))
  return blindIndex(ctx, 'patients.duplicate', JSON.stringify(said)).toString('hex')
}
