export type Row = Record<string, unknown>
export type Rows = (text: string) => Promise<Row[]>

/** What must never be found in the database. */
export type Invariant = { of: string; says: string; breaches: string }

/** A mainland mobile number, or an identity card's, that stands for itself. */
const PERSONAL = `(^|[^0-9A-Za-z-])(1[3-9][0-9]{9}|[1-9][0-9]{5}(19|20)[0-9]{2}[01][0-9][0-3][0-9][0-9]{3}[0-9Xx])([^0-9A-Za-z-]|$)`

/** Each is one statement of plain SQL that answers what breaks it; as a role that sees over the walls. */
export const invariants: readonly Invariant[] = [
  {
    of: 'messages',
    says: 'a message is kept once: the same sender, control id and content',
    breaches: `select hospital_id, sender_id, control_id, count(*) from integration.messages
      group by hospital_id, sender_id, control_id, content_hash having count(*) > 1`,
  },
  {
    of: 'messages',
    says: 'a message that is not applied says why',
    breaches: `select id, status from integration.messages where status in ('waiting', 'failed') and reason is null`,
  },
  {
    of: 'messages',
    says: 'a message is applied once, and has left its trace',
    breaches: `select m.id, count(a.id) from integration.messages m
      left join house.audit a on a.hospital_id = m.hospital_id and a.action = 'integration.applied' and a.object_id = m.id::text and a.patient_id = m.patient_id
      where m.status = 'applied' and m.patient_id is not null
        and not exists (select from house.audit_blocks b where b.hospital_id = m.hospital_id and b.archive is not null)
      group by m.id having count(a.id) <> 1`,
  },
  {
    of: 'messages',
    says: 'what a follow-up led to is written back once to each destination',
    breaches: `select hospital_id, destination_id, object_id, count(*) from integration.outgoing where kind = 'followup'
      group by hospital_id, destination_id, object_id having count(*) > 1`,
  },
  {
    of: 'messages',
    says: 'no event waits for longer than a minute, and none was given up',
    breaches: `select e.id, e.name from house.events e where e.pending and e.at < now() - interval '60 s'
      union all select d.event_id, d.listener from house.deliveries d
      where d.is_given_up or not exists (select from house.events e where e.hospital_id = d.hospital_id and e.id = d.event_id)`,
  },
  {
    of: 'messages',
    says: 'nobody holds what is to be sent for longer than a courier may be on the way',
    breaches: `select event_id, leased_until from integration.outgoing where status = 'waiting' and leased_until > now() + interval '60 s'`,
  },
  {
    of: 'order',
    says: 'a stay that ended has its moment, and one that goes on has none',
    breaches: `select id, status from encounters.encounters where (status = 'discharged') <> (discharged_at is not null)`,
  },
  {
    of: 'order',
    says: 'a patient lies in one place at a time: the places of a stay follow one another, and the last one ends with it',
    breaches: `select s.encounter_id, s.position from encounters.stays s
      left join encounters.stays n on n.hospital_id = s.hospital_id and n.encounter_id = s.encounter_id and n.position = s.position + 1
      join encounters.encounters e on e.hospital_id = s.hospital_id and e.id = s.encounter_id
      where n.encounter_id is not null and (s.to_at is null or s.to_at > n.from_at)
         or n.encounter_id is null and s.to_at is null and e.status = 'discharged'`,
  },
  {
    of: 'order',
    says: 'nobody is merged in a circle',
    breaches: `with recursive way as (
        select hospital_id, id as first, merged_into as next, 1 as steps from patients.patients where merged_into is not null
        union all select w.hospital_id, w.first, p.merged_into, w.steps + 1 from way w
          join patients.patients p on p.hospital_id = w.hospital_id and p.id = w.next where p.merged_into is not null and w.steps < 50)
      select first, steps from way where steps >= 50`,
  },
  {
    of: 'figures',
    says: 'a patient has as many telephones as there are numbers to be called',
    breaches: `select p.id, p.phones, p.has_landline from patients.patients p
      left join (select hospital_id, patient_id, count(distinct phone_index) as phones, bool_or(kind = 'landline') as has_landline from patients.contacts
        where not is_void and not is_former and kind in ('mobile', 'landline', 'foreign') group by 1, 2) c on c.hospital_id = p.hospital_id and c.patient_id = p.id
      where p.phones <> coalesce(c.phones, 0) or p.has_landline <> coalesce(c.has_landline, false)`,
  },
  {
    of: 'contacts',
    says: 'a step is planned once for a visit',
    breaches: `select hospital_id, encounter_id, programme_id, step, count(*) from followups.tasks
      group by hospital_id, encounter_id, programme_id, step having count(*) > 1`,
  },
  {
    of: 'contacts',
    says: 'of one task one try runs at a time, and none after it was closed',
    breaches: `select a.task_id, count(*) from followups.attempts a where a.outcome is null group by a.hospital_id, a.task_id having count(*) > 1
      union all select a.task_id, 1 from followups.attempts a join followups.tasks t on t.hospital_id = a.hospital_id and t.id = a.task_id
      where t.closed_at is not null and a.started_at > t.closed_at + interval '1 s'`,
  },
  {
    of: 'contacts',
    says: 'nobody who has died waits to be rung up, unless the programme keeps the task for whoever writes down the end',
    breaches: `select t.id, t.status from followups.tasks t join patients.patients p on p.hospital_id = t.hospital_id and p.id = t.patient_id
      join followups.versions v on v.hospital_id = t.hospital_id and v.id = t.version_id and v.on_death = 'stop'
      where t.status in ('todo', 'inProgress') and p.deceased_at is not null and p.deceased_at < now()`,
  },
  {
    of: 'responses',
    says: 'one task has one response, and a response belongs to one task',
    breaches: `select hospital_id, response_id, count(*) from followups.tasks where response_id is not null
      group by hospital_id, response_id having count(*) > 1
      union all select t.hospital_id, t.response_id, 0 from followups.tasks t where t.response_id is not null
        and not exists (select from surveys.responses r where r.hospital_id = t.hospital_id and r.id = t.response_id)`,
  },
  {
    of: 'responses',
    says: 'what a response says of its answers is what they say',
    breaches: `select r.id, r.score_count from surveys.responses r where r.score_count <>
      (select count(*) from surveys.answers a where a.hospital_id = r.hospital_id and a.response_id = r.id and a.score is not null)`,
  },
  {
    of: 'trail',
    says: 'the blocks of the audit trail follow one another, and each has the rows that it was sealed over',
    breaches: `with bodies as (
        select b.hospital_id, b.number, count(*) as rows, string_agg(house.audit_text(a), E'\\n' order by a.id) as body
        from house.audit_blocks b join house.audit a on a.hospital_id = b.hospital_id and a.id = any (b.ids) group by b.hospital_id, b.number
      ), chain as (
        select b.*, lag(b.hash, 1, '\\x') over w as before, lag(b.number, 1, 0) over w as last
        from house.audit_blocks b window w as (partition by b.hospital_id order by b.number)
      )
      select c.hospital_id, c.number, c.rows, t.rows as found from chain c left join bodies t on t.hospital_id = c.hospital_id and t.number = c.number
      where c.number <> c.last + 1 or c.previous_hash <> c.before or c.archive is null and (t.rows is distinct from c.rows
        or c.algorithm = 'sha256' and c.hash is distinct from sha256(c.before || convert_to(t.body, 'UTF8')))`,
  },
  {
    of: 'trail',
    says: 'a row of the audit trail stands in one block, or waits to be sealed, a minute at most',
    breaches: `with named as (select b.hospital_id, unnest(b.ids) as id from house.audit_blocks b union all select hospital_id, id from house.unsealed_audit)
      select a.hospital_id, a.id, count(n.id) from house.audit a left join named n on n.hospital_id = a.hospital_id and n.id = a.id
      group by a.hospital_id, a.id having count(n.id) <> 1
      union all select a.hospital_id, a.id, 1 from house.unsealed_audit q join house.audit a on a.hospital_id = q.hospital_id and a.id = q.id
      where a.at < now() - interval '60 s'`,
  },
  {
    of: 'trail',
    says: 'what was recorded of patients has its row in the audit trail',
    breaches: `select o.id, 'opinion' as what from feedback.opinions o where o.recorded_by is not null and o.origin is null
      and not exists (select from house.audit_blocks b where b.hospital_id = o.hospital_id and b.archive is not null)
      and not exists (select from house.audit a where a.hospital_id = o.hospital_id and a.action = 'feedback.record' and a.actor_id = o.recorded_by
        and a.patient_id is not distinct from o.patient_id and a.at between o.recorded_at - interval '1 minute' and o.recorded_at + interval '1 minute')`,
  },
  {
    of: 'trail',
    says: 'the application can add to the audit trail and not alter it',
    breaches: `select t, p from unnest(array['house.audit', 'house.audit_blocks', 'house.exports']) t, unnest(array['update', 'delete', 'truncate']) p
      where has_table_privilege('renxin_app', t, p)
      union all select 'house.audit_blocks', 'insert' where has_table_privilege('renxin_app', 'house.audit_blocks', 'insert')`,
  },
  {
    of: 'walls',
    says: 'every table of a hospital that the application reaches has its wall, which holds for the owner too',
    breaches: `select c.oid::regclass::text from pg_class c join pg_namespace n on n.oid = c.relnamespace
      join pg_attribute h on h.attrelid = c.oid and h.attname = 'hospital_id' and not h.attisdropped
      where c.relkind in ('r', 'p') and has_table_privilege('renxin_app', c.oid, 'select, insert, update, delete')
        and not (c.relrowsecurity and c.relforcerowsecurity and exists (select from pg_policy p where p.polrelid = c.oid and p.polname = 'hospital'))`,
  },
  {
    of: 'walls',
    says: 'no row points into another hospital: every foreign key between tables of hospitals takes the hospital along',
    breaches: `select k.conrelid::regclass::text, k.conname from pg_constraint k
      join pg_attribute here on here.attrelid = k.conrelid and here.attname = 'hospital_id'
      join pg_attribute there on there.attrelid = k.confrelid and there.attname = 'hospital_id'
      where k.contype = 'f' and not (here.attnum = any (k.conkey) and there.attnum = any (k.confkey))`,
  },
  {
    of: 'walls',
    says: 'the role of the application owns nothing, passes no wall and becomes nobody else',
    breaches: `select rolname from pg_roles where rolname = 'renxin_app' and (rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication)
      union all select c.oid::regclass::text from pg_class c join pg_roles r on r.oid = c.relowner where r.rolname = 'renxin_app'
      union all select m.roleid::regrole::text from pg_auth_members m where m.member = 'renxin_app'::regrole`,
  },
  {
    of: 'database',
    says: 'what the database is to keep it does keep: no constraint is unproved, no index is broken, no trigger is off',
    breaches: `select conrelid::regclass::text, conname from pg_constraint where not convalidated
      union all select indrelid::regclass::text, indexrelid::regclass::text from pg_index where not indisvalid or not indisready
      union all select tgrelid::regclass::text, tgname from pg_trigger where tgenabled <> 'O'`,
  },
  {
    of: 'figures',
    says: 'the cells of discharges are the sum of the rows behind them',
    breaches: `select * from (select hospital_id, day, department_id, ward_id, discharged, alive from analytics.stay_days where discharged <> 0 or alive <> 0) cells
      full join (select hospital_id, day, department_id, ward_id, count(*)::int as discharged, (count(*) filter (where is_alive))::int as alive
        from analytics.stays group by 1, 2, 3, 4) rows using (hospital_id, day, department_id, ward_id)
      where cells.discharged is distinct from rows.discharged or cells.alive is distinct from rows.alive`,
  },
  {
    of: 'figures',
    says: 'the cells of follow-ups are the sum of the rows behind them',
    breaches: `select * from (select hospital_id, day, department_id, ward_id, outcome, tasks from analytics.contact_days where tasks <> 0) cells
      full join (select hospital_id, day, department_id, ward_id, outcome, count(*)::int as tasks from analytics.contacts group by 1, 2, 3, 4, 5) rows
        using (hospital_id, day, department_id, ward_id, outcome)
      where cells.tasks is distinct from rows.tasks`,
  },
  {
    of: 'figures',
    says: 'the cells of the appraisal are the sum of the follow-ups that were due and of the tries that were made, in each of their parts',
    breaches: `select * from (
        select hospital_id, day, part, level, department_id, ward_id, sum(due)::int as due, sum(reached_in_time)::int as reached, sum(tries)::int as tries, sum(seconds)::int as seconds
          from analytics.appraisal_days where part <> 'outcome' or due <> 0 group by 1, 2, 3, 4, 5, 6) cells
      full join (
        select hospital_id, day, p.part, level, department_id, ward_id, sum(due)::int as due, sum(reached)::int as reached,
               sum(case when p.part <> 'outcome' then tries else 0 end)::int as tries, sum(case when p.part <> 'outcome' then seconds else 0 end)::int as seconds
          from (select hospital_id, due_on as day, level, department_id, ward_id, (state <> 'stopped')::int as due,
                       (state = 'done' and is_reached and is_in_time)::int as reached, 0 as tries, 0 as seconds from analytics.appraised
                union all
                select hospital_id, day, level, department_id, ward_id, 0, 0, 1, coalesce(seconds, 0) from analytics.efforts) r
          join analytics.appraisal_due using (hospital_id) cross join (values ('unit'), ('nurse'), ('class'), ('outcome')) p (part)
         where day <= due_until group by 1, 2, 3, 4, 5, 6 having p.part <> 'outcome' or sum(due) <> 0) rows
        using (hospital_id, day, part, level, department_id, ward_id)
      where (cells.due, cells.reached, cells.tries, cells.seconds) is distinct from (rows.due, rows.reached, rows.tries, rows.seconds)`,
  },
  {
    of: 'figures',
    says: 'what level 2 did first about a stay is kept: every review, judgement and urge of level 1 has one that is no later',
    breaches: `with done as (
        select hospital_id, task_id, at from followups.review_steps where kind in ('accepted', 'returned')
        union all select hospital_id, task_id, checked_at from followups.quality_checks
        union all select hospital_id, task_id, urged_at from followups.urges)
      select t.encounter_id, d.at, l.at as kept from done d
      join followups.tasks t on t.hospital_id = d.hospital_id and t.id = d.task_id
      join followups.programmes p on p.hospital_id = t.hospital_id and p.id = t.programme_id and p.level = 'department'
      left join followups.looks l on l.hospital_id = t.hospital_id and l.encounter_id = t.encounter_id
      where l.at is null or l.at > d.at + interval '1 s'`,
  },
  {
    of: 'figures',
    says: 'the months of the appraisal are the sum of their days',
    breaches: `select * from (select hospital_id, month, part, level, department_id, ward_id, "of", due::bigint, done::bigint, reached_in_time::bigint as reached, tries::bigint, seconds
                                from analytics.appraisal_months) months
      full join (
        select hospital_id, date_trunc('month', day::timestamp)::date as month, part, level, department_id, ward_id, "of", sum(due) as due, sum(done) as done,
               sum(reached_in_time) as reached, sum(tries) as tries, sum(seconds)::bigint as seconds
          from analytics.appraisal_days group by 1, 2, 3, 4, 5, 6, 7) days using (hospital_id, month, part, level, department_id, ward_id, "of")
      where (months.due, months.done, months.reached, months.tries, months.seconds) is distinct from (days.due, days.done, days.reached, days.tries, days.seconds)`,
  },
  {
    of: 'figures',
    says: 'the cells of revisits are the sum of the visits whose 30 days have passed, by ward and by doctor',
    breaches: (
      [
        ['revisit_months', 'hospital_id, month, kind, chapter, department_id, ward_id'],
        ['revisit_doctor_months', 'hospital_id, month, kind, chapter, department_id, doctor_id'],
        ['revisit_strata', 'hospital_id, month, kind, chapter'],
      ] as const
    )
      .map(
        ([
          cells,
          keys,
        ]) => `select * from (select ${keys}, sum(visits)::int as visits, sum(came)::int as came from analytics.${cells} group by ${keys}) cells
      full join (select ${keys}, count(*)::int as visits, (count(*) filter (where left_out is null and came_on is not null))::int as came
                   from (select r.*, date_trunc('month', r.day::timestamp)::date as month from analytics.revisits r) r
                   join analytics.revisit_due d using (hospital_id) where r.day <= d.due_until group by ${keys}) rows using (${keys})
      where cells.visits is distinct from rows.visits or cells.came is distinct from rows.came`,
      )
      .map((rows) => `select to_jsonb(x) as breach from (${rows}) x`)
      .join(' union all '),
  },
]

/** Telephones and identity numbers are sealed: no text of any table holds one. Free text that a person typed is that person's. */
const FREE = [
  'feedback.opinions.text',
  'followups.attempts.note',
  'followups.drafts.note',
  'followups.flags.note',
  'followups.flag_steps.note',
]
const personalIn = (columns: Row[]): string =>
  columns
    .map(({ t, c }) => `(select '${t}' as t, '${c}' as c, count(*) as n from ${t} where ${c}::text ~ '${PERSONAL}' having count(*) > 0)`)
    .join(' union all ')

const TEXTS = `select c.oid::regclass::text as t, quote_ident(a.attname) as c from pg_class c
  join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  where c.relkind = 'r' and n.nspname in (select table_schema from information_schema.columns where column_name = 'hospital_id')
    and a.atttypid in ('text'::regtype, 'jsonb'::regtype, 'text[]'::regtype)`

export const SEALED = 'telephones and identity numbers are sealed at rest'

/** Every breach of every invariant, with what it breaks. `rows` asks as a role that sees over the walls. */
export async function breachesIn(rows: Rows): Promise<string[]> {
  const found: string[] = []
  const note = (of: string, says: string, breach: Row) => found.push(`${of}: ${says}: ${JSON.stringify(breach)}`)
  for (const { of, says, breaches } of invariants) for (const breach of await rows(`${breaches} limit 3`)) note(of, says, breach)
  const columns = (await rows(TEXTS)).filter(({ t, c }) => !FREE.includes(`${t}.${c}`))
  for (const breach of await rows(personalIn(columns))) note('sealed', SEALED, breach)
  return found
}
