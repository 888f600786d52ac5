import { newId } from '@renxin/kernel'
import { type Context, emit, sql } from '@renxin/server'
import { patientErrors } from '../contract.ts'
import { addKeys, saveDrafts, takeForWriting } from './drafts.ts'
import { patientMerged } from './events.ts'
import { concludeDeath, type Draft, fillFromIdentityCard, listOf } from './fold.ts'
import { keysOfAlias } from './search-keys.ts'
import { type ContactRow, db, type PatientRow } from './tables.ts'

type Merge = { survivorId: string; retiredId: string; reason?: string | null }

/**
 * Two files turn out to be of one person. What was said of the retired one counts as said of the survivor, by the same rule of the latest word, so that a merge
 * may come before or after anything else. Numbers, contacts and keys move; the retired row stays and leads on. Merging again changes nothing.
 */
export async function mergePatients(
  ctx: Context,
  { survivorId, retiredId, reason }: Merge,
): Promise<{ survivorId: string; isMerged: boolean }> {
  const drafts = await takeForWriting(ctx, [survivorId, retiredId], { contacts: true })
  const [survivor, retired] = [drafts.of(survivorId), drafts.of(retiredId)]
  const ids = { survivorId: survivor.row.id, retiredId: retired.row.id }
  if (survivor === retired) return { survivorId: ids.survivorId, isMerged: false }

  await keepBefore(ctx, survivor, retired, reason)
  const wasDeceased = new Set(survivor.row.deceasedAt ? [survivor.row.id] : [])
  const former = [survivor.row.name, retired.row.name]
  const dropped = mergeContacts(survivor, retired)
  mergeRows(ctx, survivor, retired.row)
  if (dropped.length > 0) {
    await db(ctx).deleteFrom('patients.contacts').where('id', '=', sql<string>`any(${dropped}::uuid[])`).execute()
  }
  await retire(ctx, survivor.row, retired.row)
  await saveDrafts(ctx, [survivor], wasDeceased)
  await moveRest(ctx, ids)
  await addKeys(
    ctx,
    former
      .filter((name) => name !== survivor.row.name)
      .flatMap(keysOfAlias)
      .map((k) => ({ ...k, patientId: ids.survivorId })),
  )
  await emit(ctx, patientMerged, ids)
  return { survivorId: ids.survivorId, isMerged: true }
}

/** Refuses where a page names somebody who is not there, or one and the same. */
export async function mergeByHand(ctx: Context, merge: Merge): Promise<{ patientId: string }> {
  if (merge.survivorId === merge.retiredId) throw patientErrors.mergeWithItself()
  const { rows } = await sql<{ id: string }>`
    select id from patients.patients where id = any(${[merge.survivorId, merge.retiredId]}::uuid[])`.execute(ctx.db)
  if (rows.length < 2) throw patientErrors.notFound()
  const { survivorId } = await mergePatients(ctx, merge)
  return { patientId: survivorId }
}

const fieldsOf: Record<string, readonly (keyof PatientRow)[]> = {
  name: ['name', 'namePinyin', 'nameInitials'],
  sex: ['sex'],
  birthOn: ['birthOn'],
  identityCard: ['identityCard', 'identityCardIndex', 'identityCardLast4', 'identityCardValid'],
  ethnic: ['ethnic'],
  marital: ['marital'],
  job: ['job'],
  payer: ['payer'],
  identityClass: ['identityClass'],
  address: ['address', 'district'],
  deceased: ['isSaidDead'],
  diedAt: ['diedAt'],
}

function mergeRows(ctx: Context, survivor: Draft, retired: PatientRow): void {
  const { row } = survivor
  const said = { ...row.saidAt }
  for (const [field, columns] of Object.entries(fieldsOf)) {
    const theirs = retired.saidAt[field]
    const ours = said[field]
    if (theirs === undefined || (ours !== undefined && ours >= theirs)) continue
    if (field === 'name' && row.name !== retired.name) survivor.isNameNew = true
    Object.assign(row, Object.fromEntries(columns.map((c) => [c, retired[c]])))
    row.saidAt[field] = theirs
  }
  for (const column of ['medicalRecordNumber', 'deathNotedAt', 'bed'] as const) {
    if (row[column] === null) Object.assign(row, { [column]: retired[column] })
  }
  concludeDeath(row)
  fillFromIdentityCard(row, ctx)
}

/** The contacts of both under the survivor; answers the rows of the retired one that the survivor had already. */
function mergeContacts(survivor: Draft, retired: Draft): string[] {
  const lastNamed = (draft: Draft, contact: ContactRow) =>
    contact.isFormer ? contact.saidAt.getTime() : (draft.row.saidAt[listOf(contact.relation)] ?? contact.saidAt.getTime())
  const namedAt = new Map(survivor.contacts.map((c) => [c, lastNamed(survivor, c)]))
  const dropped: string[] = []
  for (const contact of retired.contacts) {
    const at = lastNamed(retired, contact)
    const same = survivor.contacts.find((c) => c.relation === contact.relation && c.phoneIndex.equals(contact.phoneIndex))
    if (!same) {
      contact.patientId = survivor.row.id
      contact.isPreferred &&= !survivor.contacts.some((c) => c.isPreferred)
      survivor.contacts.push(contact)
      survivor.changedContacts.add(contact)
      namedAt.set(contact, at)
      continue
    }
    dropped.push(contact.id)
    const before = namedAt.get(same) ?? 0
    if (at > before) Object.assign(same, { name: contact.name, rank: contact.rank })
    if (contact.source === 'manual') same.source = 'manual'
    same.isVoid ||= contact.isVoid
    namedAt.set(same, Math.max(before, at))
    survivor.changedContacts.add(same)
  }
  for (const field of ['phones', 'kin'] as const) {
    const latest = Math.max(survivor.row.saidAt[field] ?? -1, retired.row.saidAt[field] ?? -1)
    if (latest >= 0) survivor.row.saidAt[field] = latest
  }
  for (const [contact, at] of namedAt) {
    const isFormer = contact.source === 'his' && at < (survivor.row.saidAt[listOf(contact.relation)] ?? 0)
    if (isFormer) contact.saidAt = new Date(at)
    if (isFormer !== contact.isFormer) survivor.changedContacts.add(contact)
    contact.isFormer = isFormer
  }
  return dropped
}

/** The retired row leads to the survivor, and so do those that led to it; no search finds it any more. */
async function retire(ctx: Context, survivor: PatientRow, retired: PatientRow): Promise<void> {
  await sql`
    update patients.patients
    set merged_into = ${survivor.id}::uuid,
        identity_card_index = null, identity_card_last4 = null, bed = null
    where id = ${retired.id}::uuid or merged_into = ${retired.id}::uuid`.execute(ctx.db)
  if (survivor.bed) await sql`update patients.patients set bed = ${survivor.bed} where id = ${survivor.id}::uuid`.execute(ctx.db)
}

async function moveRest(ctx: Context, { survivorId, retiredId }: { survivorId: string; retiredId: string }): Promise<void> {
  const [to, from] = [sql`${survivorId}::uuid`, sql`${retiredId}::uuid`]
  await sql`update patients.identifiers set patient_id = ${to}, is_retired = true where patient_id = ${from}`.execute(ctx.db)
  await sql`
    with taken as (delete from patients.search_keys where patient_id = ${from} returning key, kind, position)
    insert into patients.search_keys (key, kind, patient_id, position)
    select key, kind, ${to}, position from taken where kind in ('alias', 'number', 'bed') on conflict do nothing`.execute(ctx.db)
  await sql`
    with taken as (delete from patients.tagged where patient_id = ${from} returning tag_id, tagged_at, tagged_by)
    insert into patients.tagged (patient_id, tag_id, tagged_at, tagged_by)
    select ${to}, tag_id, tagged_at, tagged_by from taken on conflict do nothing`.execute(ctx.db)
  await sql`
    with taken as (delete from patients.care_units where patient_id = ${from} returning unit_id, last_on)
    insert into patients.care_units as c (patient_id, unit_id, last_on) select ${to}, unit_id, last_on from taken
    on conflict (hospital_id, patient_id, unit_id) do update set last_on = greatest(c.last_on, excluded.last_on)`.execute(ctx.db)
  await sql`
    with taken as (delete from patients.refusals where patient_id = ${from} returning kind, value, refused_at, noted_by)
    insert into patients.refusals (patient_id, kind, value, refused_at, noted_by)
    select ${to}, kind, value, refused_at, noted_by from taken on conflict do nothing`.execute(ctx.db)
  await sql`update patients.holds set patient_id = ${to} where patient_id = ${from}`.execute(ctx.db)
  await sql`update patients.contact_log set patient_id = ${to} where patient_id = ${from}`.execute(ctx.db)
  await sql`update patients.cautions set patient_id = ${to} where patient_id = ${from}`.execute(ctx.db)
  await sql`
    with taken as (delete from patients.conflicts where ${from} in (patient_id, other_id) returning *)
    insert into patients.conflicts (id, patient_id, other_id, cause, seen_at, dismissed_at)
    select id, case when patient_id = ${from} then ${to} else patient_id end, case when other_id = ${from} then ${to} else other_id end,
           cause, seen_at, dismissed_at
    from taken where ${to} not in (patient_id, other_id) on conflict do nothing`.execute(ctx.db)
}

/** Enough to part the two again. What is sealed stays sealed. */
async function keepBefore(ctx: Context, survivor: Draft, retired: Draft, reason: string | null | undefined): Promise<void> {
  const of = (id: string) => sql`
    select jsonb_build_object(
      'row', (select to_jsonb(p) from patients.patients p where p.id = ${id}::uuid),
      'contacts', (select coalesce(jsonb_agg(to_jsonb(c)), '[]') from patients.contacts c where c.patient_id = ${id}::uuid),
      'identifiers', (select coalesce(jsonb_agg(to_jsonb(i)), '[]') from patients.identifiers i where i.patient_id = ${id}::uuid),
      'tags', (select coalesce(jsonb_agg(t.tag_id), '[]') from patients.tagged t where t.patient_id = ${id}::uuid),
      'careUnits', (select coalesce(jsonb_agg(to_jsonb(u)), '[]') from patients.care_units u where u.patient_id = ${id}::uuid),
      'refusals', (select coalesce(jsonb_agg(to_jsonb(r)), '[]') from patients.refusals r where r.patient_id = ${id}::uuid),
      'holds', (select coalesce(jsonb_agg(to_jsonb(h)), '[]') from patients.holds h where h.patient_id = ${id}::uuid))`
  await sql`
    insert into patients.merges (id, survivor_id, retired_id, reason, merged_by, merged_at, before)
    values (${newId(ctx.clock.now().getTime())}::uuid, ${survivor.row.id}::uuid, ${retired.row.id}::uuid, ${reason ?? null}, ${ctx.actor.id}::uuid, ${ctx.clock.now()},
            jsonb_build_object('survivor', (${of(survivor.row.id)}), 'retired', (${of(retired.row.id)})))`.execute(ctx.db)
}
