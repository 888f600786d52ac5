import { sql, tick } from '@renxin/server'

/** Tells the screens, once, that a promised call-back has come due; whatever else is due is read from the clock. */
export const ticks = [
  tick('followups.ring', { everySeconds: 10 }, async (ctx) => {
    const now = ctx.clock.now()
    const rung = await sql<{ id: string }>`
      update followups.tasks set rung_at = ${now}
       where id in (select id from followups.tasks where is_open and rung_at is null and call_back_at <= ${now} limit 1000 for update skip locked)
      returning id`.execute(ctx.db)
    if (rung.rows.length > 0) ctx.touched.add('followups')
  }),
]
