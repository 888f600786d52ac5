import { isDeepStrictEqual } from 'node:util'
import { valueChanges, withdrawValues } from '@renxin/patients'
import { type Context, savepoint, sql } from '@renxin/server'
import { load, settle } from './apply-facts.ts'
import { lock } from './lock.ts'
import { type EncounterState, type Fact, foldEncounter } from './rules.ts'
import { db } from './tables.ts'
import { Visits } from './visit-numbers.ts'
import type { NewFact } from './write-encounters.ts'

/** `kept`: the hospital's own fields in which somebody has written since. */
export type Withdrawn = { encounterId: string; outcome: 'restored' | 'removed' | 'cancelled'; kept: string[] }

/**
 * Withdraws what an import said of these encounters: each is what the others' statements add up to. One of which nobody else said anything is cancelled, so
 * that those who listened stop, and removed where nothing refers to it. Doing it again changes nothing.
 */
export async function withdrawEncounterFacts(ctx: Context, origin: string, encounterIds: readonly string[]): Promise<Withdrawn[]> {
  const rows = await lockThose(ctx, encounterIds)
  const { ours, others } = await partedBy(ctx, origin, rows)
  const touched = rows.filter((r) => ours.has(r.id))
  const visits = visitsOf(touched)
  await load(ctx, visits.rows)
  const cancels: NewFact[] = []
  for (const visit of visits.rows) {
    const rest = others.get(visit.id)
    if (rest) visit.facts = rest.map((fact, arrived) => ({ arrived, fact }))
    else {
      const fact = cancelling(ctx, visit.kept)
      visit.facts.push({ arrived: Number.POSITIVE_INFINITY, fact })
      cancels.push({ ...fact, encounterId: visit.id })
    }
  }
  await sql`
    delete from encounters.facts where origin = ${origin}::uuid and encounter_id = any(${[...others.keys()]}::uuid[])`.execute(ctx.db)
  await settle(ctx, visits, cancels, { origin })
  const values = await withdrawValues(ctx, origin, touched.map((r) => r.id)) // biome-ignore format: one thought
  const removed = new Set(await remove(ctx, cancels.map((c) => c.encounterId))) // biome-ignore format: one thought
  const outcomeOf = (id: string) => (others.has(id) ? 'restored' : removed.has(id) ? 'removed' : 'cancelled')
  return touched.map(({ id }) => ({ encounterId: id, outcome: outcomeOf(id), kept: values.get(id) ?? [] }))
}

const visitsOf = (rows: readonly Row[]) => new Visits(rows.map((r) => ({ said: r.number, holderId: r.id, id: r.id, number: r.number })))

type Row = { id: string; number: string; patientId: string }

/** Those that turned out to be another meanwhile are the other. */
async function find(ctx: Context, encounterIds: readonly string[]): Promise<Row[]> {
  const { rows } = await sql<Row>`
    select distinct e.id, e.number, e.patient_id from encounters.encounters g
      join encounters.encounters e on e.id = case when g.merged_into is null then g.id else g.merged_into end
     where g.id = any(${[...encounterIds]}::uuid[])`.execute(ctx.db)
  return rows
}

async function lockThose(ctx: Context, encounterIds: readonly string[]): Promise<Row[]> {
  const rows = await find(ctx, encounterIds)
  await lock(ctx, rows.flatMap((r) => [r.number, r.patientId])) // biome-ignore format: one thought
  return rows
}

/** The statements that are not the import's, by encounter, and the encounters that have some of its own. */
async function partedBy(ctx: Context, origin: string, rows: readonly Row[]): Promise<{ ours: Set<string>; others: Map<string, Fact[]> }> {
  const facts = await db(ctx)
    .selectFrom('encounters.facts')
    .where('encounterId', '=', sql<string>`any(${rows.map((r) => r.id)}::uuid[])`)
    .orderBy('encounterId')
    .orderBy('arrived')
    .select(['encounterId', 'sourceAt', 'event', 'said', 'origin'])
    .execute()
  const ours = new Set<string>()
  const others = new Map<string, Fact[]>()
  for (const { encounterId, sourceAt, event, said, origin: by } of facts) {
    if (by === origin) ours.add(encounterId)
    else others.set(encounterId, [...(others.get(encounterId) ?? []), { sourceAt: sourceAt.toISOString(), event, said }])
  }
  return { ours, others }
}

/** Later than all that was said, and yet no later than now where nothing was. */
function cancelling(ctx: Context, kept: readonly Fact[]): Fact {
  const latest = Math.max(ctx.clock.now().getTime(), ...kept.map((f) => Date.parse(f.sourceAt) + 1))
  return { sourceAt: new Date(latest).toISOString(), event: 'cancelAdmit', said: { patientId: kept[0]?.said.patientId ?? '' } }
}

const FOREIGN_KEY_VIOLATION = '23503'

/** Removes those to which nothing refers; where the foreign keys refuse, half of them and then the other half. */
async function remove(ctx: Context, ids: readonly string[]): Promise<string[]> {
  if (ids.length === 0) return []
  try {
    await savepoint(ctx, async (ctx) => {
      for (const table of ['facts', 'stays', 'levels', 'diagnoses']) {
        await sql`delete from ${sql.table(`encounters.${table}`)} where encounter_id = any(${[...ids]}::uuid[])`.execute(ctx.db)
      }
      await sql`delete from encounters.encounters where id = any(${[...ids]}::uuid[])`.execute(ctx.db)
    })
    return [...ids]
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === FOREIGN_KEY_VIOLATION)) throw error
    if (ids.length === 1) return []
    const half = Math.ceil(ids.length / 2)
    return [...(await remove(ctx, ids.slice(0, half))), ...(await remove(ctx, ids.slice(half)))]
  }
}

export type EncounterChange = {
  encounterId: string
  isNew: boolean
  fields: { field: string; before: string | null; after: string | null }[]
}

const shown = [
  'class', 'status', 'departmentId', 'wardId', 'room', 'bed', 'attendingId', 'nurseId', 'nursingLevel', 'condition', 'admittedAt', 'dischargedAt',
  'disposition', 'identityClass', 'payer', 'mainDiagnosisName', 'summary',
] as const satisfies (keyof EncounterState)[] // biome-ignore format: a list
/** Of these only that they changed is said: an id says nothing to a reader, and a summary too much. */
const hidden: ReadonlySet<string> = new Set(['departmentId', 'wardId', 'attendingId', 'nurseId', 'summary'])

/** What an import changed of these encounters. */
export async function encounterChanges(ctx: Context, origin: string, encounterIds: readonly string[]): Promise<EncounterChange[]> {
  const rows = await find(ctx, encounterIds)
  const visits = visitsOf(rows)
  await load(ctx, visits.rows)
  const { others } = await partedBy(ctx, origin, rows)
  const own = await valueChanges(ctx, origin, rows.map((r) => r.id)) // biome-ignore format: one thought
  return visits.rows.map(({ id, kept }) => {
    const rest = others.get(id)
    if (!rest) return { encounterId: id, isNew: true, fields: [] }
    const fields = differences(foldEncounter(rest, ctx.clock.dayOf), foldEncounter(kept, ctx.clock.dayOf))
    const labels = (own.get(id) ?? []).map((field) => ({ field, before: null, after: null }))
    return { encounterId: id, isNew: false, fields: [...fields, ...labels] }
  })
}

function differences(before: EncounterState, after: EncounterState): EncounterChange['fields'] {
  const said = (state: EncounterState, field: (typeof shown)[number]) => (hidden.has(field) ? null : state[field])
  const fields = shown.flatMap((field) =>
    before[field] === after[field] ? [] : [{ field: field.replace(/Id$/, ''), before: said(before, field), after: said(after, field) }],
  )
  const others = !isDeepStrictEqual(before.diagnoses, after.diagnoses) && !fields.some((f) => f.field === 'mainDiagnosisName')
  return others ? [...fields, { field: 'diagnoses', before: null, after: null }] : fields
}
