import { planEncounters } from '@renxin/followups'
import { type Context, sql } from '@renxin/server'
import { atOnce } from '../at-once.ts'
import { db } from '../tables.ts'

/**
 * Hands those whose 30 days have passed without a revisit to the follow-ups, each day's once: what becomes of them is for the programmes whose trigger is
 * `vanished`. It hangs together with the mark up to which it was done, so that nothing is missed or done twice wherever it is cut off; and a follow-up that is there
 * already is not made again. The first time nobody is: a programme that begins earlier reaches back by itself.
 */
export async function handOverVanished(ctx: Context): Promise<void> {
  const said = await db(ctx).selectFrom('analytics.revisitDue').select(['dueUntil', 'vanishedUntil']).forUpdate().executeTakeFirst()
  if (!said || (said.vanishedUntil !== null && said.vanishedUntil >= said.dueUntil)) return
  const { dueUntil, vanishedUntil } = said
  if (vanishedUntil !== null) {
    const gone = await db(ctx)
      .selectFrom('analytics.revisits')
      .where('day', '>', vanishedUntil)
      .where('day', '<=', dueUntil)
      .where('kind', 'in', ['discharged', 'outpatient'])
      .where('leftOut', 'is', null)
      .where('cameOn', 'is', null)
      .select('encounterId')
      .execute()
    await planEncounters(ctx, gone.map((g) => g.encounterId), ['vanished']) // biome-ignore format: one thought
  }
  await db(ctx).updateTable('analytics.revisitDue').set({ vanishedUntil: dueUntil }).execute()
}

/** What these follow-ups found, of those that were made because somebody had not come. */
export async function countVanishedTasks(ctx: Context, taskIds: readonly string[]): Promise<void> {
  if (taskIds.length === 0) return
  await atOnce(ctx, 'revisits')
  await sql`${put} ${found(sql`t.id = any(${[...new Set(taskIds)]}::uuid[])`)}
    on conflict (hospital_id, task_id) do update set encounter_id = excluded.encounter_id, state = excluded.state, reason = excluded.reason,
      reason_text = excluded.reason_text`.execute(ctx.db)
}

export async function makeVanishedTasks(ctx: Context): Promise<void> {
  await sql`delete from analytics.revisit_tasks`.execute(ctx.db)
  await sql`${put} ${found(sql`true`)}`.execute(ctx.db)
}

const put = sql`insert into analytics.revisit_tasks (task_id, encounter_id, state, reason, reason_text)`

const found = (which: ReturnType<typeof sql>) => sql`
  select t.id, t.encounter_id,
         case when t.status = 'done' then case when t.reached then 'asked' else 'unreached' end when t.status = 'cancelled' then 'stopped' else 'open' end,
         a.value_code, a.value_text
    from followups.task_rows t
    left join lateral (
      select a.value_code, a.value_text from surveys.answer_rows a where a.response_id = t.response_id and a.code = 'reason' and a.nth = 0 limit 1) a on true
   where t.trigger = 'vanished' and ${which}`
