import { houseErrors } from '@renxin/kernel'
import type { Context } from '@renxin/server'

/** Whether figures of single doctors are kept from whoever asks (`staffRating`). */
export const isRatingHidden = (ctx: Context): boolean => ctx.actor.hidden?.has('staffRating') ?? false

/** Of an answer that is nothing but figures of single doctors nothing would be left. */
export function refuseRatings(ctx: Context): void {
  if (isRatingHidden(ctx)) throw houseErrors.forbidden({ because: 'hiddenFields' })
}
