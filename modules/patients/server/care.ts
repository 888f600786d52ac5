import type { LocalDate } from '@renxin/kernel'
import { type Actor, type Context, sql } from '@renxin/server'
import { rowsAs } from './bulk.ts'
import { keysOfBed } from './search-keys.ts'
import { addKeys } from './write-keys.ts'

/** Says which departments and wards have cared for patients, and so may see their files. `patientId` is whom it was said of. */
export async function noteCare(
  ctx: Context,
  care: readonly { patientId: string; unitIds: readonly string[]; on?: LocalDate }[],
): Promise<void> {
  const today = ctx.clock.today()
  const latest = new Map<string, { patientId: string; unitId: string; lastOn: LocalDate }>()
  for (const { patientId, unitIds, on = today } of care) {
    for (const unitId of unitIds) {
      const key = `${patientId}${unitId}`
      const before = latest.get(key)
      if (!before || before.lastOn < on) latest.set(key, { patientId, unitId, lastOn: on })
    }
  }
  if (latest.size === 0) return
  const rows = [...latest].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row)
  // Repeated news of a stay changes nothing, and so writes nothing.
  // A sensitive department's patient is of that class before anybody can see that they were there.
  await sql`
    with noted as (
      insert into patients.care_units as c (patient_id, said_patient_id, unit_id, last_on)
      select case when p.merged_into is null then p.id else p.merged_into end, n.patient_id, n.unit_id, n.last_on
      from ${rowsAs('n', { patient_id: 'uuid', unit_id: 'uuid', last_on: 'date' }, rows)} join patients.patients p on p.id = n.patient_id
      on conflict (hospital_id, said_patient_id, unit_id) do update set last_on = excluded.last_on where c.last_on < excluded.last_on
      returning patient_id, said_patient_id, unit_id
    )
    insert into patients.privacy as v (said_patient_id, patient_id, class, by_rule)
    select distinct on (n.said_patient_id) n.said_patient_id, n.patient_id, 'sensitive', 'department'
    from noted n join patients.sensitive_units u on u.unit_id = n.unit_id
    on conflict (hospital_id, said_patient_id) do update set class = 'sensitive', by_rule = 'department' where v.by_rule = 'staffNumber'`.execute(
    ctx.db,
  )
}

/**
 * What this actor may see of patients, as a condition of a query: everybody, or those for whom one's departments or wards have cared, and whoever was opened
 * in an emergency.
 * `patientId` is the column with the id, `p.id`. Who may see only what is their own sees patients by that (a task, a case), not by this.
 */
export const patientVisible = (ctx: Pick<Context, 'actor'>, patientId: string | ReturnType<typeof sql>) => {
  const { actor } = ctx
  if (actor.scope === 'hospital') return sql<boolean>`true`
  const units = unitsOf(actor)
  const column = typeof patientId === 'string' ? sql.ref(patientId) : patientId
  const claims = [
    ...(units.length > 0
      ? [sql`exists (select from patients.care_units cu where cu.patient_id = ${column} and cu.unit_id = any(${units}::uuid[]))`]
      : []),
    ...(actor.admitted?.length ? [sql`${column} = any(${actor.admitted}::uuid[])`] : []),
  ]
  return claims.length > 0 ? sql<boolean>`(${sql.join(claims, sql` or `)})` : sql<boolean>`false`
}

function unitsOf({ scope, departments, wards }: Actor): string[] {
  if (scope === 'department') return [...departments, ...wards]
  return scope === 'ward' ? [...wards] : []
}

/** Where a patient lies, for the search and the card; `null` when they are gone. */
export const setBedKey = (ctx: Context, patientId: string, bed: string | null): Promise<void> => setBedKeys(ctx, [{ patientId, bed }])

export async function setBedKeys(ctx: Context, beds: readonly { patientId: string; bed: string | null }[]): Promise<void> {
  const last = [...new Map(beds.map((b) => [b.patientId, b])).values()].sort((a, b) => (a.patientId < b.patientId ? -1 : 1))
  if (last.length === 0) return
  const { rows } = await sql<{ id: string; bed: string | null }>`
    update patients.patients p set bed = n.bed
    from ${rowsAs('n', { patient_id: 'uuid', bed: 'text' }, last)}
    where p.id = n.patient_id and p.bed is distinct from n.bed and p.merged_into is null
    returning p.id, p.bed`.execute(ctx.db)
  if (rows.length === 0) return
  ctx.touched.add('patients')
  await sql`delete from patients.search_keys where kind = 'bed' and patient_id = any(${rows.map((r) => r.id)}::uuid[])`.execute(ctx.db)
  await addKeys(
    ctx,
    rows.flatMap(({ id, bed }) => (bed ? keysOfBed(bed).map((k) => ({ ...k, patientId: id })) : [])),
  )
}
