import type { Input } from '@renxin/kernel'
import { setHold, visibleId } from '@renxin/patients'
import { type Context, emitMany, nilId, sealText, sql } from '@renxin/server'
import { type feedbackApi, feedbackErrors } from '../contract.ts'
import { complaintOpened, opinionRecorded } from './events.ts'
import { note } from './history.ts'
import { complaintNumber, deadlineOf } from './rules.ts'
import { db } from './tables.ts'

type Api = typeof feedbackApi
type Said = Omit<Input<Api['record']>, 'receivedAt'>

/** An opinion to record; `by` where somebody else heard it than the one at work. */
export type NewOpinion = Pick<Said, 'id' | 'kind' | 'source'> &
  Partial<Said> & { receivedAt?: Date | string; by?: { id: string | null; name: string } }

export const recordOpinion = (ctx: Context, opinion: NewOpinion): Promise<void> => recordOpinions(ctx, [opinion])

/** Writes opinions down, each once by its id; a complaint becomes a case with a number and a last day. */
export async function recordOpinions(ctx: Context, opinions: readonly NewOpinion[]): Promise<void> {
  if (opinions.length === 0) return
  const known = await lookUp(ctx, opinions)
  const ready = opinions.map((o) => complete(ctx, o, known))
  const made = await db(ctx)
    .insertInto('feedback.opinions')
    .values(ready.map((r) => r.row))
    .onConflict((c) => c.constraint('opinions_pkey').doNothing())
    .returning('id')
    .execute()
  const fresh = new Set(made.map((m) => m.id))
  const ours = ready.filter((r) => fresh.has(r.row.id))
  await insertLinks(ctx, ours)
  const complaints = ours.filter((r) => r.row.kind === 'complaint')
  await openCases(ctx, complaints)
  await emitMany(
    ctx,
    opinionRecorded,
    ours.map(({ row }) => ({ opinionId: row.id, patientId: row.patientId })),
  )
  await emitMany(
    ctx,
    complaintOpened,
    complaints.map(({ row }) => ({ complaintId: row.id, patientId: row.patientId })),
  )
}

/** Whoever sees part of the hospital records what patients of that part say; of others as of those who are not there. */
export async function refuseUnseen(ctx: Context, { patientId, encounterId }: Pick<Said, 'patientId' | 'encounterId'>): Promise<void> {
  if (patientId) await visibleId(ctx, patientId, feedbackErrors.patientNotFound())
  if (!encounterId) return
  const visit = await db(ctx).selectFrom('encounters.cards').where('id', '=', encounterId).select('patientId').executeTakeFirst()
  await visibleId(ctx, visit?.patientId ?? nilId, feedbackErrors.encounterNotFound())
}

type Known = Awaited<ReturnType<typeof lookUp>>
type Ready = ReturnType<typeof complete>

const anyOf = (ids: readonly (string | null | undefined)[]) => sql<string>`any(${[...new Set(ids.filter((id) => id))]}::uuid[])`

/** Everything the opinions point at, in one statement for each kind. */
async function lookUp(ctx: Context, opinions: readonly NewOpinion[]) {
  const encounters = await db(ctx)
    .selectFrom('encounters.cards')
    .where('id', '=', anyOf(opinions.map((o) => o.encounterId)))
    .select(['id', 'patientId', 'saidPatientId', 'departmentId', 'wardId'])
    .execute()
  const patients = await db(ctx)
    .selectFrom('patients.cards')
    .where('id', '=', anyOf([...opinions.map((o) => o.patientId), ...encounters.map((e) => e.patientId)]))
    .select(['id', 'mergedInto'])
    .execute()
  const units = await unitsOf(ctx, [...opinions.flatMap((o) => o.unitIds ?? []), ...encounters.flatMap((e) => [e.departmentId, e.wardId])])
  const people = await db(ctx)
    .selectFrom('staff.personCards')
    .where('id', '=', anyOf(opinions.flatMap((o) => o.personIds ?? [])))
    .select('id')
    .execute()
  const categories = await categoriesOf(ctx, opinions.map((o) => o.categoryId)) // biome-ignore format: one thought
  return {
    categories,
    encounters: new Map(encounters.map((e) => [e.id, e])),
    patients: new Map(patients.map((p) => [p.id, p])),
    units,
    people: new Set(people.map((p) => p.id)),
  }
}

export async function categoriesOf(ctx: Context, ids: readonly (string | null | undefined)[]): Promise<ReadonlySet<string>> {
  const rows = await db(ctx).selectFrom('feedback.categories').where('id', '=', anyOf(ids)).select('id').execute()
  return new Set(rows.map((c) => c.id))
}

export async function unitsOf(ctx: Context, ids: readonly (string | null)[]) {
  const rows = await db(ctx).selectFrom('staff.unitCards').where('id', '=', anyOf(ids)).select(['id', 'kind', 'departmentId']).execute()
  return new Map(rows.map((u) => [u.id, u]))
}

function complete(ctx: Context, opinion: NewOpinion, known: Known) {
  const now = ctx.clock.now()
  const receivedAt = opinion.receivedAt ? new Date(opinion.receivedAt) : now
  if (receivedAt.getTime() > now.getTime() + 60_000) throw feedbackErrors.notInFuture()

  const encounter = opinion.encounterId ? known.encounters.get(opinion.encounterId) : undefined
  if (opinion.encounterId && !encounter) throw feedbackErrors.encounterNotFound()
  const patient = known.patients.get(opinion.patientId ?? encounter?.patientId ?? '')
  if (opinion.patientId && !patient) throw feedbackErrors.patientNotFound()
  const patientId = patient ? (patient.mergedInto ?? patient.id) : null
  if (encounter && patient && ![patient.id, patientId].includes(encounter.patientId)) throw feedbackErrors.patientMismatch()

  const where = encounter?.wardId ?? encounter?.departmentId
  const unitIds = [...new Set(opinion.unitIds ?? (where ? [where] : []))]
  const personIds = [...new Set(opinion.personIds ?? [])]
  if (opinion.categoryId && !known.categories.has(opinion.categoryId)) throw feedbackErrors.categoryNotFound()
  if (unitIds.some((id) => !known.units.has(id))) throw feedbackErrors.unitNotFound()
  if (personIds.some((id) => !known.people.has(id))) throw feedbackErrors.personNotFound()

  const by = opinion.by ?? { id: ctx.actor.id === nilId ? null : ctx.actor.id, name: ctx.actor.name }
  const place = placeOf(unitIds, known.units, encounter)
  const row = {
    id: opinion.id,
    kind: opinion.kind,
    categoryId: opinion.categoryId ?? null,
    grade: opinion.grade ?? null,
    isImportant: opinion.isImportant ?? false,
    text: opinion.text ?? '',
    patientId,
    saidPatientId: patientId && (encounter?.saidPatientId ?? patient?.id ?? null),
    encounterId: opinion.encounterId ?? null,
    ...place,
    source: opinion.source,
    speakerName: opinion.speakerName || null,
    speakerPhone: opinion.speakerPhone ? sealText(ctx, opinion.speakerPhone) : null,
    origin: opinion.origin?.kind ?? null,
    originId: opinion.origin?.id ?? null,
    receivedAt,
    receivedOn: ctx.clock.dayOf(receivedAt),
    recordedAt: now,
    recordedBy: by.id,
    recordedByName: by.name,
  }
  return { row, unitIds, personIds, departments: countDepartments(unitIds, known.units) }
}

type Units = Known['units']
type Place = { departmentId: string | null; wardId: string | null }

/** Where an opinion counts: the first unit concerned, and the encounter's ward where that lies in the same department. */
export function placeOf(unitIds: readonly string[], units: Units, encounter: Place | undefined): Place {
  const first = units.get(unitIds[0] ?? '')
  if (!first) return { departmentId: encounter?.departmentId ?? null, wardId: encounter?.wardId ?? null }
  if (first.kind === 'ward') return { departmentId: first.departmentId ?? encounter?.departmentId ?? null, wardId: first.id }
  return { departmentId: first.id, wardId: encounter?.departmentId === first.id ? encounter.wardId : null }
}

/** A ward counts as its department. */
export const countDepartments = (unitIds: readonly string[], units: Units): number =>
  new Set(unitIds.map((id) => units.get(id)?.departmentId ?? id)).size

async function insertLinks(ctx: Context, ready: readonly Ready[]): Promise<void> {
  const units = ready.flatMap(({ row, unitIds }) => unitIds.map((unitId) => ({ opinionId: row.id, unitId })))
  const people = ready.flatMap(({ row, personIds }) => personIds.map((personId) => ({ opinionId: row.id, personId })))
  if (units.length > 0) await db(ctx).insertInto('feedback.opinionUnits').values(units).execute()
  if (people.length > 0) await db(ctx).insertInto('feedback.opinionPeople').values(people).execute()
}

async function openCases(ctx: Context, complaints: readonly Ready[]): Promise<void> {
  if (complaints.length === 0) return
  const numbers = await nextNumbers(
    ctx,
    complaints.map(({ row }) => Number(row.receivedOn.slice(0, 4))),
  )
  await db(ctx)
    .insertInto('feedback.complaints')
    .values(
      complaints.map(({ row, departments }, i) => ({
        id: row.id,
        number: numbers[i] ?? row.id,
        clockOn: row.receivedOn,
        ...deadlineOf(ctx.clock.calendar, row.receivedOn, departments),
      })),
    )
    .execute()
  await note(
    ctx,
    complaints.map(({ row }) => ({ complaintId: row.id, kind: 'accepted' })),
  )
  for (const { row } of complaints) {
    if (row.saidPatientId) await setHold(ctx, { patientId: row.saidPatientId, cause: 'openComplaint', objectId: row.id })
  }
}

/** One number for each year that is asked, in their order. The counter's row is held until the end of the transaction. */
async function nextNumbers(ctx: Context, years: readonly number[]): Promise<string[]> {
  const wanted = new Map<number, number>()
  for (const year of years) wanted.set(year, (wanted.get(year) ?? 0) + 1)
  const counters = await db(ctx)
    .insertInto('feedback.numbers')
    .values([...wanted].sort(([a], [b]) => a - b).map(([year, last]) => ({ year, last })))
    .onConflict((c) => c.constraint('numbers_pkey').doUpdateSet({ last: sql`numbers.last + excluded.last` }))
    .returning(['year', 'last'])
    .execute()
  const next = new Map(counters.map(({ year, last }) => [year, last - (wanted.get(year) ?? 0)]))
  return years.map((year) => {
    const count = (next.get(year) ?? 0) + 1
    next.set(year, count)
    return complaintNumber(year, count)
  })
}
