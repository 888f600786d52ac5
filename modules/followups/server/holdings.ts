import { type Context, type CopySection, type Holdings, type Leaving, type Subject, sql } from '@renxin/server'

/** That somebody was rung, and when, is work that was done for a visit that stays; what was said and written goes. */
export const holdings: Holdings = {
  tables: {
    'followups.enrolments': { copied: 'followups', erased: 'never', stays: 'figures' },
    'followups.tasks': { copied: 'followups', erased: 'partly', stays: 'figures' },
    'followups.attempts': { copied: 'attempts', erased: 'partly', stays: 'figures' },
    'followups.call_days': { copied: false, erased: 'never', stays: 'figures' }, // that somebody was rung on a day
    'followups.draw_frame': { copied: false, erased: 'never', stays: 'figures' }, // an id in a list; whoever was drawn has a task
    'followups.checks': { copied: 'followups', erased: 'partly', stays: 'figures' },
    'followups.check_changes': { copied: false, erased: 'partly', stays: 'figures' },
    'followups.looks': { copied: false, erased: 'never', stays: 'figures' }, // that a stay was looked into, and by whom
    'followups.urges': { copied: 'followups', erased: 'partly', stays: 'figures' },
    'followups.drafts': { copied: 'drafts', erased: 'whole' },
    'followups.flags': { copied: 'flags', erased: 'partly', stays: 'figures' },
    'followups.flag_steps': { copied: false, erased: 'partly', stays: 'figures' },
    'followups.bulk_tasks': { copied: false, erased: 'never', stays: 'figures' },
    'followups.quality_checks': { copied: false, erased: 'partly', stays: 'figures' },
    'followups.review_steps': { copied: false, erased: 'partly', stays: 'figures' },
    'followups.extra_responses': { copied: false, erased: 'never', stays: 'figures' },
    'followups.handovers': { copied: false, erased: 'never', stays: 'figures' }, // whose task it was when
    'followups.cohort_members': { copied: 'followups', erased: 'partly', stays: 'figures' },
    'followups.news_told': { copied: false, erased: 'never', stays: 'figures' },
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
      section: 'followups',
      rows: await rows(sql`
        select p.name as programme, t.step, u.note, ${moment('u.urged_at')} as at
          from followups.urges u join followups.tasks t on t.id = u.task_id join followups.programmes p on p.id = t.programme_id where ${of} order by u.urged_at`),
    },
    {
      section: 'followups',
      rows: await rows(sql`
        select k.call as outcome, k.note, ${moment('k.checked_at')} as at
          from followups.checks k join encounters.cards t on t.id = k.encounter_id where ${of} order by k.checked_at`),
    },
    {
      section: 'followups',
      rows: await rows(sql`
        select h.name as programme, m.status, m.note, m.left_on::text as at
          from followups.cohort_members m join followups.cohorts h on h.id = m.cohort_id join encounters.cards t on t.id = m.encounter_id where ${of} order by h.name`),
    },
    {
      section: 'attempts',
      rows: await rows(sql`
        select ${moment('t.started_at')} as at, t.channel, t.outcome, t.note from followups.attempts t where ${of} order by t.started_at`),
    },
    {
      section: 'flags',
      rows: await rows(sql`
        select t.title, t.status, ${moment('t.raised_at')} as at, ${moment('t.closed_at')} as closed_at, t.outcome, t.note
          from followups.flags t where ${of} order by t.raised_at`),
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
  const flags = await sql`
    update followups.flags set note = '', status = case status when 'open' then 'withdrawn' else status end,
           closed_at = coalesce(closed_at, ${ctx.clock.now()}), now_response_id = coalesce(now_response_id, response_id)
     where patient_id = any(${these}::uuid[])`.execute(ctx.db)
  await sql`update followups.flag_steps set note = '' where flag_id in (select id from followups.flags where patient_id = any(${these}::uuid[]))`.execute(
    ctx.db,
  )
  await sql`update followups.quality_checks set remarks = '', answers = '{}' where patient_id = any(${these}::uuid[])`.execute(ctx.db)
  await sql`update followups.review_steps set note = '' where task_id in (select id from followups.tasks where patient_id = any(${these}::uuid[]))`.execute(
    ctx.db,
  )
  const urges = await sql`
    update followups.urges set note = '' where task_id in (select id from followups.tasks where patient_id = any(${these}::uuid[]))`.execute(
    ctx.db,
  )
  const theirs = sql`encounter_id in (select c.id from encounters.cards c where c.patient_id = any(${these}::uuid[]))`
  const checks = await sql`update followups.checks set note = '' where ${theirs}`.execute(ctx.db)
  await sql`update followups.check_changes set note = '' where ${theirs}`.execute(ctx.db)
  await sql`update followups.cohort_members set note = '' where ${theirs}`.execute(ctx.db)
  ctx.touched.add('followups')
  return {
    'followups.drafts': counted(drafts),
    'followups.tasks': counted(tasks),
    'followups.attempts': counted(attempts),
    'followups.flags': counted(flags),
    'followups.urges': counted(urges),
    'followups.checks': counted(checks),
  }
}
