import { type Context, type CopySection, type Holdings, type Leaving, type Subject, sql } from '@renxin/server'

/** That somebody was rung, and when, is work that was done for a visit that stays; what was said and written goes. */
export const holdings: Holdings = {
  tables: {
    'followups.enrolments': { copied: 'followups', erased: 'never', stays: 'figures' },
    'followups.tasks': { copied: 'followups', erased: 'partly', stays: 'figures' },
    'followups.attempts': { copied: 'attempts', erased: 'partly', stays: 'figures' },
    'followups.drafts': { copied: 'drafts', erased: 'whole' },
  },
  copy: copyFollowups,
  stays: async (ctx, { files }) => {
    const { rows } = await sql<{
      n: number
    }>`select count(*)::int as n from followups.tasks where patient_id = any(${[...files]}::uuid[])`.execute(ctx.db)
    return [{ reason: 'figures', what: 'followups', count: rows[0]?.n ?? 0, until: null }]
  },
  erase: eraseFollowups,
}

async function copyFollowups(ctx: Context, { files }: Subject): Promise<CopySection[]> {
  const of = sql`t.patient_id = any(${[...files]}::uuid[])`
  const moment = (column: string) => sql`to_char(${sql.ref(column)} at time zone ${ctx.hospital.zone}, 'YYYY-MM-DD HH24:MI')`
  const rows = async (what: ReturnType<typeof sql<CopySection['rows'][number]>>) => (await what.execute(ctx.db)).rows
  return [
    {
      section: 'followups',
      rows: await rows(sql`
        select p.name as programme, t.step, t.channel, t.status, t.outcome, t.close_reason, t.close_note as note, ${moment('t.due_by')} as due_by, ${moment('t.closed_at')} as at
          from followups.tasks t join followups.programmes p on p.id = t.programme_id where ${of} order by t.due_by`),
    },
    {
      section: 'attempts',
      rows: await rows(sql`
        select ${moment('t.started_at')} as at, t.channel, t.outcome, t.note from followups.attempts t where ${of} order by t.started_at`),
    },
    {
      section: 'drafts',
      rows: await rows(sql`
        select ${moment('d.saved_at')} as at, d.answers::text as answers, d.note
          from followups.drafts d join followups.tasks t on t.id = d.task_id where ${of} order by d.saved_at`),
    },
  ]
}

async function eraseFollowups(ctx: Context, { files }: Leaving): Promise<Record<string, number>> {
  const these = [...files]
  const counted = (result: { numAffectedRows?: bigint }) => Number(result.numAffectedRows ?? 0)
  const drafts = await sql`
    delete from followups.drafts where task_id in (select id from followups.tasks where patient_id = any(${these}::uuid[]))`.execute(ctx.db)
  // Closed by somebody: no later message takes it up again.
  await sql`
    update followups.attempts set outcome = 'notRecorded', ended_at = ${ctx.clock.now()} where patient_id = any(${these}::uuid[]) and outcome is null`.execute(
    ctx.db,
  )
  await sql`
    update followups.tasks set status = 'cancelled', close_reason = 'erased', closed_at = ${ctx.clock.now()}, closed_on = ${ctx.clock.today()},
           closed_by = ${ctx.actor.id}::uuid, call_back_at = null
     where patient_id = any(${these}::uuid[]) and is_open`.execute(ctx.db)
  const tasks = await sql`
    update followups.tasks set close_note = null, put_aside = null, response_id = null where patient_id = any(${these}::uuid[])`.execute(
    ctx.db,
  )
  const attempts = await sql`update followups.attempts set note = '', contact_id = null where patient_id = any(${these}::uuid[])`.execute(
    ctx.db,
  )
  ctx.touched.add('followups')
  return { 'followups.drafts': counted(drafts), 'followups.tasks': counted(tasks), 'followups.attempts': counted(attempts) }
}
