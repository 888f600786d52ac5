import { type Context, type Leaving, sealText, sql } from '@renxin/server'
import { saveDrafts, takeForWriting } from '../drafts.ts'
import type { Draft } from '../fold.ts'
import type { CorrectedAway } from '../tables.ts'
import { forgetNumbers } from './erased-numbers.ts'

/** Of a file that stays known: everything but who the person is and whether he lives. */
const cleared = {
  address: null,
  district: null,
  ethnic: null,
  marital: null,
  job: null,
  language: null,
  birthPlace: null,
  nationality: null,
  religion: null,
  payer: null,
  identityClass: null,
}
/** And of one of whom nothing has to stay. */
const forgotten = {
  ...cleared,
  name: '',
  namePinyin: '',
  nameInitials: '',
  sex: 'unknown',
  birthOn: null,
  identityCard: null,
  identityCardIndex: null,
  identityCardLast4: null,
  identityCardValid: null,
  medicalRecordNumber: null,
  bed: null,
  isForgotten: true,
} as const

/** The lists that a source gives whole, and the fields above: that they were said is forgotten, too. */
const clearedWords = [...Object.keys(cleared), 'phones', 'kin']
const forgottenWords = [...clearedWords, 'name', 'sex', 'birthOn', 'identityCard', 'medicalRecordNumber']

/** Tables whose rows of a person go whole. `by` are the columns that name the person. */
const whole = [
  ['origins', 'patient_id'],
  ['people_ties', 'patient_id', 'said_patient_id'],
  ['tagged', 'patient_id', 'said_patient_id'],
  ['contact_log', 'patient_id', 'said_patient_id'],
  ['conflicts', 'patient_id', 'other_id', 'said_patient_id', 'said_other_id'],
  ['duplicates', 'one_id', 'other_id'],
  ['cautions', 'patient_id', 'said_patient_id'],
  ['standings', 'patient_id'],
  ['followup_standings', 'patient_id'],
  ['diagnosed', 'patient_id'],
  ['segment_marks', 'patient_id', 'said_patient_id'],
  ['segment_members', 'patient_id'],
  ['segment_moves', 'patient_id'],
  ['contacts', 'patient_id'],
] as const

/** Clears the file of a person, of all files that are one with it, and says from now on what the hospital's systems are not heard on. */
export async function erasePatient(ctx: Context, { files, isKnown }: Leaving): Promise<Record<string, number>> {
  const taken = await takeForWriting(ctx, files, { contacts: true })
  for (const draft of taken.all) clear(ctx, draft, isKnown)
  await saveDrafts(ctx, taken.all, taken)

  const counts: Record<string, number> = { 'patients.patients': taken.all.length }
  const these = [...files]
  const kin = await familyOf(ctx, these)
  for (const [table, ...columns] of whole) {
    const is = columns.map((c) => sql`${sql.ref(c)} = any(${these}::uuid[])`)
    const gone = await sql`delete from ${sql.table(`patients.${table}`)} where ${sql.join(is, sql` or `)}`.execute(ctx.db)
    counts[`patients.${table}`] = Number(gone.numAffectedRows ?? 0)
  }
  Object.assign(counts, await erasePeople(ctx, kin), await eraseFields(ctx, these))
  if (!isKnown) Object.assign(counts, await forget(ctx, these))
  await sql`update patients.merges set reason = null, part_reason = null where survivor_id = any(${these}::uuid[]) or retired_id = any(${these}::uuid[])`.execute(
    ctx.db,
  )
  await sql`update patients.rights_requests set details = null, items = null where patient_id = any(${these}::uuid[])`.execute(ctx.db)
  await sql`update patients.privacy set reason = ${sealText(ctx, '')} where patient_id = any(${these}::uuid[]) and reason is not null`.execute(
    ctx.db,
  )
  await sql`delete from patients.segment_dirty where patient_id = any(${these}::uuid[])`.execute(ctx.db)
  ctx.touched.add('patients')
  return counts
}

function clear(ctx: Context, draft: Draft, isKnown: boolean): void {
  const { row } = draft
  Object.assign(row, isKnown ? cleared : forgotten, { erasedAt: ctx.clock.now() })
  row.correctedAway = isKnown ? keptCorrections(row.correctedAway) : null
  for (const word of isKnown ? clearedWords : forgottenWords) delete row.saidAt[word]
  if (!isKnown) draft.isNameNew = true
  draft.contacts = []
  draft.changedContacts.clear()
}

/** Who the person is stays, and so do corrections of that. */
const keptCorrections = (held: CorrectedAway | null): CorrectedAway | null =>
  held && Object.fromEntries(Object.entries(held).filter(([field]) => !Object.hasOwn(cleared, field)))

/** Contacts of the family who are kept for this patient alone. */
async function familyOf(ctx: Context, files: readonly string[]): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select p.id from patients.people p
     where p.kind = 'family'
       and p.id in (select t.person_id from patients.people_ties t where t.patient_id = any(${[...files]}::uuid[]))
       and not exists (select from patients.people_ties o where o.person_id = p.id and not o.patient_id = any(${[...files]}::uuid[]))`.execute(
    ctx.db,
  )
  return rows.map((r) => r.id)
}

async function erasePeople(ctx: Context, ids: readonly string[]): Promise<Record<string, number>> {
  if (ids.length > 0) await sql`delete from patients.people where id = any(${[...ids]}::uuid[])`.execute(ctx.db)
  return { 'patients.people': ids.length }
}

async function eraseFields(ctx: Context, objectIds: readonly string[]): Promise<Record<string, number>> {
  const values = await eraseExtras(ctx, objectIds)
  return { 'patients.field_values': values }
}

/** What stands in the hospital's own fields of these records, patients or stays, and what was kept to take it back. */
export async function eraseExtras(ctx: Context, objectIds: readonly string[]): Promise<number> {
  const these = [...objectIds]
  const gone =
    await sql`delete from patients.field_values where object_id = any(${these}::uuid[]) or said_object_id = any(${these}::uuid[])`.execute(
      ctx.db,
    )
  await sql`delete from patients.search_keys where kind = 'ownField' and patient_id = any(${these}::uuid[])`.execute(ctx.db)
  await sql`delete from patients.value_origins where said_object_id = any(${these}::uuid[])`.execute(ctx.db)
  return Number(gone.numAffectedRows ?? 0)
}

/** Nothing has to stay: only by keyed hashes is it known again that this person asked to be forgotten. */
async function forget(ctx: Context, files: readonly string[]): Promise<Record<string, number>> {
  const counts: Record<string, number> = { 'patients.identifiers': await forgetNumbers(ctx, files) }
  for (const table of ['allergies', 'allergy_lists', 'search_keys', 'care_units'] as const) {
    const gone = await sql`delete from ${sql.table(`patients.${table}`)} where patient_id = any(${[...files]}::uuid[])`.execute(ctx.db)
    counts[`patients.${table}`] = Number(gone.numAffectedRows ?? 0)
  }
  return counts
}
