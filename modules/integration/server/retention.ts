import type { Input } from '@renxin/kernel'
import { audit, type Context, sql, tick } from '@renxin/server'
import type { integrationApi } from '../contract.ts'
import { firstIdOf } from './inbox.ts'
import { db } from './tables.ts'

type Setting = Input<(typeof integrationApi)['saveRetention']>

const USUAL_DAYS = 90
const MOST_AT_ONCE = 5000

export async function getRetention(ctx: Context): Promise<Setting> {
  const said = await db(ctx).selectFrom('integration.settings').select('keepDays').executeTakeFirst()
  return said ?? { keepDays: USUAL_DAYS }
}

export async function saveRetention(ctx: Context, setting: Setting): Promise<Setting> {
  const before = await getRetention(ctx)
  await db(ctx)
    .insertInto('integration.settings')
    .values(setting)
    .onConflict((c) => c.constraint('settings_pkey').doUpdateSet(setting))
    .execute()
  await audit(ctx, { action: 'integration.retentionChanged', detail: { before, after: setting } })
  return setting
}

/**
 * Lets go of messages that need nothing any more; what waits or failed stays, however old. One that its sender sends again after that is
 * read again and changes nothing, since the rooms below know what was said of that time.
 */
export const clearMessages = tick('integration.clearMessages', { everySeconds: 60 }, async (ctx) => {
  const { keepDays } = await getRetention(ctx)
  const until = firstIdOf(new Date(ctx.clock.now().getTime() - keepDays * 86_400_000))
  await sql`
    delete from integration.messages where id in (
      select m.id from integration.messages m where m.id < ${until}::uuid and m.status in ('applied', 'ignored')
      order by m.id limit ${MOST_AT_ONCE} for update skip locked)`.execute(ctx.db)
})
