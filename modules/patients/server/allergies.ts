import { type Context, emitMany, sql } from '@renxin/server'
import { rowsAs } from './bulk.ts'
import { allergiesChanged } from './events.ts'
import type { AllergyFact } from './facts.ts'

type Told = {
  patientId: string
  sourceAt: Date
  /** The whole list; `null`: there are none. */
  allergies?: readonly AllergyFact[] | null | undefined
  /** Single ones, added to what is known or taken from it. */
  allergyChanges?: readonly (AllergyFact & { isGone: boolean })[] | undefined
}

/** Keeps what sources say of allergies. The latest word on each counts, whatever the order in which the words come. */
export async function tellAllergies(ctx: Context, told: readonly Told[]): Promise<void> {
  const lists = latestOf(
    told.flatMap(({ patientId, sourceAt, allergies }) => (allergies === undefined ? [] : [{ patientId, saidAt: sourceAt }])),
    (l) => l.patientId,
  )
  const items = latestOf(
    told.flatMap(({ patientId, sourceAt, allergies, allergyChanges = [] }) =>
      [...(allergies ?? []).map((a) => ({ ...a, isGone: false })), ...allergyChanges].flatMap((a) => {
        const key = (a.code ?? a.name).trim()
        return key === '' ? [] : [{ ...a, name: a.name.trim() || key, key, patientId, saidAt: sourceAt }]
      }),
    ),
    (i) => `${i.patientId} ${i.key}`,
  )
  const patientIds = [...new Set([...lists, ...items].map((t) => t.patientId))]
  const before = await knownOf(ctx, patientIds)
  if (lists.length > 0)
    await sql`
      insert into patients.allergy_lists as l (patient_id, said_at)
      select * from ${rowsAs('n', { patient_id: 'uuid', said_at: 'timestamptz' }, lists)}
      on conflict (hospital_id, patient_id) do update set said_at = greatest(l.said_at, excluded.said_at)`.execute(ctx.db)
  if (items.length > 0)
    await sql`
      insert into patients.allergies as a (${sql.raw(Object.keys(columns).join(', '))}) select * from ${rowsAs('n', columns, items)}
      on conflict (hospital_id, patient_id, key) do update set code = excluded.code, name = excluded.name, kind = excluded.kind,
        severity = excluded.severity, reaction = excluded.reaction, said_at = excluded.said_at, is_gone = excluded.is_gone
        where a.said_at <= excluded.said_at`.execute(ctx.db)
  if (patientIds.length === 0) return
  ctx.touched.add('patients')
  const after = await knownOf(ctx, patientIds)
  const changed = patientIds.filter((id) => before.get(id) !== after.get(id))
  if (changed.length > 0) await emitMany(ctx, allergiesChanged, changed.map((patientId) => ({ patientId }))) // biome-ignore format: one thought
}

/** What is known of each as one text, to see whether it has changed. Systems repeat all allergies in every message. */
async function knownOf(ctx: Context, patientIds: readonly string[]): Promise<Map<string, string>> {
  if (patientIds.length === 0) return new Map()
  const { rows } = await sql<{ patientId: string; known: string }>`
    select a.patient_id, string_agg(concat_ws(' ', a.key, a.name, a.kind, a.severity, a.reaction), ',' order by a.key) as known
      from patients.allergies a left join patients.allergy_lists l on l.patient_id = a.patient_id
     where a.patient_id = any(${[...patientIds]}::uuid[]) and not a.is_gone and (l.said_at is null or a.said_at >= l.said_at) group by 1`.execute(
    ctx.db,
  )
  return new Map(rows.map((r) => [r.patientId, r.known]))
}

const columns = {
  patient_id: 'uuid',
  key: 'text',
  code: 'text',
  name: 'text',
  kind: 'text',
  severity: 'text',
  reaction: 'text',
  said_at: 'timestamptz',
  is_gone: 'boolean',
}

/** Of several with one key the one that was said last; of two of one moment the later to come. */
function latestOf<T extends { saidAt: Date }>(all: readonly T[], keyOf: (one: T) => string): T[] {
  const latest = new Map<string, T>()
  for (const one of all) {
    const known = latest.get(keyOf(one))
    if (!known || known.saidAt <= one.saidAt) latest.set(keyOf(one), one)
  }
  return [...latest.values()].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
}
