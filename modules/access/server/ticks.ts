import { tick } from '@renxin/server'
import { ATTEMPT_MINUTES, DEVICE_DAYS, FORGET_HOURS, GUESS_MINUTES } from './rules.ts'
import { db } from './tables.ts'

export const ticks = [
  tick('access.clear', { everySeconds: 3600 }, async (ctx) => {
    const now = ctx.clock.now()
    await db(ctx).deleteFrom('access.sessions').where('expiresAt', '<', now).execute()
    await db(ctx).deleteFrom('access.clientTokens').where('expiresAt', '<', now).execute()
    await db(ctx).deleteFrom('access.usedAssertions').where('expiresAt', '<', now).execute()
    await db(ctx).deleteFrom('access.ssoLogouts').where('until', '<', now).execute()
    await db(ctx)
      .deleteFrom('access.ssoAttempts')
      .where('beganAt', '<', new Date(now.getTime() - ATTEMPT_MINUTES * 60_000))
      .execute()
    await db(ctx)
      .deleteFrom('access.guesses')
      .where('beganAt', '<', new Date(now.getTime() - GUESS_MINUTES * 60_000))
      .execute()
    await db(ctx)
      .deleteFrom('access.devices')
      .where('lastUsedAt', '<', new Date(now.getTime() - DEVICE_DAYS * 86_400_000))
      .execute()
    await db(ctx)
      .deleteFrom('access.failures')
      .where('lastAt', '<', new Date(now.getTime() - FORGET_HOURS * 3_600_000))
      .execute()
  }),
]
