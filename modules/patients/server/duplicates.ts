import type { Input, Page } from '@renxin/kernel'
import { type Context, openText, paged, sql } from '@renxin/server'
import { type ChosenField, chosenFields, type Duplicate, type DuplicatePair, type duplicatesApi } from '../duplicates-contract.ts'
import { likenessOf } from '../person/likeness.ts'
import { maskIdentityCard } from '../person/masking.ts'
import { linesOf } from './cards.ts'
import { patientVisible } from './care.ts'
import { districtOf } from './file.ts'
import { comparedOf } from './find-duplicates.ts'
import { visibleId } from './get-patient.ts'
import { pairOf } from './links.ts'
import { db, type PatientRow } from './tables.ts'

type Api = typeof duplicatesApi

/** Pairs of which the reader may see both, the likeliest first. */
export async function listDuplicates(ctx: Context, cursor: Input<Api['duplicates']>): Promise<Page<Duplicate>> {
  const pairs = db(ctx)
    .selectFrom('patients.duplicates as d')
    .innerJoin('patients.patients as a', 'a.id', 'd.oneId')
    .innerJoin('patients.patients as b', 'b.id', 'd.otherId')
    .where('d.dismissedAt', 'is', null)
    .where('a.mergedInto', 'is', null)
    .where('b.mergedInto', 'is', null)
    .where(patientVisible(ctx, 'd.oneId'))
    .where(patientVisible(ctx, 'd.otherId'))
    .select(['d.oneId', 'd.otherId', 'd.score', 'd.reasons', 'd.foundAt'])
  const { rows, next } = await paged(pairs, cursor, ['d.score', 'd.oneId', 'd.otherId'], 'desc')
  const lines = await linesById(ctx, rows.flatMap((r) => [r.oneId, r.otherId])) // biome-ignore format: one thought
  return {
    rows: rows.flatMap(({ oneId, otherId, foundAt, ...likeness }) => {
      const [one, other] = [lines.get(oneId), lines.get(otherId)]
      return one && other ? [{ id: `${oneId}.${otherId}`, patientId: oneId, one, other, ...likeness, foundAt: foundAt.toISOString() }] : []
    }),
    next,
  }
}

const linesById = async (ctx: Context, ids: readonly string[]) => new Map((await linesOf(ctx, [...new Set(ids)])).map((l) => [l.id, l]))

/** Two files side by side: what each says and since when, and what would come along. */
export async function getPair(ctx: Context, asked: Input<Api['duplicatePair']>): Promise<DuplicatePair> {
  const [oneId, otherId] = [await visibleId(ctx, asked.patientId), await visibleId(ctx, asked.otherId)]
  const lines = await linesById(ctx, [oneId, otherId])
  const people = await comparedOf(ctx, [oneId, otherId])
  const rows = await db(ctx).selectFrom('patients.patients').selectAll().where('id', 'in', [oneId, otherId]).execute()
  const [one, other, a, b] = [lines.get(oneId), lines.get(otherId), people.get(oneId), people.get(otherId)]
  const [oneRow, otherRow] = [oneId, otherId].map((id) => rows.find((r) => r.id === id))
  if (!one || !other || !a || !b || !oneRow || !otherRow) throw new Error(`of ${oneId} and ${otherId} one vanished`)
  return {
    patientId: oneId,
    otherId,
    one,
    other,
    ...likenessOf(a, b, await areOfOneMessage(ctx, oneId, otherId)),
    fields: chosenFields.map((field) => ({
      field,
      one: said(ctx, oneRow, field, one.name),
      other: said(ctx, otherRow, field, other.name),
      isSame: plain(ctx, oneRow, field) === plain(ctx, otherRow, field),
    })),
    luggage: { one: await luggageOf(ctx, oneId), other: await luggageOf(ctx, otherId) },
  }
}

async function areOfOneMessage(ctx: Context, oneId: string, otherId: string): Promise<boolean> {
  const { rows } = await sql`
    select from patients.conflicts where dismissed_at is null
       and (patient_id = ${oneId}::uuid and other_id = ${otherId}::uuid or patient_id = ${otherId}::uuid and other_id = ${oneId}::uuid)`.execute(
    ctx.db,
  )
  return rows.length > 0
}

function plain(ctx: Context, row: PatientRow, field: ChosenField): string | null {
  const value = row[field]
  return Buffer.isBuffer(value) ? openText(ctx, value) : value
}

/** As the one who asks may see it. */
function said(ctx: Context, row: PatientRow, field: ChosenField, shownName: string) {
  const whole = plain(ctx, row, field)
  const at = row.saidAt[field]
  const shown = {
    name: () => shownName,
    identityCard: maskIdentityCard,
    address: (t: string) => row.district ?? districtOf(t),
  }
  const mask = field in shown ? shown[field as keyof typeof shown] : undefined // `in` has just looked
  return { value: whole && mask ? mask(whole) : whole, saidAt: at === undefined ? null : new Date(at).toISOString() }
}

async function luggageOf(ctx: Context, id: string) {
  const { rows } = await sql<DuplicatePair['luggage']['one']>`
    select coalesce(max(s.visits), 0) as visits, coalesce(max(s.stays), 0) as stays,
           (select count(*)::int from patients.identifiers i where i.patient_id = ${id}::uuid) as numbers,
           (select count(*)::int from patients.contacts c where c.patient_id = ${id}::uuid and not c.is_former) as contacts,
           (select count(distinct t.tag_id)::int from patients.tagged t where t.patient_id = ${id}::uuid) as tags
      from patients.standings s where s.patient_id = ${id}::uuid`.execute(ctx.db)
  return rows[0] ?? { visits: 0, stays: 0, numbers: 0, contacts: 0, tags: 0 }
}

export async function dismissDuplicate(ctx: Context, asked: Input<Api['dismissDuplicate']>): Promise<{ patientId: string }> {
  const [a, b] = [await visibleId(ctx, asked.patientId), await visibleId(ctx, asked.otherId)]
  await setAside(ctx, a, b)
  return { patientId: a }
}

/** Somebody said that these are two people: the pair is not shown any more as long as both say what they say now. */
export async function setAside(ctx: Context, a: string, b: string): Promise<void> {
  const { oneId, otherId } = pairOf(a, b)
  const now = ctx.clock.now()
  ctx.touched.add('patients')
  await sql`
    update patients.duplicates set dismissed_at = ${now}, dismissed_by = ${ctx.actor.id}::uuid, dismissed_print = print
     where one_id = ${oneId}::uuid and other_id = ${otherId}::uuid and dismissed_at is null`.execute(ctx.db)
  await sql`
    update patients.conflicts set dismissed_at = ${now} where dismissed_at is null
       and (patient_id = ${a}::uuid and other_id = ${b}::uuid or patient_id = ${b}::uuid and other_id = ${a}::uuid)`.execute(ctx.db)
}
