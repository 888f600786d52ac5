import { type Context, emitMany, sql } from '@renxin/server'
import { rowsAs } from './bulk.ts'
import { deathWithdrawn, patientDied } from './events.ts'
import { type Draft, draftOf } from './fold.ts'
import { keysOfName, type SearchKey } from './search-keys.ts'
import { type ContactRow, db, type PatientRow, patientColumns } from './tables.ts'

export type Drafts = {
  /** The draft of an id as it was asked for: of a retired one, its survivor's. */
  of: (id: string) => Draft
  all: Draft[]
  /** Ids that turned out to be retired → the survivor. */
  moved: Map<string, string>
}

/**
 * Takes these patients for writing, in the order of their ids, so that two transactions never wait for each other in a circle. A row that was merged
 * while we waited leads on to its survivor.
 */
export async function takeForWriting(ctx: Context, ids: readonly string[], options: { contacts: boolean }): Promise<Drafts> {
  const rows = new Map<string, PatientRow>()
  for (let wanted = [...new Set(ids)]; wanted.length > 0; ) {
    for (const row of await lock(ctx, wanted)) rows.set(row.id, row)
    wanted = [...rows.values()].flatMap((r) => (r.mergedInto && !rows.has(r.mergedInto) ? [r.mergedInto] : []))
  }
  const moved = new Map<string, string>()
  const drafts = new Map<string, Draft>()
  const survivors = [...rows.values()].filter((r) => !r.mergedInto)
  const contacts = options.contacts ? await contactsOf(ctx, [...survivors.map((r) => r.id)]) : new Map<string, ContactRow[]>()
  for (const row of survivors) drafts.set(row.id, draftOf(row, contacts.get(row.id) ?? [], false))
  for (const id of new Set(ids)) {
    let row = rows.get(id)
    while (row?.mergedInto) row = rows.get(row.mergedInto)
    if (row && row.id !== id) moved.set(id, row.id)
  }
  const of = (id: string) => {
    const draft = drafts.get(moved.get(id) ?? id)
    if (!draft) throw new Error(`patient ${id} was not taken`)
    return draft
  }
  return { of, all: [...drafts.values()], moved }
}

const lock = (ctx: Context, ids: readonly string[]): Promise<PatientRow[]> =>
  db(ctx)
    .selectFrom('patients.patients')
    .selectAll()
    .where('id', '=', sql<string>`any(${ids}::uuid[])`)
    .orderBy('id')
    .forNoKeyUpdate()
    .execute()

async function contactsOf(ctx: Context, ids: readonly string[]): Promise<Map<string, ContactRow[]>> {
  if (ids.length === 0) return new Map()
  const rows = await db(ctx).selectFrom('patients.contacts').selectAll().where('patientId', '=', sql<string>`any(${ids}::uuid[])`).execute()
  return Map.groupBy(rows, (r) => r.patientId)
}

const contactColumns = {
  id: 'uuid',
  patient_id: 'uuid',
  relation: 'text',
  name: 'text',
  phone: 'bytea',
  phone_index: 'bytea',
  phone_last4: 'bytea',
  kind: 'text',
  source: 'text',
  rank: 'int2',
  is_preferred: 'boolean',
  is_void: 'boolean',
  is_former: 'boolean',
  said_at: 'timestamptz',
}
const changing = (columns: object, except: readonly string[], source: string) =>
  sql.raw(
    Object.keys(columns)
      .filter((c) => !except.includes(c))
      .map((c) => `${c} = ${source}.${c}`)
      .join(', '),
  )

type PatientKey = SearchKey & { patientId: string }

/** Writes what was told of patients whose rows are there, with further keys of theirs, and says who died. `wasDeceased` are those who counted as dead before. */
export async function saveDrafts(
  ctx: Context,
  drafts: readonly Draft[],
  wasDeceased: ReadonlySet<string>,
  keys: readonly PatientKey[] = [],
): Promise<void> {
  if (drafts.length === 0) return
  ctx.touched.add('patients')
  const changed = drafts.filter((d) => !d.isNew).map((d) => d.row)
  if (changed.length > 0) {
    await sql`
      update patients.patients p set ${changing(patientColumns, ['id', 'created_at'], 'n')}
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
  const died = drafts.filter(({ row }) => row.deceasedAt && !wasDeceased.has(row.id))
  const lives = drafts.filter(({ row }) => !row.deceasedAt && wasDeceased.has(row.id))
  await emitMany(
    ctx,
    patientDied,
    died.map(({ row }) => ({ patientId: row.id })),
  )
  await emitMany(
    ctx,
    deathWithdrawn,
    lives.map(({ row }) => ({ patientId: row.id })),
  )
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

export async function addKeys(ctx: Context, keys: readonly PatientKey[]): Promise<void> {
  if (keys.length === 0) return
  const columns = { key: 'text', kind: 'text', patient_id: 'uuid', position: 'int2' }
  await sql`
    insert into patients.search_keys (key, kind, patient_id, position) select * from ${rowsAs('n', columns, keys)}
    on conflict do nothing`.execute(ctx.db)
}
