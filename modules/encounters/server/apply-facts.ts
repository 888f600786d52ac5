import { createHash } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import { newId } from '@renxin/kernel'
import { applyPatientFacts, noteCare, setBedKeys } from '@renxin/patients'
import { type Context, emitFacts, factOf, sql } from '@renxin/server'
import { admitted, cancelled, corrected, dischargeCancelled, discharged, registered, transferred } from './events.ts'
import type { EncounterFacts } from './facts.ts'
import { type News, newsOf } from './news.ts'
import { resolveFacts, type Statement } from './resolve-facts.ts'
import { type EncounterState, type Fact, foldEncounter } from './rules.ts'
import { db } from './tables.ts'
import { type Changed, forgetLists, type NewFact, writeEncounters, writePriorDischarges } from './write-encounters.ts'

/**
 * Takes what messages say about encounters, some hundreds at a time, in whatever order they come: every statement is kept, and
 * an encounter is what its statements add up to. Says so to others only where its state has really changed.
 */
export async function applyEncounterFacts(ctx: Context, facts: readonly EncounterFacts[]): Promise<string[]> {
  if (facts.length === 0) return []
  const statements = await resolveFacts(ctx, facts)
  const numbers = [...new Set(statements.map((s) => s.number))]
  await lock(ctx, [...numbers, ...statements.map((s) => s.said.patientId)])

  const known = await load(ctx, await idsOf(ctx, numbers))
  const told = statements.map((s) => s.number)
  for (const number of numbers) if (!known.has(number)) known.set(number, { id: newId(ctx.clock.now().getTime()), facts: [] })
  const fresh = statements.filter((s) => remember(known, s)).map((s): NewFact => ({ ...s, encounterId: idIn(known, s.number) }))
  await settle(ctx, known, fresh)
  return told.map((number) => idIn(known, number))
}

/** Reckons encounters again from what was said about them: after a merge of patients, or when the rules have changed. */
export async function refoldEncounters(ctx: Context, encounterIds: readonly string[]): Promise<void> {
  const rows = await db(ctx)
    .selectFrom('encounters.encounters')
    .where('id', '=', sql<string>`any(${[...encounterIds]}::uuid[])`)
    .select(['id', 'number', 'patientId'])
    .execute()
  if (rows.length === 0) return
  await lock(
    ctx,
    rows.flatMap((r) => [r.number, r.patientId]),
  )
  const known = await load(ctx, rows)
  for (const encounter of known.values()) encounter.kept = []
  await forgetLists(ctx, encounterIds)
  await settle(ctx, known, [])
}

type Known = { id: string; facts: Fact[]; kept?: Fact[] }

/** One writer for an encounter and for a patient's stays at a time. Fixed order, so that batches wait for each other and never in a circle. */
async function lock(ctx: Context, names: readonly string[]): Promise<void> {
  const key = (name: string) => createHash('sha256').update(`encounters:${ctx.hospital.id}:${name}`).digest().readBigInt64BE()
  const keys = [...new Set(names.map(key))].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0)).map(String)
  await sql`select pg_advisory_xact_lock(k) from unnest(${keys}::bigint[]) as k`.execute(ctx.db)
}

const idsOf = (ctx: Context, numbers: readonly string[]) =>
  db(ctx)
    .selectFrom('encounters.encounters')
    .where('number', '=', sql<string>`any(${[...numbers]}::text[])`)
    .select(['id', 'number'])
    .execute()

async function load(ctx: Context, rows: readonly { id: string; number: string }[]): Promise<Map<string, Known>> {
  const known = new Map(rows.map((r) => [r.number, { id: r.id, facts: [] } as Known]))
  if (rows.length === 0) return known
  const byId = new Map([...known.values()].map((k) => [k.id, k]))
  const kept = await db(ctx)
    .selectFrom('encounters.facts')
    .where('encounterId', '=', sql<string>`any(${rows.map((r) => r.id)}::uuid[])`)
    .orderBy('encounterId')
    .orderBy('arrived')
    .select(['encounterId', 'sourceAt', 'event', 'said'])
    .execute()
  for (const { encounterId, sourceAt, event, said } of kept)
    byId.get(encounterId)?.facts.push({ sourceAt: sourceAt.toISOString(), event, said })
  for (const encounter of known.values()) encounter.kept = [...encounter.facts]
  return known
}

/** False when the very same was said before: a repetition is not kept twice. */
function remember(known: Map<string, Known>, { number: _, ...fact }: Statement & { number: string }): boolean {
  const facts = known.get(_)?.facts
  if (!facts || facts.some((f) => isDeepStrictEqual(f, fact))) return false
  facts.push(fact)
  return true
}

const idIn = (known: Map<string, Known>, number: string): string => known.get(number)?.id ?? ''

async function settle(ctx: Context, known: Map<string, Known>, fresh: readonly NewFact[]): Promise<void> {
  const fold = (facts: readonly Fact[]) => foldEncounter(facts, ctx.clock.dayOf)
  const states = [...known].map(([number, { id, facts, kept = [] }]) => ({
    id,
    number,
    before: kept.length > 0 ? fold(kept) : undefined,
    after: fold(facts),
    saidAt: facts.reduce((latest, f) => (f.sourceAt > latest ? f.sourceAt : latest), ''),
    isRefold: kept.length === 0 && fresh.length === 0,
  }))
  const survivorOf = await survivors(
    ctx,
    states.flatMap((s) => [s.after.patientId, ...(s.before ? [s.before.patientId] : [])]),
  )
  for (const { before, after } of states) {
    after.patientId = survivorOf.get(after.patientId) ?? after.patientId
    if (before) before.patientId = survivorOf.get(before.patientId) ?? before.patientId
  }
  const changed = states.filter((s) => !isDeepStrictEqual(s.before, s.after))
  await writeEncounters(ctx, fresh, changed)
  if (changed.length > 0) ctx.touched.add('encounters') // a level or a bed is no news to others, and yet pages show it
  await writePriorDischarges(ctx, [
    ...new Set(changed.filter(movesStays).flatMap((c) => [c.after.patientId, ...(c.before ? [c.before.patientId] : [])])),
  ])
  await tellPatients(ctx, changed)
  await announce(
    ctx,
    changed.filter((c) => !c.isRefold),
  )
}

/** Statements name the patient as he was known then; he may have been found to be another since. */
async function survivors(ctx: Context, patientIds: readonly string[]): Promise<Map<string, string>> {
  const rows = await sql<{ id: string; survivorId: string }>`
    with recursive step (id, survivor_id) as (
      select id, merged_into from patients.cards where id = any(${[...new Set(patientIds)]}::uuid[]) and merged_into is not null
      union
      select s.id, c.merged_into from step s join patients.cards c on c.id = s.survivor_id where c.merged_into is not null
    )
    select s.id, s.survivor_id from step s join patients.cards c on c.id = s.survivor_id where c.merged_into is null
  `.execute(ctx.db)
  return new Map(rows.rows.map((r) => [r.id, r.survivorId]))
}

const isStay = (s: EncounterState | undefined) => s?.class === 'inpatient' || s?.class === 'daySurgery'
const movesStays = ({ before, after }: Changed) =>
  (isStay(before) || isStay(after)) &&
  (['patientId', 'class', 'status', 'admittedAt', 'dischargedAt'] as const).some((field) => before?.[field] !== after[field])

async function tellPatients(ctx: Context, changed: readonly Changed[]): Promise<void> {
  const unitsOf = (s: EncounterState | undefined) =>
    s ? [...new Set([s, ...s.stays].flatMap((p) => [p.departmentId, p.wardId]).filter((id) => id !== null))].sort() : []
  const cared = changed.filter(
    ({ before, after }) => before?.patientId !== after.patientId || !isDeepStrictEqual(unitsOf(before), unitsOf(after)),
  )
  if (cared.length > 0)
    await noteCare(
      ctx,
      cared.map(({ after }) => ({ patientId: after.patientId, unitIds: unitsOf(after) })),
    )

  const bedOf = (s: EncounterState | undefined) => (isStay(s) && s?.status === 'inProgress' ? s.bed : null)
  const moved = changed.filter(
    ({ before, after }) => bedOf(before) !== bedOf(after) || (bedOf(after) && before?.patientId !== after.patientId),
  )
  if (moved.length > 0)
    await setBedKeys(
      ctx,
      moved.map(({ after }) => ({ patientId: after.patientId, bed: bedOf(after) })),
    )

  const deaths = changed.flatMap(({ before, after, saidAt }) => {
    const [was, is] = [diedAt(before), diedAt(after)]
    if (was === is) return []
    const deceased = is ? { at: new Date(is) } : (false as const)
    return [{ id: after.patientId, identifiers: [], sourceAt: new Date(saidAt), deceased }]
  })
  if (deaths.length > 0) await applyPatientFacts(ctx, deaths)
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
] as const satisfies [News, unknown][]
