import { type Context, isSameText, savepoint, sql } from '@renxin/server'
import { rowsAs } from './bulk.ts'
import { saveDrafts, takeForWriting } from './drafts.ts'
import { withdrawValues } from './fields/value-origins.ts'
import { concludeDeath, type Draft, fillFromIdentityCard, isDocument, listOf } from './fold.ts'
import { fieldsOf, isField } from './joined.ts'
import { type Before, forgetPatients, type Told, toldBy } from './origins.ts'
import { keysOfNumber } from './search-keys.ts'
import { type ContactRow, db, type PatientRow } from './tables.ts'
import { addKeys } from './write-keys.ts'

export type KeptField = { field: string | null; reason: 'changedSince' | 'inUse' | 'merged' | 'gone' | 'confirmed' }
export type TakenBack = { patientId: string; outcome: 'removed' | 'restored' | 'kept'; kept: KeptField[] }

/**
 * Takes back what an import told of these patients. A field that nobody settled since is what it was before; who was made by the import and is nowhere
 * referred to is removed. What stays is told with its reason. Doing it again changes nothing.
 */
export async function withdrawPatientFacts(ctx: Context, origin: string, patientIds: readonly string[]): Promise<TakenBack[]> {
  const told = await toldBy(ctx, origin, patientIds)
  if (told.length === 0) return []
  const drafts = await takeForWriting(ctx, told.map((t) => t.patientId), { contacts: true }) // biome-ignore format: one thought
  const values = await withdrawValues(ctx, origin, told.map((t) => t.patientId)) // biome-ignore format: one thought
  const results = new Map<string, TakenBack>()
  const restored: Restored[] = []
  const made: string[] = []
  for (const one of told) {
    const { patientId, before } = one
    if (before) restored.push(restore(ctx, drafts.of(patientId), one, before))
    else if (drafts.rootOf(patientId) !== patientId || drafts.shown(patientId) !== drafts.of(patientId))
      results.set(patientId, keptAs(patientId, 'merged'))
    else if (isToldSince(drafts.of(patientId), one) || values.has(patientId)) results.set(patientId, keptAs(patientId, 'changedSince'))
    else made.push(patientId)
  }
  for (const one of restored) {
    const patientId = one.draft.row.id
    if (!one.lateWord) await dropNumbers(ctx, patientId, one.before)
    else if (await hasNewNumbers(ctx, patientId, one.before)) one.kept.push({ field: 'identifiers', reason: 'confirmed' })
    for (const field of values.get(patientId) ?? []) one.kept.push({ field, reason: 'changedSince' })
    results.set(patientId, { patientId, outcome: 'restored', kept: one.kept })
  }
  await saveDrafts(ctx, restored.map((r) => r.draft), drafts) // biome-ignore format: one thought
  await dropContacts(ctx, restored.flatMap((r) => r.dropped)) // biome-ignore format: one thought
  for (const patientId of await removePatients(ctx, made)) results.set(patientId, { patientId, outcome: 'removed', kept: [] })
  for (const patientId of made) if (!results.has(patientId)) results.set(patientId, keptAs(patientId, 'inUse'))
  await forgetPatients(ctx, origin, told.map((t) => t.patientId)) // biome-ignore format: one thought
  return told.flatMap((t) => results.get(t.patientId) ?? [])
}

const keptAs = (patientId: string, reason: KeptField['reason']): TakenBack => ({
  patientId,
  outcome: 'kept',
  kept: [{ field: null, reason }],
})

/** Whether anybody else said anything of one whom the import made. */
const isToldSince = ({ row, contacts }: Draft, { told }: Told): boolean =>
  Object.entries(row.saidAt).some(([field, at]) => at !== told[field]) || row.deathNotedAt !== null || contacts.some(isTouched)

/** What a person of ours did with a number. */
const isTouched = (c: ContactRow): boolean => c.source === 'manual' || c.isPreferred || c.isVoid || c.bestHour !== null

type Restored = { draft: Draft; before: Before; dropped: string[]; kept: KeptField[]; lateWord: boolean }

function restore(ctx: Context, draft: Draft, { told }: Told, before: Before): Restored {
  const { row } = draft
  const kept: KeptField[] = []
  const dropped: string[] = []
  const lateWord = Object.entries(row.saidAt).some(([field, at]) => at !== told[field] && at !== before.row.saidAt[field])
  const isOurs = (field: string) => {
    if (told[field] === undefined) return false
    if (row.saidAt[field] === told[field]) return true
    const columns = columnsOf(field)
    if (columns.some((c) => !isSame(ctx, row[c], before.row[c]))) kept.push({ field, reason: 'changedSince' })
    return false
  }
  for (const field of [...Object.keys(fieldsOf), 'medicalRecordNumber']) {
    if (!isOurs(field)) continue
    if (field === 'name' && row.name !== before.row.name) draft.isNameNew = true
    Object.assign(row, Object.fromEntries(columnsOf(field).map((c) => [c, before.row[c]])))
    sayAgain(row, field, before)
  }
  for (const list of ['phones', 'kin'] as const) {
    if (!isOurs(list)) continue
    sayAgain(row, list, before)
    const result = restoreContacts(draft, list, before)
    dropped.push(...result.dropped)
    if (result.touched) kept.push({ field: list, reason: 'changedSince' })
  }
  concludeDeath(row)
  fillFromIdentityCard(row, ctx)
  return { draft, before, dropped, kept, lateWord }
}

const columnsOf = (field: string): readonly (keyof PatientRow)[] => {
  if (field === 'medicalRecordNumber') return ['medicalRecordNumber']
  return isField(field) ? fieldsOf[field] : []
}

const isSame = (ctx: Context, a: unknown, b: unknown): boolean => {
  if (a instanceof Buffer && b instanceof Buffer) return isSameText(ctx, a, b)
  if (a instanceof Date && b instanceof Date) return a.getTime() === b.getTime()
  return (a ?? null) === (b ?? null)
}

function sayAgain(row: PatientRow, field: string, before: Before): void {
  const was = before.row.saidAt[field]
  if (was === undefined) delete row.saidAt[field]
  else row.saidAt[field] = was
}

/** The numbers of a list as they were; one that came with the import goes, unless one of us did something with it. */
function restoreContacts(draft: Draft, list: 'phones' | 'kin', before: Before): { dropped: string[]; touched: boolean } {
  const was = new Map(before.contacts.map((c) => [c.id, c]))
  const dropped: string[] = []
  let touched = false
  for (const contact of draft.contacts) {
    if (listOf(contact.relation) !== list) continue
    const known = was.get(contact.id)
    if (known) {
      Object.assign(contact, { name: known.name, rank: known.rank, isFormer: known.isFormer, saidAt: known.saidAt })
      draft.changedContacts.add(contact)
    } else if (isTouched(contact)) touched = true
    else dropped.push(contact.id)
  }
  draft.contacts = draft.contacts.filter((c) => !dropped.includes(c.id))
  return { dropped, touched }
}

async function dropContacts(ctx: Context, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  await db(ctx)
    .deleteFrom('patients.contacts')
    .where('id', '=', sql<string>`any(${[...ids]}::uuid[])`)
    .execute()
}

const numberKey = (n: { system: string; type: string; value: string }) => `${n.system}\n${n.type}\n${n.value}`

const numbersOf = (ctx: Context, patientId: string) =>
  db(ctx).selectFrom('patients.identifiers').where('saidPatientId', '=', patientId).select(['system', 'type', 'value']).execute()

async function hasNewNumbers(ctx: Context, patientId: string, before: Before): Promise<boolean> {
  const was = new Set(before.numbers.map(numberKey))
  return (await numbersOf(ctx, patientId)).some((n) => !was.has(numberKey(n)))
}

/** Numbers that came with the import, and what they could be found by. */
async function dropNumbers(ctx: Context, patientId: string, before: Before): Promise<void> {
  const was = new Set(before.numbers.map(numberKey))
  const numbers = await numbersOf(ctx, patientId)
  const added = numbers.filter((n) => !was.has(numberKey(n)))
  if (added.length === 0) return
  await sql`
    delete from patients.identifiers i using ${rowsAs('n', { system: 'text', type: 'text', value: 'text' }, added)}
    where i.system = n.system and i.type = n.type and i.value = n.value and i.said_patient_id = ${patientId}::uuid`.execute(ctx.db)
  await sql`delete from patients.search_keys where patient_id = ${patientId}::uuid and kind = 'number'`.execute(ctx.db)
  const left = numbers.filter((n) => was.has(numberKey(n)) && !isDocument(n))
  await addKeys(ctx, left.flatMap((n) => keysOfNumber(n.value).map((key) => ({ ...key, patientId })))) // biome-ignore format: one thought
}

const FOREIGN_KEY_VIOLATION = '23503'
const ownTables = ['identifiers', 'contacts', 'search_keys', 'care_units', 'standings', 'followup_standings', 'origins']

/**
 * Removes those to whom nothing refers; answers their ids. All at once, and where the foreign keys refuse, half of them and then the other half: a few among
 * many are found in a few tries.
 */
async function removePatients(ctx: Context, ids: readonly string[]): Promise<string[]> {
  if (ids.length === 0) return []
  try {
    await savepoint(ctx, async (ctx) => {
      for (const table of ownTables) {
        await sql`delete from ${sql.table(`patients.${table}`)} where patient_id = any(${[...ids]}::uuid[])`.execute(ctx.db)
      }
      await sql`delete from patients.conflicts where patient_id = any(${[...ids]}::uuid[]) or other_id = any(${[...ids]}::uuid[])`.execute(
        ctx.db,
      )
      await sql`delete from patients.patients where id = any(${[...ids]}::uuid[])`.execute(ctx.db)
    })
    ctx.touched.add('patients')
    return [...ids]
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === FOREIGN_KEY_VIOLATION)) throw error
    if (ids.length === 1) return []
    const half = Math.ceil(ids.length / 2)
    return [...(await removePatients(ctx, ids.slice(0, half))), ...(await removePatients(ctx, ids.slice(half)))]
  }
}
