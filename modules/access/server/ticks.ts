import { tick } from '@renxin/server'
import { FORGET_HOURS } from './rules.ts'
import { db } from './tables.ts'

export const ticks = [
  tick('access.clear', { everySeconds: 3600 }, async (ctx) => {
    const now = ctx.clock.now()
    await db(ctx).deleteFrom('access.sessions').where('expiresAt', '<', now).execute()
    await db(ctx).deleteFrom('access.clientTokens').where('expiresAt', '<', now).execute()
    await db(ctx).deleteFrom('access.usedAssertions').where('expiresAt', '<', now).execute()
    await db(ctx)
      .deleteFrom('access.failures')
      .where('lastAt', '<', new Date(now.getTime() - FORGET_HOURS * 3_600_000))
      .execute()
  }),
]
