import { newId } from '@renxin/kernel'
import { type Context, sql } from '@renxin/server'
import { type ContactChannel, decideContact, type MayContact } from './rules.ts'
import { getSettings } from './settings.ts'
import { db } from './tables.ts'

/** Whether these patients may be contacted now, for this purpose, by this channel (a call where it is not said); where not, why, and from when on. Who is unknown has no answer. */
export async function mayContact(
  ctx: Context,
  patientIds: readonly string[],
  asked: { purpose: string; channel?: ContactChannel; at?: Date },
): Promise<Map<string, MayContact>> {
  if (patientIds.length === 0) return new Map()
  const at = asked.at ?? ctx.clock.now()
  const dayStart = ctx.clock.at(ctx.clock.dayOf(at))
  const weekStart = new Date(dayStart.getTime() - 6 * 86_400_000)
  const rows = await db(ctx)
    .selectFrom('patients.patients as asked')
    // `coalesce` would count as leaky, and row security would keep the join off the index.
    .innerJoin('patients.patients as p', (j) =>
      j.on('p.id', '=', sql<string>`case when asked.merged_into is null then asked.id else asked.merged_into end`),
    )
    .where('asked.id', '=', sql<string>`any(${[...patientIds]}::uuid[])`)
    .select(['asked.id', 'p.deceasedAt'])
    .select([
      sql<{ kind: 'channel' | 'purpose'; value: string }[]>`coalesce((
        select jsonb_agg(jsonb_build_object('kind', r.kind, 'value', r.value)) from patients.refusals r where r.patient_id = p.id), '[]')`.as(
        'refusals',
      ),
      sql<boolean>`exists (select from patients.holds h where h.patient_id = p.id and h.released_at is null)`.as('isHeld'),
      sql<boolean>`p.phones > 0`.as('hasPhone'),
      sql<number>`(select count(*)::int from patients.contact_log l where l.patient_id = p.id and l.at >= ${dayStart} and l.at <= ${at})`.as(
        'contactsToday',
      ),
      sql<number>`(select count(*)::int from patients.contact_log l where l.patient_id = p.id and l.at >= ${weekStart} and l.at <= ${at})`.as(
        'contactsThisWeek',
      ),
    ])
    .execute()
  const settings = await getSettings(ctx)
  const ask = { purpose: asked.purpose, channel: asked.channel ?? ('call' as const), at, clock: ctx.clock }
  return new Map(
    rows.map(({ id, deceasedAt, ...known }) => [id, decideContact({ ...known, isDeceased: deceasedAt !== null }, settings, ask)]),
  )
}

/** Counts a contact against the patient's budget. `patientId` is whom it was about: of a visit's, whom the visit was said of. */
export async function noteContact(ctx: Context, patientId: string, at: Date, purpose?: string): Promise<void> {
  await sql`
    insert into patients.contact_log (id, patient_id, said_patient_id, at, purpose)
    select ${newId(at.getTime())}::uuid, ${todaysFile}, p.id, ${at}, ${purpose ?? null} from patients.patients p where p.id = ${patientId}::uuid`.execute(
    ctx.db,
  )
}

/** Keeps planned contact away from a patient until `releaseHold`, for a cause such as an open complaint. Set twice, it is one. */
export async function setHold(
  ctx: Context,
  { patientId, cause, objectId }: { patientId: string; cause: string; objectId: string },
): Promise<void> {
  await sql`
    insert into patients.holds (patient_id, said_patient_id, cause, object_id, set_at)
    select ${todaysFile}, p.id, ${cause}, ${objectId}::uuid, ${ctx.clock.now()} from patients.patients p where p.id = ${patientId}::uuid
    on conflict (hospital_id, cause, object_id) do update
      set patient_id = excluded.patient_id, said_patient_id = excluded.said_patient_id, released_at = null`.execute(ctx.db)
}

const todaysFile = sql`case when p.merged_into is null then p.id else p.merged_into end`

export async function releaseHold(ctx: Context, { cause, objectId }: { cause: string; objectId: string }): Promise<void> {
  await db(ctx)
    .updateTable('patients.holds')
    .set({ releasedAt: ctx.clock.now() })
    .where('cause', '=', cause)
    .where('objectId', '=', objectId)
    .where('releasedAt', 'is', null)
    .execute()
}
