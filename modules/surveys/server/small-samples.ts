import { houseErrors } from '@renxin/kernel'
import { audit, type Context } from '@renxin/server'
import { type SmallSamples, smallestSample } from '../contract.ts'
import { db } from './tables.ts'

/** Below how many answers this hospital shows nothing. Whatever hides the answers of few asks here. */
export async function leastShown(ctx: Context): Promise<number> {
  const row = await db(ctx).selectFrom('surveys.smallSamples').select('least').executeTakeFirst()
  return row?.least ?? smallestSample
}

export const getSmallSamples = async (ctx: Context): Promise<SmallSamples> => ({ least: await leastShown(ctx) })

export async function saveSmallSamples(ctx: Context, after: SmallSamples): Promise<SmallSamples> {
  if (ctx.actor.scope !== 'hospital') throw houseErrors.forbidden({ permission: 'surveys.edit' }) // it is the hospital's, not a department's
  const before = await getSmallSamples(ctx)
  await db(ctx)
    .insertInto('surveys.smallSamples')
    .values(after)
    .onConflict((c) => c.constraint('small_samples_pkey').doUpdateSet(after))
    .execute()
  await audit(ctx, { action: 'surveys.smallSamplesChanged', detail: { before, after } })
  ctx.touched.add('analytics') // whose figures are hidden by it too
  return after
}
