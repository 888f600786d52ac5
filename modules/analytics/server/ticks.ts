import { tick } from '@renxin/server'
import { letTasksFallDue } from './appraisal/count-appraisal.ts'
import { countWaiting, letRevisitsFallDue } from './revisits/count-revisits.ts'
import { handOverVanished } from './revisits/vanished.ts'

export const ticks = [
  tick('analytics.revisitsDue', { everySeconds: 60 }, async (ctx) => {
    await letRevisitsFallDue(ctx)
    await handOverVanished(ctx)
  }),
  tick('analytics.revisitsWaiting', { everySeconds: 300 }, countWaiting),
  tick('analytics.appraisalDue', { everySeconds: 60 }, letTasksFallDue),
]
