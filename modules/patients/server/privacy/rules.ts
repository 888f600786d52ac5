import type { Input, Reply } from '@renxin/kernel'
import { audit, type Context, sql } from '@renxin/server'
import { type PrivacyRules, type privacyApi, privacyErrors } from '../../contract.ts'
import { checkIdentityCard } from '../../person/identity-card.ts'
import { documentIndex, documentNumber } from '../fold.ts'

type Api = typeof privacyApi

/** What the rules say of these patients, or of everybody: what a hand said stands. That a department's patients are sensitive goes before that somebody is one of us. */
export async function applyRules(ctx: Context, patientIds?: readonly string[]): Promise<void> {
  const these = (column: string) => (patientIds ? sql`${sql.ref(column)} = any(${[...patientIds]}::uuid[])` : sql`true`)
  await sql`
    insert into patients.privacy as v (said_patient_id, patient_id, class, by_rule)
    select p.id, case when p.merged_into is null then p.id else p.merged_into end, 'staff', 'staffNumber'
      from patients.staff_numbers s join patients.patients p on p.identity_card_index = s.number where ${these('p.id')}
    on conflict do nothing`.execute(ctx.db)
  await sql`
    insert into patients.privacy as v (said_patient_id, patient_id, class, by_rule)
    select distinct on (c.said_patient_id) c.said_patient_id, c.patient_id, 'sensitive', 'department'
      from patients.sensitive_units u join patients.care_units c on c.unit_id = u.unit_id where ${these('c.patientId')}
    on conflict (hospital_id, said_patient_id) do update set class = 'sensitive', by_rule = 'department' where v.by_rule = 'staffNumber'`.execute(
    ctx.db,
  )
  ctx.touched.add('patients')
}

export async function getRules(ctx: Context): Promise<PrivacyRules> {
  const { rows } = await sql<PrivacyRules>`
    select coalesce((select jsonb_agg(unit_id) from patients.sensitive_units), '[]') as sensitive_unit_ids,
           (select count(*)::int from patients.staff_numbers) as staff_numbers`.execute(ctx.db)
  return rows[0] ?? { sensitiveUnitIds: [], staffNumbers: 0 }
}

/** Which departments' patients are sensitive. Whoever was it for a department that is not named any more is it no longer, where no other one says so. */
export async function saveRules(ctx: Context, { sensitiveUnitIds, reason }: Input<Api['savePrivacyRules']>): Promise<PrivacyRules> {
  const before = await getRules(ctx)
  const ids = [...new Set(sensitiveUnitIds)]
  const { rows: known } = await sql<{ id: string }>`select id from staff.unit_cards where id = any(${ids}::uuid[])`.execute(ctx.db)
  if (known.length < ids.length) throw privacyErrors.unitNotFound()
  await sql`delete from patients.sensitive_units where unit_id <> all(${ids}::uuid[])`.execute(ctx.db)
  await sql`insert into patients.sensitive_units (unit_id) select unnest(${ids}::uuid[]) on conflict do nothing`.execute(ctx.db)
  await sql`
    delete from patients.privacy v where v.by_rule = 'department' and not exists (
      select from patients.care_units c join patients.sensitive_units u on u.unit_id = c.unit_id where c.said_patient_id = v.said_patient_id)`.execute(
    ctx.db,
  )
  await applyRules(ctx)
  const after = await getRules(ctx)
  await audit(ctx, { action: 'patients.privacyRulesChanged', reason, detail: { before, after } })
  return after
}

/** Takes identity numbers of the hospital's own people; only keyed hashes of them are kept. What is no identity number is counted, not kept. */
export async function addStaffNumbers(
  ctx: Context,
  { numbers, replaces, reason }: Input<Api['addStaffNumbers']>,
): Promise<Reply<Api['addStaffNumbers']>> {
  const said = numbers.filter((n) => n !== '')
  const right = said.filter((n) => checkIdentityCard(n).isValid)
  const hashes = [...new Map(right.map((n) => documentIndex(ctx, documentNumber(n))).map((h) => [h.toString('hex'), h])).values()]
  if (replaces) await sql`delete from patients.staff_numbers where number <> all(${hashes}::bytea[])`.execute(ctx.db)
  await sql`
    insert into patients.staff_numbers (number, added_at) select n, ${ctx.clock.now()} from unnest(${hashes}::bytea[]) n on conflict do nothing`.execute(
    ctx.db,
  )
  await sql`
    delete from patients.privacy v where v.by_rule = 'staffNumber' and not exists (
      select from patients.patients p join patients.staff_numbers s on s.number = p.identity_card_index where p.id = v.said_patient_id)`.execute(
    ctx.db,
  )
  await applyRules(ctx)
  const rules = await getRules(ctx)
  await audit(ctx, { action: 'patients.staffNumbersTold', reason, detail: { told: right.length, known: rules.staffNumbers } })
  return { ...rules, wrong: said.length - right.length }
}
