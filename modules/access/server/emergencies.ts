import { newId } from '@renxin/kernel'
import { audit, type Context, type Holdings, sql } from '@renxin/server'
import { accessErrors } from '../contract.ts'
import { rulesOf } from './sign-in-rules.ts'
import { db } from './tables.ts'

/** So many openings in an hour are no emergencies any more. */
const MOST_IN_AN_HOUR = 10

/** Opens the file of this patient to whoever asks, until the answer; whoever calls this has found the patient and made sure that he may ask. */
export async function openEmergency(ctx: Context, { patientId, reason }: { patientId: string; reason: string }): Promise<Date> {
  const now = ctx.clock.now()
  const hourAgo = new Date(now.getTime() - 3_600_000)
  await sql`select from access.users where id = ${ctx.actor.id} for update`.execute(ctx.db) // of several at once each is counted
  const { n } = await db(ctx)
    .selectFrom('access.emergencies')
    .where('userId', '=', ctx.actor.id)
    .where('until', '>', hourAgo) // by the index; those that were opened in the last hour are among them
    .where('openedAt', '>', hourAgo)
    .select((e) => e.fn.countAll<string>().as('n'))
    .executeTakeFirstOrThrow()
  if (Number(n) >= MOST_IN_AN_HOUR) throw accessErrors.tooManyEmergencies({ most: MOST_IN_AN_HOUR })
  const until = new Date(now.getTime() + (await rulesOf(ctx)).emergencyHours * 3_600_000)
  const id = newId(now.getTime())
  await db(ctx).insertInto('access.emergencies').values({ id, userId: ctx.actor.id, patientId, reason, openedAt: now, until }).execute()
  await audit(ctx, { action: 'access.emergencyOpened', patientId, objectId: id, reason, detail: { until } })
  ctx.touched.add('access') // what he may see has changed
  return until
}

/** The auditor's word on one of them; a second word takes the place of the first, and the trail keeps both. */
export async function reviewEmergency(
  ctx: Context,
  { id, isProper, note }: { id: string; isProper: boolean; note: string | null },
): Promise<void> {
  const before = await db(ctx).selectFrom('access.emergencies').where('id', '=', id).selectAll().forUpdate().executeTakeFirst()
  if (!before) throw accessErrors.emergencyNotFound({ id })
  if (before.userId === ctx.actor.id) throw accessErrors.notYourself()
  const after = { reviewedAt: ctx.clock.now(), reviewedBy: ctx.actor.name, isProper, note }
  await db(ctx).updateTable('access.emergencies').set(after).where('id', '=', id).execute()
  const said = ({ reviewedBy, isProper, note }: Pick<typeof before, 'reviewedBy' | 'isProper' | 'note'>) => ({ reviewedBy, isProper, note })
  await audit(ctx, {
    action: 'access.emergencyReviewed',
    patientId: before.patientId,
    objectId: id,
    detail: { before: said(before), after: said(after) },
  })
}

/** Who opened a file, and why, is part of the trail: the looks themselves are handed out with it, and nothing of it goes. */
export const holdings: Holdings = {
  tables: { 'access.emergencies': { copied: false, erased: 'never', stays: 'trace' } },
  copy: async () => [],
  stays: async (ctx, { files }) => {
    const { n } = await db(ctx)
      .selectFrom('access.emergencies')
      .where('patientId', '=', sql<string>`any(${[...files]}::uuid[])`)
      .select((e) => e.fn.countAll<string>().as('n'))
      .executeTakeFirstOrThrow()
    return Number(n) > 0 ? [{ reason: 'trace', what: 'emergencies', count: Number(n), until: null }] : []
  },
  erase: async () => ({}),
}
