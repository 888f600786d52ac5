import { type Context, sql } from '@renxin/server'
import { makeAppraisal } from './appraisal/count-appraisal.ts'
import { atOnce } from './at-once.ts'
import { tally } from './count-answers.ts'
import { makeRevisits } from './revisits/count-revisits.ts'
import { makeVanishedTasks } from './revisits/vanished.ts'
import { db, unknownUnit } from './tables.ts'

/**
 * The way of counting in which each kind was last changed. Raised above all others when rows are counted by another rule, so that every hospital's cells of that
 * kind are made anew at the next start.
 */
const kinds = {
  stays: { counting: 1, make: makeStays },
  contacts: { counting: 1, make: makeContacts },
  answers: { counting: 1, make: makeAnswers },
  opinions: { counting: 1, make: makeOpinions },
  revisits: { counting: 4, make: makeRevisitsAndVanished },
  appraisal: { counting: 6, make: makeAppraisal },
}
type Kind = keyof typeof kinds
const all = Object.keys(kinds) as Kind[] // as an object's keys are texts to the compiler
const counting = Math.max(...all.map((kind) => kinds[kind].counting))

async function makeRevisitsAndVanished(ctx: Context): Promise<void> {
  await makeRevisits(ctx)
  await makeVanishedTasks(ctx)
}

/** Makes the cells of a hospital that has none yet, or has them by an older way of counting. */
export async function makeCellsOnce(ctx: Context): Promise<void> {
  const made = await db(ctx).selectFrom('analytics.made').select('counting').executeTakeFirst()
  const before = made?.counting ?? 0
  if (before < counting) await make(ctx, all.filter((kind) => kinds[kind].counting > before)) // biome-ignore format: one thought
}

/** Counts every row anew: after rows were put in past the events, by a demo or an import. */
export const makeCells = (ctx: Context): Promise<void> => make(ctx, all)

async function make(ctx: Context, which: readonly Kind[]): Promise<void> {
  for (const kind of which) await atOnce(ctx, kind)
  for (const kind of which) await kinds[kind].make(ctx)
  await sql`
    insert into analytics.made (counting, made_at) values (${counting}, ${ctx.clock.now()})
    on conflict (hospital_id) do update set counting = excluded.counting, made_at = excluded.made_at`.execute(ctx.db)
}

async function makeStays(ctx: Context): Promise<void> {
  await sql`delete from analytics.stays`.execute(ctx.db)
  await sql`delete from analytics.stay_days`.execute(ctx.db)
  await sql`
    insert into analytics.stays (encounter_id, day, department_id, ward_id, is_alive, reached_on)
    select e.id, e.discharged_on, coalesce(e.department_id, ${unknownUnit}), coalesce(e.ward_id, ${unknownUnit}), e.disposition is distinct from '5', r.reached_on
      from encounters.cards e
      left join (
        select t.encounter_id, min(t.closed_on) as reached_on
          from followups.task_rows t join encounters.cards d on d.id = t.encounter_id
         where t.trigger = 'discharged' and t.reached and t.closed_on >= d.discharged_on
         group by t.encounter_id) r on r.encounter_id = e.id
     where e.status = 'discharged' and e.class in ('inpatient', 'daySurgery')`.execute(ctx.db)
  await sql`
    insert into analytics.stay_days (day, department_id, ward_id, discharged, alive, covered)
    select day, department_id, ward_id, count(*), count(*) filter (where is_alive), count(*) filter (where is_alive and reached_on <= day + 7)
      from analytics.stays group by day, department_id, ward_id`.execute(ctx.db)
}

async function makeContacts(ctx: Context): Promise<void> {
  await sql`delete from analytics.contacts`.execute(ctx.db)
  await sql`delete from analytics.contact_days`.execute(ctx.db)
  await sql`
    insert into analytics.contacts (task_id, day, department_id, ward_id, outcome)
    select id, closed_on, coalesce(department_id, ${unknownUnit}), coalesce(ward_id, ${unknownUnit}), outcome
      from followups.task_rows where status = 'done' and channel = 'phone'`.execute(ctx.db)
  await sql`
    insert into analytics.contact_days (day, department_id, ward_id, outcome, tasks)
    select day, department_id, ward_id, outcome, count(*) from analytics.contacts group by day, department_id, ward_id, outcome`.execute(
    ctx.db,
  )
}

async function makeAnswers(ctx: Context): Promise<void> {
  await sql`delete from analytics.answer_months`.execute(ctx.db)
  await sql`
    insert into analytics.answer_months (
      month, department_id, ward_id, satisfied, no_opinion, dissatisfied, not_applicable, promoters, passives, detractors)
    select a.month, coalesce(a.department_id, ${unknownUnit}), coalesce(a.ward_id, ${unknownUnit}), ${tally}
      from surveys.answer_rows a
     where a.measure in ('satisfaction', 'nps') and a.nth = 0
     group by 1, 2, 3`.execute(ctx.db)
}

async function makeOpinions(ctx: Context): Promise<void> {
  await sql`delete from analytics.opinions`.execute(ctx.db)
  await sql`delete from analytics.opinion_days`.execute(ctx.db)
  await sql`
    insert into analytics.opinions (opinion_id, day, kind, category_id, category, department_id, ward_id)
    select id, recorded_on, kind, coalesce(category_id, ${unknownUnit}), coalesce(category, ''), coalesce(department_id, ${unknownUnit}),
           coalesce(ward_id, ${unknownUnit})
      from feedback.opinion_rows`.execute(ctx.db)
  await sql`
    insert into analytics.opinion_days (day, kind, category_id, department_id, ward_id, category, opinions)
    select day, kind, category_id, department_id, ward_id, max(category), count(*)
      from analytics.opinions group by day, kind, category_id, department_id, ward_id`.execute(ctx.db)
}
