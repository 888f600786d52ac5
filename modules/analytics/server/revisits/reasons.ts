import type { Input } from '@renxin/kernel'
import type { Context } from '@renxin/server'
import type { RevisitReasons, revisitsApi } from '../../contract.ts'
import { revisitsByMonth } from '../reports/revisits-by-month.ts'
import { vanishedAsked } from '../reports/vanished-asked.ts'
import { dueOf } from './figures.ts'
import { revisitPeriodOf } from './rules.ts'

/** Why those who did not come back did not, as far as they were asked. */
export async function getRevisitReasons(
  ctx: Context,
  { kind, from, to, ...filter }: Input<(typeof revisitsApi)['revisitReasons']>,
): Promise<RevisitReasons> {
  const dueUntil = await dueOf(ctx)
  const { days, fromMonth, toMonth } = revisitPeriodOf({ from, to }, dueUntil)
  const months = await revisitsByMonth(ctx, { kind, from: `${fromMonth}-01`, to: `${toMonth}-01` }, filter)
  const vanished = months.reduce((sum, m) => sum + m.base - m.came, 0)
  const rows = await vanishedAsked(ctx, { kind, from: days.from, to: days.to < dueUntil ? days.to : dueUntil }, filter)
  const of = (is: (row: (typeof rows)[number]) => boolean) => rows.filter(is).reduce((sum, row) => sum + row.visits, 0)
  return {
    vanished,
    asked: of((r) => r.state === 'asked'),
    unreached: of((r) => r.state === 'unreached'),
    open: of((r) => r.state === 'open'),
    stopped: of((r) => r.state === 'stopped'),
    withoutTask: vanished - of(() => true),
    reasons: rows
      .flatMap(({ reason, text, visits }) => (reason === null ? [] : [{ reason, text, visits }]))
      .sort((a, b) => b.visits - a.visits || (a.reason < b.reason ? -1 : 1)),
  }
}
