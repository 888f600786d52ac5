import { sql, tick } from '@renxin/server'
import { planBacklog } from './backlog.ts'
import { goOnWithBulks } from './bulk/index.ts'
import { goOnWithCohorts } from './cohorts/index.ts'
import { flagTicks } from './flags/index.ts'
import { leaveTicks } from './leaves/index.ts'
import { drawDue } from './levels/draws.ts'
import { getSettings } from './levels/settings.ts'
import { escalateUrges } from './levels/urges.ts'
import { followAlone } from './risk.ts'
import { reckonCallTimes } from './short/short-calls.ts'
import { reckonStanding } from './standing/standing.ts'

const RUNG_AT_ONCE = 1000

/**
 * Tells the screens, once, that a promised call-back has come due; draws the rounds that are over; takes urges that nobody answered to the head; and goes on
 * with what an activation has to look through, with what is given out thousands at a time, and with the tasks of a frozen study. Whatever else is due is read from the clock.
 */
export const ticks = [
  ...flagTicks,
  ...leaveTicks,
  planBacklog,
  goOnWithBulks,
  tick('followups.planCohorts', { everySeconds: 2 }, goOnWithCohorts),
  tick('followups.followAlone', { everySeconds: 600 }, followAlone),
  tick('followups.ring', { everySeconds: 10 }, async (ctx) => {
    const now = ctx.clock.now()
    const rung = await sql<{ id: string }>`
      update followups.tasks set rung_at = ${now}
       where id in (select id from followups.tasks where is_open and rung_at is null and call_back_at <= ${now} limit ${RUNG_AT_ONCE} for update skip locked)
      returning id`.execute(ctx.db)
    if (rung.rows.length > 0) ctx.touched.add('followups')
    return rung.rows.length === RUNG_AT_ONCE ? 'more' : undefined
  }),
  tick('followups.draw', { everySeconds: 600 }, async (ctx) => {
    const { isAutomatic } = await getSettings(ctx)
    await drawDue(ctx, { levels: isAutomatic ? ['centre', 'supervisor'] : ['supervisor'] })
  }),
  tick('followups.standing', { everySeconds: 60 }, reckonStanding),
  tick('followups.callTimes', { everySeconds: 3600 }, reckonCallTimes),
  tick('followups.urges', { everySeconds: 30 }, escalateUrges),
]
