import { isDeepStrictEqual } from 'node:util'
import { applyPatientFacts, nameIdentityClasses, noteCare } from '@renxin/patients'
import { type Context, emitFacts, factOf, sql, unveiled } from '@renxin/server'
import { admitted, cancelled, corrected, dischargeCancelled, discharged, registered, restated, transferred } from './events.ts'
import type { EncounterFacts } from './facts.ts'
import { lock, survivors } from './lock.ts'
import { type News, newsOf } from './news.ts'
import { tellFields } from './own-fields.ts'
import { moveRecordsOfVisits } from './records/move-records.ts'
import { resolveFacts } from './resolve-facts.ts'
import { type EncounterState, type Fact, foldEncounter } from './rules.ts'
import { db } from './tables.ts'
import { tellStandings } from './tell-standings.ts'
import { findVisits, retiredState, type Visit, Visits, writeNumbers } from './visit-numbers.ts'
import { type Changed, forgetLists, type NewFact, writeEncounters, writePriorDischarges } from './write-encounters.ts'

/**
 * Takes what messages say about encounters, some hundreds at a time, in whatever order they come: every statement is kept, and
 * an encounter is what its statements add up to. Those of an import name it as their origin, so that they can be withdrawn.
 * Says so to others only where its state has really changed.
 */
export async function applyEncounterFacts(ctx: Context, facts: readonly EncounterFacts[], by: Origin = {}): Promise<string[]> {
  return facts.length === 0 ? [] : unveiled(ctx, () => apply(ctx, facts, by))
}

async function apply(ctx: Context, facts: readonly EncounterFacts[], by: Origin): Promise<string[]> {
  const statements = await resolveFacts(ctx, facts)
  const numbers = [...new Set(statements.flatMap((s) => [s.number, ...s.retires]))]
  const survivorOf = await survivors(ctx, statements.map((s) => s.said.patientId)) // biome-ignore format: one thought
  await lock(ctx, [...numbers, ...statements.map((s) => survivorOf.get(s.said.patientId) ?? s.said.patientId)])
  let visits = await findVisits(ctx, numbers)
  const others = visits.rows.map((v) => v.number).filter((n) => !numbers.includes(n))
  if (others.length > 0) {
    await lock(ctx, others) // said under a former number: somebody may have said something under the present one meanwhile
    visits = await findVisits(ctx, numbers)
  }
  const fresh = statements.flatMap(({ number, retires, ...fact }) => {
    for (const former of retires) visits.retire(number, former)
    return remember(visits.of(number), fact) ? [{ fact, number }] : []
  })
  await settle(
    ctx,
    visits,
    fresh.map(({ fact, number }) => ({ ...fact, encounterId: visits.of(number).id })),
    by,
  )
  const ids = statements.map((s) => visits.of(s.number).id)
  await tellFields(ctx, facts, ids, by)
  return ids
}

/** Reckons encounters again from what was said about them: after a merge of patients, or when the rules have changed. */
export async function refoldEncounters(ctx: Context, encounterIds: readonly string[]): Promise<void> {
  const rows = await db(ctx)
    .selectFrom('encounters.encounters')
    .where('id', '=', sql<string>`any(${[...encounterIds]}::uuid[])`)
    .where('mergedInto', 'is', null)
    .select(['id', 'number', 'patientId'])
    .execute()
  if (rows.length === 0) return
  await lock(
    ctx,
    rows.flatMap((r) => [r.number, r.patientId]),
  )
  const visits = new Visits(rows.map((r) => ({ said: r.number, holderId: r.id, id: r.id, number: r.number })))
  await load(ctx, visits.rows)
  for (const visit of visits.rows) visit.kept = []
  await forgetLists(
    ctx,
    rows.map((r) => r.id),
  )
  await settle(ctx, visits, [])
  await tellStandings(ctx, rows.map((r) => r.patientId), { beds: true, diagnoses: true }) // biome-ignore format: those whose they were
}

/** What was said of these visits so far. */
export async function load(ctx: Context, visits: readonly Visit[]): Promise<void> {
  if (visits.length === 0) return
  const byId = new Map(visits.map((v) => [v.id, v]))
  const kept = await db(ctx)
    .selectFrom('encounters.facts')
    .where('encounterId', '=', sql<string>`any(${visits.map((v) => v.id)}::uuid[])`)
    .orderBy('encounterId')
    .orderBy('arrived')
    .select(['encounterId', 'arrived', 'sourceAt', 'event', 'said'])
    .execute()
  for (const { encounterId, arrived, sourceAt, event, said } of kept)
    byId.get(encounterId)?.facts.push({ arrived: Number(arrived), fact: { sourceAt: sourceAt.toISOString(), event, said } })
  for (const visit of visits) visit.kept = visit.facts.map((f) => f.fact)
}

/** False when the very same was said before: a repetition is not kept twice. */
function remember(visit: Visit, fact: Fact): boolean {
  if (visit.facts.some((f) => isDeepStrictEqual(f.fact, fact))) return false
  visit.facts.push({ arrived: Number.POSITIVE_INFINITY, fact })
  return true
}

type Origin = { origin?: string | undefined }

/** Reckons visits from their statements, writes what differs from before, and tells it. */
export async function settle(ctx: Context, visits: Visits, fresh: readonly NewFact[], by: Origin = {}): Promise<void> {
  const classes = visits.current.flatMap((v) => v.facts.flatMap((f) => f.fact.said.identityClass ?? []))
  const nameOf = await nameIdentityClasses(ctx, classes)
  const fold = (facts: readonly Fact[]) => {
    const state = foldEncounter(facts, ctx.clock.dayOf)
    return { ...state, identityClass: nameOf(state.identityClass) } // the hospital's word for it; what was said is kept as it was said
  }
  const states: (Changed & { isRefold: boolean })[] = [
    ...visits.retired.map((visit) => retiredState(visit, fold(visit.kept))),
    ...visits.current.map((visit) => {
      const facts = visit.facts.map((f) => f.fact)
      const after = fold(facts)
      return {
        id: visit.id,
        number: visits.numberFor(visit, after.newNumber),
        before: visit.kept.length > 0 ? fold(visit.kept) : undefined,
        after,
        saidOf: { before: undefined, after: after.patientId },
        saidAt: facts.reduce((latest, f) => (f.sourceAt > latest ? f.sourceAt : latest), ''),
        isRefold: visit.kept.length === 0 && fresh.length === 0,
      }
    }),
  ]
  const survivorOf = await survivors(
    ctx,
    states.flatMap((s) => [s.after.patientId, ...(s.before ? [s.before.patientId] : [])]),
  )
  for (const { before, after, saidOf } of states) {
    Object.assign(saidOf, { before: before?.patientId, after: after.patientId })
    after.patientId = survivorOf.get(after.patientId) ?? after.patientId
    if (before) before.patientId = survivorOf.get(before.patientId) ?? before.patientId
  }
  const changed = states.filter((s) => !isDeepStrictEqual(s.before, s.after) || s.saidOf.before !== s.saidOf.after)
  await writeEncounters(ctx, fresh, changed, by.origin)
  await writeNumbers(ctx, visits)
  if (changed.length > 0) ctx.touched.add('encounters') // a level or a bed is no news to others, and yet pages show it
  await writePriorDischarges(ctx, [...new Set(changed.filter(movesStays).flatMap(patientsOf))])
  await tellPatients(ctx, changed, by)
  await moveRecordsOfVisits(
    ctx,
    [...visits.retired.map((v) => visits.intoOf(v)), ...visits.current.filter(isOfSeveral)].map((v) => v.id),
  )
  await announce(
    ctx,
    changed.filter((c) => !c.isRefold),
  )
}

/** It was said of more than one patient: a move, or a sender that was put right. */
const isOfSeveral = ({ facts }: Visit) => new Set(facts.map((f) => f.fact.said.patientId)).size > 1

const isStay = (s: EncounterState | undefined) => s?.class === 'inpatient' || s?.class === 'daySurgery'
const movesStays = ({ before, after }: Changed) =>
  (isStay(before) || isStay(after)) &&
  (['patientId', 'class', 'status', 'admittedAt', 'dischargedAt'] as const).some((field) => before?.[field] !== after[field])

/** Whose it was and is. */
const patientsOf = ({ before, after }: Changed) => [after.patientId, ...(before ? [before.patientId] : [])]

async function tellPatients(ctx: Context, changed: readonly (Changed & { isRefold: boolean })[], by: Origin): Promise<void> {
  const unitsOf = (s: EncounterState | undefined) =>
    s ? [...new Set([s, ...s.stays].flatMap((p) => [p.departmentId, p.wardId]).filter((id) => id !== null))].sort() : []
  const cared = changed.filter(
    ({ before, after, saidOf, isRefold }) =>
      !isRefold && (saidOf.before !== saidOf.after || !isDeepStrictEqual(unitsOf(before), unitsOf(after))),
  )
  if (cared.length > 0)
    await noteCare(
      ctx,
      cared.map(({ after, saidOf }) => ({ patientId: saidOf.after, unitIds: unitsOf(after) })),
    )

  const bedOf = (s: EncounterState | undefined) => (isStay(s) && s?.status === 'inProgress' ? s.bed : null)
  await tellStandings(ctx, changed.flatMap(patientsOf), {
    beds: changed.some(({ before, after }) => bedOf(before) !== bedOf(after) || before?.patientId !== after.patientId),
    diagnoses: changed.some(
      ({ before, after }) =>
        before?.patientId !== after.patientId ||
        before.status !== after.status ||
        before.openedAt !== after.openedAt ||
        !isDeepStrictEqual(before.diagnoses, after.diagnoses),
    ),
  })

  const deaths = changed.flatMap(({ before, after, saidAt, saidOf }) => {
    const isOthers = before && saidOf.before !== saidOf.after
    const [was, is] = [diedAt(before), diedAt(after)]
    const say = (id: string, deceased: { at: Date } | false) => ({ id, identifiers: [], sourceAt: new Date(saidAt), deceased })
    if (was === is && !(isOthers && is)) return []
    const withdrawn = was && (isOthers || !is) ? [say(saidOf.before ?? saidOf.after, false)] : []
    return is ? [...withdrawn, say(saidOf.after, { at: new Date(is) })] : withdrawn
  })
  if (deaths.length > 0) await applyPatientFacts(ctx, deaths, by)
}

/** Discharged as dead. Taken back with the discharge, or with a correction of how he left. */
const diedAt = (s: EncounterState | undefined) => (s?.disposition === '5' ? s.dischargedAt : null)

async function announce(ctx: Context, changed: readonly Changed[]): Promise<void> {
  const told = changed.map(({ id, before, after }) => ({
    news: newsOf(before, after),
    of: { encounterId: id, patientId: after.patientId },
  }))
  await emitFacts(
    ctx,
    inOrder.flatMap(([news, event]) => told.flatMap((t) => (t.news.includes(news) ? [factOf(event, t.of)] : []))),
  )
}

const inOrder = [
  ['admitted', admitted],
  ['registered', registered],
  ['transferred', transferred],
  ['dischargeCancelled', dischargeCancelled],
  ['cancelled', cancelled],
  ['discharged', discharged],
  ['corrected', corrected],
  ['restated', restated],
] as const satisfies [News, unknown][]
