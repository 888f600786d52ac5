import { isDeepStrictEqual } from 'node:util'
import { type Context, sql } from '@renxin/server'
import { changing, rowsAs } from './bulk.ts'
import { tellDeaths } from './deaths.ts'
import { settleValues } from './fields/values.ts'
import { type Draft, draftOf, isDocument } from './fold.ts'
import { type State, showTogether } from './joined.ts'
import { type Link, parentsOf, rootOf } from './links.ts'
import { keysOfAlias, keysOfBed, keysOfName, keysOfNumber } from './search-keys.ts'
import { type ContactRow, contactColumns, db, type PatientRow, patientColumns } from './tables.ts'
import { addKeys, type PatientKey } from './write-keys.ts'

/** The files of one person: what the survivor shows, what each of them says by itself, and what ties them. */
export type Group = { root: Draft; members: Map<string, Draft>; links: Link[] }

export const membersOf = (groups: readonly Group[]): Map<string, Group> =>
  new Map(groups.flatMap((group) => [...group.members.keys()].map((id) => [id, group] as const)))

const shownColumns = { ...patientColumns, bed: 'text', merged_into: 'uuid', is_joined: 'boolean' }
const ownContactColumns = { ...contactColumns, best_hour: 'int2' }

/** The groups of these survivors, whose rows are held. Most files are of none: then nothing is asked. */
export async function loadGroups(ctx: Context, roots: readonly PatientRow[]): Promise<Group[]> {
  if (roots.length === 0) return []
  const ids = roots.map((r) => r.id)
  const { rows: members } = await sql<PatientRow & { rootId: string }>`
    select (jsonb_populate_record(p, o.row)).*, case when p.merged_into is null then p.id else p.merged_into end as root_id
    from patients.own_states o join patients.patients p on p.id = o.patient_id
    where p.id = any(${ids}::uuid[]) or p.merged_into = any(${ids}::uuid[])`.execute(ctx.db)
  const memberIds = members.map((m) => m.id)
  const { rows: contacts } = await sql<ContactRow>`
    select c.* from patients.own_states o cross join lateral jsonb_populate_recordset(null::patients.contacts, o.contacts) c
    where o.patient_id = any(${memberIds}::uuid[])`.execute(ctx.db)
  const shown = await shownContacts(ctx, ids)
  const links = await linksOf(ctx, memberIds)
  const own = members.map(({ rootId, ...row }) => {
    const mine = contacts.filter((c) => c.patientId === row.id)
    return { rootId, draft: draftOf({ ...row, mergedInto: null, isJoined: false }, mine, false) }
  })
  return roots.map((row) => {
    const mine = new Map(own.filter((m) => m.rootId === row.id).map(({ draft }) => [draft.row.id, draft]))
    return {
      root: draftOf(row, shown.filter((c) => c.patientId === row.id), false), // biome-ignore format: one thought
      members: mine,
      links: links.filter((l) => mine.has(l.oneId) || mine.has(l.otherId)),
    }
  })
}

const shownContacts = (ctx: Context, ids: readonly string[]): Promise<ContactRow[]> =>
  db(ctx).selectFrom('patients.contacts').selectAll().where('patientId', '=', sql<string>`any(${ids}::uuid[])`).execute()

export async function linksOf(ctx: Context, ids: readonly string[]): Promise<Link[]> {
  const these = sql<string>`any(${ids}::uuid[])`
  const found = []
  for (const side of ['oneId', 'otherId'] as const)
    found.push(...(await db(ctx).selectFrom('patients.links').selectAll().where(side, '=', these).execute()))
  return [...new Map(found.map((l) => [l.oneId + l.otherId, l])).values()]
}

/** Puts together anew what these groups show: something was told of these files of theirs. */
export async function showGroups(ctx: Context, groups: readonly Group[], told: ReadonlySet<string>): Promise<void> {
  for (const { root, members, links } of groups) await show(ctx, members, new Map([...members.keys()].map((id) => [id, root])), links, told)
}

/** Files whose survivor is another now. */
export type Move = { id: string; from: string; to: string }

/**
 * Works out who survives whom among these files, and writes what follows: what each says by itself, what the survivors show, and whose every row is today.
 * `before` is what was shown of each file; `told` are those whose own words have changed.
 */
export async function show(
  ctx: Context,
  own: ReadonlyMap<string, State>,
  before: ReadonlyMap<string, Draft>,
  links: readonly Link[],
  told: ReadonlySet<string> = new Set(),
): Promise<Move[]> {
  const within = links.filter((l) => own.has(l.oneId) && own.has(l.otherId))
  const parents = parentsOf(within)
  const roots = new Map([...own.keys()].map((id) => [id, rootOf(parents, id)]))
  const survivors = new Set(roots.values())
  const sizes = new Map([...survivors].map((id) => [id, [...roots.values()].filter((r) => r === id).length]))
  const shown = new Map([...survivors].map((id) => [id, showTogether(ctx, id, own, parents, within)]))

  const moves = [...roots].flatMap(([id, to]) => {
    const from = before.get(id)?.row.id ?? id
    return from === to ? [] : [{ id, from, to }]
  })
  await keepOwn(ctx, [...own].filter(([id]) => (sizes.get(roots.get(id) ?? '') ?? 1) > 1).map(([, state]) => state)) // biome-ignore format: one thought
  // The row of a merged file of which nothing was told is left alone: others may hold it while they wait for the survivor's.
  const written = new Set([...survivors, ...moves.map((m) => m.id), ...told])
  const rows = [...own]
    .filter(([id]) => written.has(id))
    .map(([id, { row }]): PatientRow => {
      const view = shown.get(id)
      if (view) return { ...view.row, bed: bedsIn(id, roots, before)[0] ?? null, mergedInto: null, isJoined: (sizes.get(id) ?? 1) > 1 }
      // No search finds a merged file.
      return { ...row, identityCardIndex: null, identityCardLast4: null, bed: null, mergedInto: roots.get(id) ?? null, isJoined: false }
    })
  await sql`
    update patients.patients p set ${changing(shownColumns, ['id', 'created_at'], 'n')}, is_uncompared = true
    from ${rowsAs('n', shownColumns, rows)} where p.id = n.id`.execute(ctx.db)
  await forgetOwn(ctx, [...survivors].filter((id) => sizes.get(id) === 1)) // biome-ignore format: one thought
  const contactsBefore = [...new Set(before.values())].flatMap((d) => d.contacts)
  await putContacts(ctx, contactsBefore, [...shown.values()].flatMap((s) => s.contacts)) // biome-ignore format: one thought
  await moveRows(ctx, moves)
  await putKeys(ctx, own, shown, { roots, before })
  ctx.touched.add('patients')
  await tellDeaths(
    ctx,
    [...shown].map(([id, { row }]) => ({ row, wasDeceased: (before.get(id)?.row.deceasedAt ?? null) !== null })),
  )
  return moves
}

async function keepOwn(ctx: Context, states: readonly State[]): Promise<void> {
  if (states.length === 0) return
  const contacts = states.flatMap(({ row, contacts }) => contacts.map((c) => ({ ...c, patientId: row.id })))
  await sql`
    insert into patients.own_states (patient_id, row, contacts)
    select n.id, to_jsonb(n), coalesce((select jsonb_agg(to_jsonb(c)) from ${rowsAs('c', ownContactColumns, contacts)} where c.patient_id = n.id), '[]')
    from ${rowsAs('n', patientColumns, states.map((s) => s.row))}
    on conflict (hospital_id, patient_id) do update set row = excluded.row, contacts = excluded.contacts`.execute(ctx.db) // biome-ignore format: SQL
}

const forgetOwn = (ctx: Context, ids: readonly string[]) =>
  ids.length === 0 ? undefined : sql`delete from patients.own_states where patient_id = any(${ids}::uuid[])`.execute(ctx.db)

async function putContacts(ctx: Context, before: readonly ContactRow[], after: readonly ContactRow[]): Promise<void> {
  const [had, has] = [new Map(before.map((c) => [c.id, c])), new Map(after.map((c) => [c.id, c]))]
  // One that goes to another file goes first: it may have to make room there for its like, and its like here for it.
  const gone = before.filter((c) => has.get(c.id)?.patientId !== c.patientId).map((c) => c.id)
  if (gone.length > 0) await sql`delete from patients.contacts where id = any(${gone}::uuid[])`.execute(ctx.db)
  const changed = after.filter((c) => !isDeepStrictEqual(plainOf(had.get(c.id)), plainOf(c)))
  if (changed.length === 0) return
  await sql`
    insert into patients.contacts (${sql.raw(Object.keys(ownContactColumns).join(', '))}) select * from ${rowsAs('n', ownContactColumns, changed)}
    on conflict (hospital_id, id) do update set ${changing(ownContactColumns, ['id', 'phone', 'phone_index', 'phone_last4'], 'excluded')}`.execute(
    ctx.db,
  )
}

/** What is compared of a contact: its number never changes. */
const plainOf = (contact: ContactRow | undefined) =>
  contact && Object.fromEntries(Object.keys(ownContactColumns).flatMap((c) => (c.startsWith('phone') ? [] : [[c, contact[c.replace(/_(\w)/g, (_, l: string) => l.toUpperCase()) as keyof ContactRow]]]))) // biome-ignore format: one thought

/** The bed is told by encounters for all visits of a person. Until they hear of a merge, that of either file stands. */
function bedsIn(rootId: string, roots: ReadonlyMap<string, string>, before: ReadonlyMap<string, Draft>): string[] {
  const shown = [...new Set(before.values())].map((d) => d.row).filter((row) => roots.get(row.id) === rootId)
  return shown
    .sort((a, b) => Number(b.id === rootId) - Number(a.id === rootId))
    .flatMap((row) => row.bed ?? [])
    .slice(0, 1)
}

/** Everything else that is a patient's: whom it was said of stays, whose it is today follows. */
const followers = [
  'identifiers',
  'tagged',
  'care_units',
  'refusals',
  'holds',
  'contact_log',
  'conflicts',
  'cautions',
  'segment_marks',
  'people_ties',
  'rights_requests',
  'privacy',
] as const

async function moveRows(ctx: Context, moves: readonly Move[]): Promise<void> {
  if (moves.length === 0) return
  const columns = { file_id: 'uuid', from_id: 'uuid', to_id: 'uuid' }
  const moved = rowsAs('m', columns, moves.map((m) => ({ fileId: m.id, fromId: m.from, toId: m.to }))) // biome-ignore format: one thought
  for (const table of followers) {
    await sql`
      update ${sql.table(`patients.${table}`)} t set patient_id = m.to_id from ${moved}
      where t.patient_id = m.from_id and t.said_patient_id = m.file_id`.execute(ctx.db)
  }
  await sql`
    update patients.field_values t set object_id = m.to_id from ${moved} where t.object_id = m.from_id and t.said_object_id = m.file_id`.execute(
    ctx.db,
  )
  await settleValues(ctx, moves.flatMap((m) => [m.from, m.to])) // biome-ignore format: one thought
  await sql`
    update patients.conflicts t set other_id = m.to_id from ${moved}
    where t.other_id = m.from_id and t.said_other_id = m.file_id`.execute(ctx.db)
}

/** What the survivors are found by: what they show, their numbers, and the names of those merged into them. */
async function putKeys(
  ctx: Context,
  own: ReadonlyMap<string, State>,
  shown: ReadonlyMap<string, State>,
  { roots, before }: { roots: ReadonlyMap<string, string>; before: ReadonlyMap<string, Draft> },
): Promise<void> {
  const ids = [...own.keys()]
  const { rows: numbers } = await sql<{ patientId: string; type: string; value: string }>`
    select patient_id, type, value from patients.identifiers where patient_id = any(${ids}::uuid[])`.execute(ctx.db)
  const wanted = [...shown].flatMap(([id, { row }]): PatientKey[] =>
    [
      ...keysOfName(row.name, row.namePinyin),
      ...bedsIn(id, roots, before).flatMap(keysOfBed),
      ...numbers.filter((n) => n.patientId === id && !isDocument(n)).flatMap((n) => keysOfNumber(n.value)),
      ...[...own.values()].flatMap((s) => (roots.get(s.row.id) === id && s.row.name !== row.name ? keysOfAlias(s.row.name) : [])),
    ].map((k) => ({ ...k, patientId: id })),
  )
  const { rows: known } = await sql<PatientKey>`
    select key, kind, patient_id, position from patients.search_keys where patient_id = any(${ids}::uuid[]) and kind <> 'ownField'`.execute(
    ctx.db,
  ) // those go with the fields' values
  const nameOf = (k: PatientKey) => `${k.patientId}\n${k.kind}\n${k.position}\n${k.key}`
  const keep = new Set(wanted.map(nameOf))
  const gone = known.filter((k) => !keep.has(nameOf(k)))
  if (gone.length > 0) {
    await sql`
      delete from patients.search_keys k using ${rowsAs('g', { key: 'text', kind: 'text', patient_id: 'uuid' }, gone)}
      where k.key = g.key and k.kind = g.kind and k.patient_id = g.patient_id`.execute(ctx.db)
  }
  const there = new Set(known.map(nameOf))
  await addKeys(ctx, wanted.filter((k) => !there.has(nameOf(k)))) // biome-ignore format: one thought
}
