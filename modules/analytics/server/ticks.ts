import { tick } from '@renxin/server'
import { letRevisitsFallDue } from './revisits/count-revisits.ts'
import { handOverVanished } from './revisits/vanished.ts'

export const ticks = [
  tick('analytics.revisitsDue', { everySeconds: 60 }, async (ctx) => {
    await letRevisitsFallDue(ctx)
    await handOverVanished(ctx)
  }),
]
