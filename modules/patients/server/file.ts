import { type Context, openText, sql } from '@renxin/server'
import type { PatientFile } from '../contract.ts'
import { maskIdentityCard } from '../person/masking.ts'
import { linesOf } from './cards.ts'
import { patientVisible } from './care.ts'
import { contactsOf } from './contacts.ts'
import { isDocument } from './fold.ts'
import { visibleId } from './get-patient.ts'
import { showName } from './show-name.ts'
import { db } from './tables.ts'

const MOST_ROWS = 200

/** All that the customer file knows of a person, masked. */
export async function getFile(ctx: Context, asked: string): Promise<PatientFile> {
  const id = await visibleId(ctx, asked)
  const [card] = await linesOf(ctx, [id])
  const row = await db(ctx).selectFrom('patients.patients').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
  if (!card) throw new Error(`patient ${id} vanished`)
  return {
    ...card,
    namePinyin: card.name === row.name ? row.namePinyin : '',
    identityCard: row.identityCard ? maskIdentityCard(openText(ctx, row.identityCard)) : null,
    identityCardIsValid: row.identityCardValid,
    address: row.district ?? (row.address ? districtOf(openText(ctx, row.address)) : null),
    ethnic: row.ethnic,
    marital: row.marital,
    job: row.job,
    language: row.language,
    birthPlace: row.birthPlace,
    nationality: row.nationality,
    hasReligion: row.religion !== null,
    identifiers: await numbersOf(ctx, id),
    contacts: await contactsOf(ctx, id),
    refusals: await refusalsOf(ctx, id),
    holds: await holdsOf(ctx, id),
    conflicts: await conflictsOf(ctx, id),
    mergedFrom: await mergedInto(ctx, id),
  }
}

/** An address down to the district: what is behind it stays sealed. */
export function districtOf(address: string): string {
  const found = /^(.{2,}?(?:省|自治区|市))?(.{1,}?(?:市|自治州|地区|盟))?(.{1,}?(?:区|县|旗|市))/u.exec(address.trim())
  return found ? `${found[0]}****` : '****'
}

async function numbersOf(ctx: Context, id: string) {
  const rows = await db(ctx)
    .selectFrom('patients.identifiers')
    .select(['system', 'type', 'value'])
    .where('patientId', '=', id)
    .orderBy('type')
    .orderBy('value')
    .limit(MOST_ROWS)
    .execute()
  return rows.filter((n) => !isDocument(n))
}

async function refusalsOf(ctx: Context, id: string) {
  const rows = await db(ctx).selectFrom('patients.refusals').selectAll().where('patientId', '=', id).limit(MOST_ROWS).execute()
  // Of two files of one person each may have it.
  const first = new Map(rows.sort((a, b) => b.refusedAt.getTime() - a.refusedAt.getTime()).map((r) => [`${r.kind} ${r.value}`, r]))
  return [...first.values()].map((r) => ({ kind: r.kind, value: r.value, at: r.refusedAt.toISOString() }))
}

async function holdsOf(ctx: Context, id: string) {
  const rows = await db(ctx)
    .selectFrom('patients.holds')
    .selectAll()
    .where('patientId', '=', id)
    .where('releasedAt', 'is', null)
    .limit(MOST_ROWS)
    .execute()
  return rows.map((h) => ({ cause: h.cause, objectId: h.objectId, setAt: h.setAt.toISOString() }))
}

/** Other persons who may be this one, from whichever side it was seen. */
async function conflictsOf(ctx: Context, id: string) {
  const sides = [
    ['patientId', 'otherId'],
    ['otherId', 'patientId'],
  ] as const
  const found = []
  for (const [mine, theirs] of sides) {
    found.push(
      ...(await db(ctx)
        .selectFrom('patients.conflicts as c')
        .innerJoin('patients.cards as p', 'p.id', `c.${theirs}`)
        .select(['c.id', 'p.id as otherId', 'p.name as otherName', 'c.seenAt'])
        .where(`c.${mine}`, '=', id)
        .whereRef('c.patientId', '<>', 'c.otherId')
        .where('c.dismissedAt', 'is', null)
        .limit(MOST_ROWS)
        .execute()),
    )
  }
  return [...new Map([...(await likenessesOf(ctx, id)), ...found].map((c) => [c.otherId, c])).values()].map((c) => ({
    ...c,
    otherName: showName(ctx, c.otherName),
    seenAt: c.seenAt.toISOString(),
  }))
}

/** Those whom the comparison found. */
async function likenessesOf(ctx: Context, id: string) {
  const { rows } = await sql<{ id: string; otherId: string; otherName: string; seenAt: Date }>`
    select p.id, p.id as other_id, p.name as other_name, d.found_at as seen_at
      from (select other_id as id, found_at from patients.duplicates where one_id = ${id}::uuid and dismissed_at is null
            union all select one_id, found_at from patients.duplicates where other_id = ${id}::uuid and dismissed_at is null) d
      join patients.cards p on p.id = d.id where p.merged_into is null and ${patientVisible(ctx, 'p.id')} limit ${MOST_ROWS}`.execute(
    ctx.db,
  )
  return rows
}

/** The files that are one with this one today, and the merge by which each of them came. */
async function mergedInto(ctx: Context, id: string): Promise<PatientFile['mergedFrom']> {
  const rows = await db(ctx)
    .selectFrom('patients.cards as p')
    .innerJoin('patients.merges as m', (j) => j.onRef('m.retiredId', '=', 'p.id').on('m.partedAt', 'is', null))
    .select(['m.id as mergeId', 'p.id', 'p.name', 'p.medicalRecordNumber', 'm.mergedAt', 'm.reason'])
    .where('p.mergedInto', '=', id)
    .orderBy('m.mergedAt', 'desc')
    .limit(MOST_ROWS)
    .execute()
  return rows.map((m) => ({ ...m, name: showName(ctx, m.name), mergedAt: m.mergedAt.toISOString() }))
}
