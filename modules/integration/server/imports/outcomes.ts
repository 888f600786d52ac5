import { encounterChanges } from '@renxin/encounters'
import { patientChanges } from '@renxin/patients'
import { type Context, savepoint } from '@renxin/server'
import { staffChanges, underOrigin } from '@renxin/staff'
import type { FieldChange, ImportKind, RowResult } from '../../imports-contract.ts'
import { applyRows, type RowFacts, type RowOutcome } from '../columns/index.ts'

/** What became of one row, or would become of it. */
export type Outcome = RowOutcome & { result: RowResult; changes: FieldChange[]; isNewPatient: boolean }

type Batch = { id: string; kind: ImportKind }
type Row = { facts: RowFacts; print: string }

/** Tells the rooms below what these rows say, under the import by which it can be taken back, and answers what that made of each. */
export async function applyUnder(ctx: Context, { id, kind }: Batch, rows: readonly Row[]): Promise<Outcome[]> {
  if (rows.length === 0) return []
  const onlyNew = kind === 'patients' || kind === 'encounters'
  const outcomes = await underOrigin(ctx, { origin: id, onlyNew }, () =>
    applyRows(
      ctx,
      rows.map((r) => r.facts),
      { origin: id },
    ),
  )
  const { changes, newPatients } = await changesOf(ctx, { id, kind }, outcomes)
  const seen = new Map<string, string>()
  return outcomes.map((told, at) => {
    const outcome = { ...told, isNewPatient: newPatients.has(told.saidPatientId ?? '') }
    if (outcome.failure) return { ...outcome, result: 'failed', changes: [] }
    const object = objectOf(kind, outcome) ?? ''
    const print = rows[at]?.print ?? ''
    const earlier = seen.get(object)
    seen.set(object, print)
    if (earlier !== undefined) return { ...outcome, result: earlier === print ? 'unchanged' : 'changed', changes: [] }
    const { isNew, fields } = changes.get(object) ?? { isNew: false, fields: [] }
    return { ...outcome, result: isNew ? 'new' : fields.length > 0 ? 'changed' : 'unchanged', changes: fields }
  })
}

/** Whom or what a row is about, by id. */
export const objectOf = (
  kind: ImportKind,
  { patientId, encounterId, staffId }: Pick<RowOutcome, 'patientId' | 'encounterId' | 'staffId'>,
) => ({ patients: patientId, encounters: encounterId, staff: staffId, places: staffId })[kind]

type Changes = { changes: Map<string, Change>; newPatients: Set<string> }
type Change = { isNew: boolean; fields: FieldChange[] }

async function changesOf(ctx: Context, { id, kind }: Batch, outcomes: readonly RowOutcome[]): Promise<Changes> {
  const ids = (pick: (o: RowOutcome) => string | null) => [...new Set(outcomes.flatMap((o) => pick(o) ?? []))]
  if (kind === 'staff' || kind === 'places') {
    const changes = await staffChanges(ctx, id, kind === 'staff' ? 'person' : 'unit', ids((o) => o.staffId)) // biome-ignore format: one thought
    return { changes: new Map(changes.map((c) => [c.objectId, c])), newPatients: new Set() }
  }
  const patients = new Map((await patientChanges(ctx, id, ids((o) => o.saidPatientId))).map((c) => [c.patientId, c])) // biome-ignore format: one thought
  const newPatients = new Set([...patients.values()].flatMap((c) => (c.isNew ? [c.patientId] : [])))
  if (kind === 'patients') return { changes: patients, newPatients }
  const encounters = await encounterChanges(ctx, id, ids((o) => o.encounterId)) // biome-ignore format: one thought
  const patientOf = new Map(outcomes.map((o) => [o.encounterId, o.saidPatientId]))
  const changes = new Map(
    encounters.map((c): [string, Change] => {
      const person = patients.get(patientOf.get(c.encounterId) ?? '')
      const own = person && !person.isNew ? person.fields : []
      return [c.encounterId, { isNew: c.isNew, fields: [...own, ...c.fields] }]
    }),
  )
  return { changes, newPatients }
}

/** Thrown to take back what a dry run did. */
class DryRun extends Error {
  readonly outcomes: Outcome[]
  constructor(outcomes: Outcome[]) {
    super('a dry run is taken back')
    this.outcomes = outcomes
  }
}

/** What would become of these rows: they are applied in earnest, looked at, and taken back before anybody sees it. */
export async function tryUnder(ctx: Context, batch: Batch, rows: readonly Row[]): Promise<Outcome[]> {
  try {
    return await savepoint(ctx, async (ctx) => {
      throw new DryRun(await applyUnder(ctx, batch, rows))
    })
  } catch (error) {
    if (error instanceof DryRun) return error.outcomes
    throw error
  }
}
