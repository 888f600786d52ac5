import type { Input } from '@renxin/kernel'
import { type Context, emit, emitMany, nilId, sql } from '@renxin/server'
import { type CautionKind, type overviewApi, patientErrors } from '../contract.ts'
import { rowsAs } from './bulk.ts'
import { cautionChanged } from './events.ts'
import { visibleId } from './get-patient.ts'

type Api = typeof overviewApi

/** Writes something down beside a patient for whoever speaks to them next. Sent twice, it is one. */
export async function addCaution(ctx: Context, { patientId, id, kind, text }: Input<Api['addCaution']>): Promise<{ patientId: string }> {
  const mine = await visibleId(ctx, patientId)
  await put(ctx, [{ id, patientId: mine, kind, text, by: ctx.actor.id }])
  return { patientId: mine }
}

/** It holds no more, or it was dealt with. */
export async function endCaution(ctx: Context, { cautionId }: Input<Api['endCaution']>): Promise<{ patientId: string }> {
  const { rows } = await sql<{ patientId: string }>`
    select patient_id from patients.cautions where id = ${cautionId}::uuid`.execute(ctx.db)
  const patientId = await visibleId(ctx, rows[0]?.patientId ?? nilId, patientErrors.notFound({ id: cautionId }))
  await sql`
    update patients.cautions set ended_at = ${ctx.clock.now()}, ended_by = ${ctx.actor.id}::uuid
     where id = ${cautionId}::uuid and ended_at is null`.execute(ctx.db)
  await emit(ctx, cautionChanged, { patientId, cautionId })
  return { patientId }
}

/** `patientId` is whom it was said of: it stays with that file, should it be parted from another. */
type CriticalValue = { id: string; patientId: string; text: string }

/** Tells the file of values that put patients in danger; they stand in the head until they are withdrawn or somebody has dealt with them. */
export const noteCriticalValues = (ctx: Context, told: readonly CriticalValue[]): Promise<void> =>
  put(
    ctx,
    told.map((t) => ({ ...t, kind: 'criticalValue', by: null })),
  )

export const withdrawCriticalValues = (ctx: Context, ids: readonly string[]): Promise<void> => endCautions(ctx, ids)

/** A caution as another system keeps it. `endedAt`: since when it holds no more. */
export type CautionFact = { id: string; patientId: string; kind: CautionKind; text: string; notedAt: Date; endedAt: Date | null }

/**
 * What other systems say to whoever speaks to a patient; said again it takes the place of what they said before. What one of us has dealt with stays so until
 * they say something else. Of a critical value its report tells; they only end it. A file that was erased hears none.
 */
export async function tellCautions(ctx: Context, facts: readonly CautionFact[]): Promise<void> {
  const last = [...new Map(facts.map((f) => [f.id, f])).values()].sort((a, b) => (a.id < b.id ? -1 : 1))
  if (last.length === 0) return
  ctx.touched.add('patients')
  const columns = { id: 'uuid', patient_id: 'uuid', kind: 'text', text: 'text', noted_at: 'timestamptz', ended_at: 'timestamptz' }
  const isDealtWith = sql`(c.ended_by is not null and c.text = excluded.text and excluded.ended_at is null)`
  const { rows } = await sql<{ id: string; patientId: string }>`
    insert into patients.cautions as c (id, patient_id, said_patient_id, kind, text, noted_at, ended_at)
    select n.id, coalesce(p.merged_into, p.id), n.patient_id, n.kind, n.text, n.noted_at, n.ended_at
      from ${rowsAs('n', columns, last)} join patients.patients p on p.id = n.patient_id and p.erased_at is null
    on conflict (hospital_id, id) do update set
      patient_id = excluded.patient_id, said_patient_id = excluded.said_patient_id,
      kind = case when c.kind = 'criticalValue' then c.kind else excluded.kind end,
      text = case when c.kind = 'criticalValue' then c.text else excluded.text end,
      noted_at = case when c.kind = 'criticalValue' then c.noted_at else excluded.noted_at end,
      ended_at = case when ${isDealtWith} then c.ended_at else excluded.ended_at end,
      ended_by = case when ${isDealtWith} then c.ended_by end
    returning id, patient_id`.execute(ctx.db)
  await tellChanged(ctx, rows)
}

const tellChanged = (ctx: Context, rows: readonly { id: string; patientId: string }[]) =>
  rows.length > 0 ? emitMany(ctx, cautionChanged, rows.map(({ id, patientId }) => ({ patientId, cautionId: id }))) : undefined // biome-ignore format: one thought

export async function endCautions(ctx: Context, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  ctx.touched.add('patients')
  const { rows } = await sql<{ id: string; patientId: string }>`
    update patients.cautions set ended_at = ${ctx.clock.now()} where id = any(${[...ids]}::uuid[]) and ended_at is null returning id, patient_id`.execute(
    ctx.db,
  )
  await tellChanged(ctx, rows)
}

type Put = { id: string; patientId: string; kind: string; text: string; by: string | null }

async function put(ctx: Context, cautions: readonly Put[]): Promise<void> {
  const last = [...new Map(cautions.map((c) => [c.id, c])).values()]
  if (last.length === 0) return
  ctx.touched.add('patients')
  const { rows } = await sql<{ id: string; patientId: string }>`
    insert into patients.cautions (id, patient_id, said_patient_id, kind, text, noted_at, noted_by)
    select n.id, case when p.merged_into is null then p.id else p.merged_into end, n.patient_id, n.kind, n.text, ${ctx.clock.now()}, n.by
      from ${rowsAs('n', { id: 'uuid', patient_id: 'uuid', kind: 'text', text: 'text', by: 'uuid' }, last)}
      join patients.patients p on p.id = n.patient_id
    on conflict (hospital_id, id) do update set
      patient_id = excluded.patient_id, said_patient_id = excluded.said_patient_id, text = excluded.text, ended_at = null, ended_by = null
      where cautions.kind = 'criticalValue' and excluded.kind = 'criticalValue'
    returning id, patient_id`.execute(ctx.db)
  await tellChanged(ctx, rows)
}
