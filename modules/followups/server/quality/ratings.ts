import { houseErrors } from '@renxin/kernel'
import type { Context } from '@renxin/server'

/** How single people's calls were judged is a rating of staff: from whom such are kept (`staffRating`), nothing would be left of the answer. */
export function refuseRatings(ctx: Context): void {
  if (ctx.actor.hidden?.has('staffRating')) throw houseErrors.forbidden({ because: 'hiddenFields' })
}
