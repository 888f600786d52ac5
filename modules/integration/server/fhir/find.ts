import { type Clause, clauseOf, definitions, entriesOf, FhirProblem, matches, type Query } from '@renxin/fhir'
import { type Context, sql } from '@renxin/server'
import { aliasesOf } from './aliases.ts'
import { conditionsOf, type Settled, sortKey } from './conditions.ts'
import type { Cursor } from './cursor.ts'
import { overlaid } from './overlay.ts'
import { rooms } from './product.ts'
import { permitType, type Setting, UUID } from './setting.ts'
import { headsOfObjects, loadBodies } from './store.ts'
import type { Head } from './tables.ts'

/** One that was found: what was sent to us, or a row of the product that nobody sent. */
export type Found = { keys: string[]; order: string; id: string; head: Head | undefined; objectId: string | null }

const MOST_CHAINED = 1000
const PAGE = 1000

/** One page of what answers a query, in its order, with one more than asked for where there is one. */
export async function find(ctx: Context, setting: Setting, query: Query, cursor: Cursor | undefined, limit: number): Promise<Found[]> {
  const { type } = query.definition
  const clauses = await settle(ctx, setting, type, query.clauses)
  const kept = await findToday(ctx, setting, query, clauses, cursor, limit)
  const own = await findOwn(ctx, query, clauses, cursor, limit)
  return [...kept, ...own].sort((a, b) => compare(a, b, query.sort)).slice(0, limit)
}

/** How many there are in all. */
export async function count(ctx: Context, setting: Setting, query: Query): Promise<number> {
  const { type } = query.definition
  const clauses = await settle(ctx, setting, type, query.clauses)
  if (judgedOf(type, clauses).length > 0) return countToday(ctx, setting, query, clauses)
  const conditions = await conditionsOf(ctx, type, clauses)
  const { rows } = await sql<{ n: number }>`
    select count(*) as n from integration.fhir_resources r where r.type = ${type} and not r.is_deleted ${and(conditions)}`.execute(ctx.db)
  let total = Number(rows[0]?.n ?? 0)
  if (!rooms[type]) return total
  for (let after: string | undefined; ; ) {
    const page: Found[] = await findOwn(ctx, { ...query, sort: [] }, clauses, after ? { keys: [], id: after } : undefined, PAGE)
    total += page.length
    after = page.at(-1)?.order
    if (page.length < PAGE) return total
  }
}

const and = (conditions: readonly ReturnType<typeof sql<boolean>>[]) =>
  conditions.length > 0 ? sql`and ${sql.join(conditions, sql` and `)}` : sql``

/** The clauses that only what stands today can answer. */
const judgedOf = (type: string, clauses: readonly Settled[]): Clause[] =>
  clauses.filter((c): c is Clause => c.is === 'values' && (rooms[type]?.judged?.includes(c.parameter.name) ?? false))

/** What was sent and answers as it stands today: where another word may have changed that, each is looked at. */
async function findToday(
  ctx: Context,
  setting: Setting,
  query: Query,
  clauses: readonly Settled[],
  cursor: Cursor | undefined,
  limit: number,
): Promise<Found[]> {
  const { type } = query.definition
  const judged = judgedOf(type, clauses)
  if (judged.length === 0) return findKept(ctx, query, clauses, cursor, limit)
  const others = clauses.filter((c) => !judged.some((j) => j === c))
  const found: Found[] = []
  for (let after = cursor; found.length < limit; ) {
    const page = await findKept(ctx, query, others, after, PAGE)
    const bodies = await loadBodies(ctx, page.flatMap((f) => f.head ?? [])) // biome-ignore format: one thought
    const today = await overlaid(ctx, type, page, bodies)
    found.push(
      ...page.filter(({ head }) => {
        const resource = head && (today.get(head.key) ?? bodies.get(head.key))
        const entries = resource ? entriesOf(resource, setting) : []
        return judged.every((clause) => matches(entries, clause) === true)
      }),
    )
    const last = page.at(-1)
    if (page.length < PAGE || !last) break
    after = { keys: last.keys, id: last.id }
  }
  return found.slice(0, limit)
}

async function countToday(ctx: Context, setting: Setting, query: Query, clauses: readonly Settled[]): Promise<number> {
  const plainly = { ...query, sort: [] }
  let total = 0
  for (let after: Cursor | undefined; ; ) {
    const page = await findToday(ctx, setting, plainly, clauses, after, PAGE)
    const own = await findOwn(ctx, plainly, clauses, after, PAGE)
    const both = [...page, ...own].sort((a, b) => compare(a, b, [])).slice(0, PAGE)
    total += both.length
    const last = both.at(-1)
    if (both.length < PAGE || !last) return total
    after = { keys: [], id: last.order }
  }
}

async function findKept(
  ctx: Context,
  { definition, sort }: Query,
  clauses: readonly Settled[],
  cursor: Cursor | undefined,
  limit: number,
): Promise<Found[]> {
  const { type } = definition
  const conditions = await conditionsOf(ctx, type, clauses)
  const keys = sort.map((s) => sortKey(type, s))
  const named = keys.map((key, at) => sql`${key} as ${sql.ref(`s${at}`)}`)
  const order = [...sort.map((s, at) => sql`${sql.ref(`s${at}`)} collate "C" ${s.isDescending ? sql`desc` : sql`asc`}`), sql`f.id`]
  const { rows } = await sql<Head & Record<`s${number}`, string>>`
    select * from (
      select r.key, r.type, r.id, r.version, r.changed_at, r.is_deleted, r.hash, r.object_id, r.patient_id, r.waits_for ${named.length > 0 ? sql`, ${sql.join(named)}` : sql``}
      from integration.fhir_resources r where r.type = ${type} and not r.is_deleted ${and(conditions)}
    ) f ${cursor ? sql`where ${afterCursor(sort, cursor)}` : sql``}
    order by ${sql.join(order)} limit ${limit}`.execute(ctx.db)
  return rows.map((row) => ({
    keys: sort.map((_, at) => row[`s${at}`] ?? ''),
    order: row.id,
    id: row.id,
    head: row,
    objectId: row.objectId,
  }))
}

/** Row by row comparison where some go up and some down. */
function afterCursor(sort: Query['sort'], { keys, id }: Cursor) {
  let rest = sql`f.id > ${id}`
  for (const [at, { isDescending }] of [...sort.entries()].reverse()) {
    const column = sql.ref(`s${at}`)
    const value = keys[at] ?? ''
    rest = sql`(${column} collate "C" ${isDescending ? sql`<` : sql`>`} ${value} or (${column} = ${value} and ${rest}))`
  }
  return rest
}

const LAST = '\u{10ffff}'

/** Rows of the product that were not sent, or were sent and match only by what the product knows better. Where the order is not theirs they come last. */
async function findOwn(
  ctx: Context,
  query: Query,
  clauses: readonly Settled[],
  cursor: Cursor | undefined,
  limit: number,
): Promise<Found[]> {
  const { definition, sort } = query
  const room = rooms[definition.type]
  if (!room) return []
  const lastKeys = sort.map((s) => (s.parameter.name === '_id' ? null : s.isDescending ? '' : LAST))
  const isSorted = lastKeys.some((key) => key !== null)
  const isPast = cursor && isSorted && lastKeys.every((key, at) => key === null || cursor.keys[at] === key)
  let after = cursor && (!isSorted || isPast) ? (room.isId ? cursor.id : justBefore(cursor.id)) : undefined
  const found: Found[] = []
  while (found.length < limit) {
    const ids = await room.find(ctx, clauses, { after, limit })
    found.push(...(await shownAs(ctx, query, clauses, ids, lastKeys)))
    after = ids.at(-1)
    if (ids.length < limit) break
  }
  return found.slice(0, limit)
}

const UUIDS = 'xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx'

/** The greatest UUID that does not come after this text, in the order of texts: an id that is none stands somewhere among them. */
function justBefore(id: string): string {
  if (UUID.test(id)) return id
  const fits = (at: number) => (UUIDS[at] === '-' ? id[at] === '-' : /[0-9a-f]/.test(id[at] ?? ''))
  let at = 0
  while (at < UUIDS.length && fits(at)) at += 1
  const next = id[at] ?? ''
  const [stem, fill] =
    next > (UUIDS[at] === '-' ? '-' : 'f') ? [id.slice(0, at), 'f'] : next > '9' ? [`${id.slice(0, at)}9`, 'f'] : [id.slice(0, at), '0']
  return stem + UUIDS.slice(stem.length).replaceAll('x', fill)
}

async function shownAs(
  ctx: Context,
  { definition }: Query,
  clauses: readonly Settled[],
  ids: string[],
  keys: (string | null)[],
): Promise<Found[]> {
  const { type } = definition
  const heads = await headsOfObjects(ctx, type, ids)
  const alive = heads.filter((h) => !h.isDeleted)
  const matched = await matching(ctx, type, clauses, alive)
  return ids.flatMap((objectId): Found[] => {
    const sent = heads.filter((h) => h.objectId === objectId)
    if (sent.length === 0) return [{ keys: keys.map((k) => k ?? objectId), order: objectId, id: objectId, head: undefined, objectId }]
    const [head] = alive.filter((h) => h.objectId === objectId)
    if (!head || sent.some((h) => matched.has(h.key))) return [] // deleted, or found by what was sent
    return [{ keys: keys.map((k) => k ?? objectId), order: objectId, id: head.id, head, objectId }]
  })
}

async function matching(ctx: Context, type: string, clauses: readonly Settled[], heads: readonly Head[]): Promise<Set<string>> {
  if (heads.length === 0) return new Set()
  const conditions = await conditionsOf(ctx, type, clauses)
  const { rows } = await sql<{ key: string }>`
    select r.key from integration.fhir_resources r where r.key = any(${heads.map((h) => h.key)}::uuid[]) ${and(conditions)}`.execute(ctx.db)
  return new Set(rows.map((r) => r.key))
}

function compare(a: Found, b: Found, sort: Query['sort']): number {
  for (const [at, { isDescending }] of sort.entries()) {
    const [x = '', y = ''] = [a.keys[at], b.keys[at]]
    if (x !== y) return (x < y ? -1 : 1) * (isDescending ? -1 : 1)
  }
  return a.order < b.order ? -1 : a.order > b.order ? 1 : 0
}

/** Answers the clauses that look through other resources, so that what is left is about the resource alone. */
async function settle(ctx: Context, setting: Setting, type: string, clauses: readonly Clause[]): Promise<Settled[]> {
  const settled: Settled[] = []
  for (const clause of clauses) settled.push(await settleOne(ctx, setting, type, clause))
  return settled
}

async function settleOne(ctx: Context, setting: Setting, type: string, clause: Clause): Promise<Settled> {
  if (clause.is === 'chain') {
    const values: string[] = []
    for (const target of clause.types) {
      const found = await findAll(ctx, setting, target, clause.name, clause.value)
      const ids =
        target === 'Patient'
          ? (
              await aliasesOf(
                ctx,
                found.map((f) => f.id),
              )
            ).ids
          : found.map((f) => f.id)
      values.push(...ids.map((id) => `${target}/${id}`))
    }
    return { is: 'references', parameter: clause.parameter.name, values }
  }
  if (clause.is === 'has') {
    const found = await findAll(ctx, setting, clause.type, clause.name, clause.value)
    const keys = found.flatMap((f) => f.head?.key ?? [])
    const { rows } = await sql<{ value: string }>`
      select distinct i.value from integration.fhir_index i where i.key = any(${keys}::uuid[]) and i.what = ${`${clause.type}.${clause.parameter.name}`}`.execute(
      ctx.db,
    )
    const ids = rows.flatMap((r) => (r.value.startsWith(`${type}/`) ? [r.value.slice(type.length + 1)] : []))
    return { is: 'ids', ids: type === 'Patient' ? (await aliasesOf(ctx, ids)).ids : ids }
  }
  return clause
}

async function findAll(ctx: Context, setting: Setting, type: string, name: string, value: string): Promise<Found[]> {
  const definition = definitions.get(type)
  if (!definition) return []
  permitType(ctx, 'read', type)
  const query: Query = { ...plain, definition, clauses: [clauseOf(definition, name, value, setting)] }
  const found = await find(ctx, setting, query, undefined, MOST_CHAINED + 1)
  if (found.length > MOST_CHAINED)
    throw new FhirProblem(400, 'too-costly', `more than ${MOST_CHAINED} resources answer the chained parameter ${name}`)
  return found
}

const plain = {
  sort: [],
  count: 0,
  include: [],
  reverseInclude: [],
  summary: 'none',
  elements: [],
  total: 'none',
  cursor: undefined,
} as const satisfies Partial<Query> & Record<string, unknown>
