import { type Context, sql } from '@renxin/server'
import { changing, rowsAs } from './bulk.ts'
import { tellDeaths } from './deaths.ts'
import { type Draft, draftOf } from './fold.ts'
import { type Group, loadGroups, membersOf, showGroups } from './groups.ts'
import { keysOfName } from './search-keys.ts'
import { type ContactRow, contactColumns, db, type PatientRow, patientColumns } from './tables.ts'
import { tellChanges } from './tell-changes.ts'
import { addKeys, type PatientKey } from './write-keys.ts'

export type Drafts = {
  /** The draft of a file by itself: of one that takes part in a merge, what it says on its own. */
  of: (id: string) => Draft
  /** Today's file of an id: the survivor where it was merged. */
  rootOf: (id: string) => string
  /** What is shown today of an id. */
  shown: (id: string) => Draft
  all: Draft[]
  groups: Group[]
}

/**
 * Takes these files for writing, in the order of their ids, so that two transactions never wait for each other in a circle. Whoever writes a merged
 * file, or anything of its group, holds the survivor's row.
 */
export async function takeForWriting(ctx: Context, ids: readonly string[], options: { contacts: boolean }): Promise<Drafts> {
  const asked = [...new Set(ids)]
  const locked = new Map<string, PatientRow>()
  const roots = new Map<string, string>()
  for (let wanted = asked; wanted.length > 0; ) {
    for (const row of await lock(ctx, wanted)) locked.set(row.id, row)
    const merged = asked.filter((id) => !locked.has(id))
    if (merged.length === 0) break
    for (const { id, mergedInto } of await whereTo(ctx, merged)) roots.set(id, mergedInto ?? id)
    wanted = merged.flatMap((id) => roots.get(id) ?? []).filter((id) => !locked.has(id))
  }
  const joined = [...locked.values()].filter((r) => r.isJoined)
  const plain = [...locked.values()].filter((r) => !r.isJoined)
  const contacts = options.contacts ? await contactsOf(ctx, plain.map((r) => r.id)) : new Map<string, ContactRow[]>() // biome-ignore format: one thought
  const drafts = new Map(plain.map((row) => [row.id, draftOf(row, contacts.get(row.id) ?? [], false)]))
  const groups = await loadGroups(ctx, joined)
  const owned = new Map(groups.flatMap((group) => [...group.members].map(([id, draft]) => [id, { draft, group }] as const)))
  const of = (id: string) => {
    const draft = owned.get(id)?.draft ?? drafts.get(id)
    if (!draft) throw new Error(`patient ${id} was not taken`)
    return draft
  }
  return {
    of,
    rootOf: (id) => owned.get(id)?.group.root.row.id ?? roots.get(id) ?? id,
    shown: (id) => owned.get(id)?.group.root ?? of(id),
    all: asked.flatMap((id) => owned.get(id)?.draft ?? drafts.get(id) ?? []),
    groups,
  }
}

const lock = (ctx: Context, ids: readonly string[]): Promise<PatientRow[]> =>
  db(ctx)
    .selectFrom('patients.patients')
    .selectAll()
    .where('id', '=', sql<string>`any(${ids}::uuid[])`)
    .where('mergedInto', 'is', null)
    .orderBy('id')
    .forNoKeyUpdate()
    .execute()

/** Where ids lead that are not a file of their own (any more). */
const whereTo = (ctx: Context, ids: readonly string[]) =>
  db(ctx).selectFrom('patients.patients').select(['id', 'mergedInto']).where('id', '=', sql<string>`any(${ids}::uuid[])`).execute()

async function contactsOf(ctx: Context, ids: readonly string[]): Promise<Map<string, ContactRow[]>> {
  if (ids.length === 0) return new Map()
  const rows = await db(ctx).selectFrom('patients.contacts').selectAll().where('patientId', '=', sql<string>`any(${ids}::uuid[])`).execute()
  return Map.groupBy(rows, (r) => r.patientId)
}

/** Writes what was told of files whose rows are there, with further keys of theirs, and says who died. */
export async function saveDrafts(
  ctx: Context,
  drafts: readonly Draft[],
  taken: Pick<Drafts, 'groups'>,
  keys: readonly PatientKey[] = [],
): Promise<void> {
  if (drafts.length === 0) return
  ctx.touched.add('patients')
  const inGroups = membersOf(taken.groups)
  const plain = drafts.filter((d) => !inGroups.has(d.row.id))
  await savePlain(ctx, plain, keys.filter((k) => !inGroups.has(k.patientId))) // biome-ignore format: one thought
  const touched = taken.groups.filter((g) => drafts.some((d) => g.members.get(d.row.id) === d))
  if (touched.length > 0) await showGroups(ctx, touched, new Set(drafts.map((d) => d.row.id)))
  await tellChanges(ctx, plain, touched)
}

async function savePlain(ctx: Context, drafts: readonly Draft[], keys: readonly PatientKey[]): Promise<void> {
  const changed = drafts.filter((d) => !d.isNew).map((d) => d.row)
  const withContacts = drafts.filter((d) => d.changedContacts.size > 0).map((d) => d.row.id)
  if (changed.length > 0) {
    await sql`
      update patients.patients p set ${changing(patientColumns, ['id', 'created_at'], 'n')},
        is_uncompared = p.is_uncompared or p.id = any(${withContacts}::uuid[])
          or (p.name, p.name_pinyin, p.sex, p.birth_on, p.identity_card_index, p.district)
             is distinct from (n.name, n.name_pinyin, n.sex, n.birth_on, n.identity_card_index, n.district)
      from ${rowsAs('n', patientColumns, changed)} where p.id = n.id`.execute(ctx.db)
  }
  const contacts = drafts.flatMap((d) => [...d.changedContacts])
  if (contacts.length > 0) {
    await sql`
      insert into patients.contacts (${sql.raw(Object.keys(contactColumns).join(', '))}) select * from ${rowsAs('n', contactColumns, contacts)}
      on conflict (hospital_id, id) do update set ${changing(contactColumns, ['id', 'phone', 'phone_index', 'phone_last4'], 'excluded')}`.execute(
      ctx.db,
    )
  }
  await saveNameKeys(
    ctx,
    drafts.filter((d) => d.isNameNew),
    keys,
  )
  await tellDeaths(ctx, drafts.map(({ row, wasDeceased }) => ({ row, wasDeceased }))) // biome-ignore format: one thought
}

async function saveNameKeys(ctx: Context, renamed: readonly Draft[], others: readonly PatientKey[]): Promise<void> {
  const old = renamed.filter((d) => !d.isNew).map((d) => d.row.id)
  if (old.length > 0) {
    await db(ctx)
      .deleteFrom('patients.searchKeys')
      .where('patientId', '=', sql<string>`any(${old}::uuid[])`)
      .where('kind', 'in', ['name', 'pinyin', 'initials'])
      .execute()
  }
  const names = renamed.flatMap(({ row }) => keysOfName(row.name, row.namePinyin).map((k) => ({ ...k, patientId: row.id })))
  await addKeys(ctx, [...names, ...others])
}
