import type { Input, Page, Reply } from '@renxin/kernel'
import { type Context, can, openText, paged, sealText, sql } from '@renxin/server'
import { type Classed, type PrivacyClass, type PrivacyRule, type privacyApi, privacyErrors, seenBy } from '../../contract.ts'
import { patientVisible } from '../care.ts'
import { visibleId } from '../get-patient.ts'
import { showName } from '../show-name.ts'
import { db } from '../tables.ts'
import { applyRules } from './rules.ts'
import { shownName } from './shown.ts'

type Api = typeof privacyApi
type Row = { class: PrivacyClass | 'none'; rule: PrivacyRule | null; reason: Buffer | null; setAt: Date | null; setByName: string | null }

/** In which classes this person stands, and why: of each file that is today one with it. */
export async function privacyOf(ctx: Context, { patientId }: Input<Api['privacy']>): Promise<Reply<Api['privacy']>> {
  const id = await visibleId(ctx, patientId)
  const { rows } = await sql<Row>`
    select class, by_rule as rule, reason, set_at, set_by_name from patients.privacy where patient_id = ${id}::uuid order by set_at desc nulls last limit 50`.execute(
    ctx.db,
  )
  return {
    patientId: id,
    rows: rows.map((r) => ({
      ...r,
      patientId: id,
      class: r.class === 'none' ? null : r.class,
      reason: r.reason && openText(ctx, r.reason),
      setAt: r.setAt?.toISOString() ?? null,
    })),
  }
}

/** Puts a person into a class, or out of any, for a reason; or leaves it to the rules again. A hand's word is of the whole person: every file that is one with this one. */
export async function classify(ctx: Context, input: Input<Api['classify']>): Promise<{ patientId: string }> {
  const id = await visibleId(ctx, input.patientId)
  if (input.class && !input.byRule && !can(ctx, seenBy[input.class])) throw privacyErrors.classNotYours({ permission: seenBy[input.class] })
  await sql`select from patients.patients where id = ${id}::uuid for update`.execute(ctx.db) // of two at once the later holds
  await sql`delete from patients.privacy where patient_id = ${id}::uuid`.execute(ctx.db)
  ctx.touched.add('patients')
  if (input.byRule) {
    await applyRules(ctx, [id])
    return { patientId: id }
  }
  const reason = sealText(ctx, input.reason)
  await sql`
    insert into patients.privacy (said_patient_id, patient_id, class, reason, set_at, set_by, set_by_name)
    select p.id, ${id}::uuid, ${input.class ?? 'none'}, ${reason}, ${ctx.clock.now()}, ${ctx.actor.id}::uuid, ${ctx.actor.name}
      from patients.patients p where p.id = ${id}::uuid or p.merged_into = ${id}::uuid`.execute(ctx.db)
  return { patientId: id }
}

/** Everybody who stands in a class and whom the reader may see. */
export async function listClassed(ctx: Context, { class: only, ...cursor }: Input<Api['classed']>): Promise<Page<Classed>> {
  let query = db(ctx)
    .selectFrom('patients.privacy as v')
    .innerJoin('patients.patients as p', 'p.id', 'v.saidPatientId')
    .where('p.mergedInto', 'is', null)
    .where('v.class', '<>', 'none')
    .where(patientVisible(ctx, 'p.id'))
    .select(['p.id', 'p.sex', 'p.birthOn', 'p.deceasedAt', 'p.medicalRecordNumber', 'p.identityClass', 'p.payer'])
    .select(['v.class', 'v.byRule as rule', 'v.setAt', 'v.setByName', shownName.as('name')])
  if (only) query = query.where('v.class', '=', only)
  const { rows, next } = await paged(query, cursor, ['v.saidPatientId'], 'desc')
  return {
    rows: rows.flatMap(({ class: privacy, ...row }) =>
      privacy === 'none'
        ? []
        : [
            {
              ...row,
              privacy,
              name: showName(ctx, row.name),
              deceasedAt: row.deceasedAt?.toISOString() ?? null,
              setAt: row.setAt?.toISOString() ?? null,
            },
          ],
    ),
    next,
  }
}
