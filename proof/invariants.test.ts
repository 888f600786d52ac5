import { modules } from '@renxin/app-server/modules'
import { openHouse } from '@renxin/server/testing'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { breachesIn, invariants, SEALED } from './invariants.ts'

const house = await openHouse(modules, { prepare: true })
const database = new pg.Client({ connectionString: house.urls.superUrl })
beforeAll(async () => void (await database.connect()))
afterAll(() => database.end())

/** What is found of a database in which somebody did this; it is undone. Foreign keys and triggers are off meanwhile: they would have refused most of it. */
async function breachesAfter(planted: string): Promise<string[]> {
  await database.query(`begin; set local timezone to 'UTC'; set local session_replication_role = replica; set local house.hospital = '1'`)
  try {
    await database.query(planted)
    return await breachesIn(async (text) => (await database.query(text)).rows)
  } finally {
    await database.query('rollback')
  }
}

const id = (n: number) => `'00000000-0000-7000-8000-${String(n).padStart(12, '0')}'`
const patient = (n: number, more = '') =>
  `insert into patients.patients (id, said_at, created_at) values (${id(n)}, '{}', now()); ${more && `update patients.patients set ${more} where id = ${id(n)}`};`
const message = (n: number, status: string, more = '') => `
  insert into integration.messages (id, sender_id, control_id, content_hash, received_at, type, event, charset, body, status, patient_id)
  values (${id(n)}, ${id(1)}, 'M1', '\\x01', now(), 'ADT', 'A01', 'utf-8', '\\x00', '${status}', ${id(9)}); ${more}`
const applied = (n: number, ofMessage: number) => `
  insert into house.audit (id, at, actor_name, action, patient_id, object_id, request_id)
  values (${id(n)}, now(), 'HIS', 'integration.applied', ${id(9)}, ${id(ofMessage)}, 'r'); insert into house.unsealed_audit (id) values (${id(n)});`
const appraised = (cell: 'days (day' | 'months (month', tries: number) => `
  insert into analytics.appraisal_${cell}, part, level, department_id, ward_id, of, due, done, done_in_time, reached, reached_in_time, stopped, tries, talks, measured, seconds)
  values ('2026-09-01', 'nurse', 'department', ${id(0)}, ${id(0)}, '', 0, 0, 0, 0, 0, 0, ${tries}, 0, 0, 0);`
const event = (n: number, ago: string) =>
  `insert into house.events (id, name, payload, at) values (${id(n)}, 'x.happened', '{}', now() - interval '${ago}');`
const outgoing = (n: number, more = 'null') => `
  insert into integration.outgoing (destination_id, event_id, kind, object_id, patient_id, message, created_at, next_at, leased_until)
  values (${id(1)}, ${id(n)}, 'followup', ${id(7)}, ${id(9)}, '', now(), now(), ${more});`
const visit = (status: string, discharged: string) => `${without('c', 'encounters.encounters')}
  insert into encounters.encounters (id, number, patient_id, said_patient_id, class, status, status_at, opened_at, discharged_at)
  values (${id(3)}, 'V1', ${id(9)}, ${id(9)}, 'inpatient', '${status}', now(), now(), ${discharged});`
const place = (position: number, from: string, to: string) =>
  `insert into encounters.stays (encounter_id, position, from_at, to_at) values (${id(3)}, ${position}, timestamptz '${from}', ${to});`
const task = (n: number, more = '') => `
  insert into followups.tasks (id, programme_id, version_id, step, patient_id, encounter_id, channel, due_from, due_by, next_at, queue_at, pool_id)
  values (${id(n)}, ${id(4)}, ${id(4)}, 1, ${id(9)}, ${id(3)}, 'phone', now(), now() + interval '1 h', now(), now(), ${id(0)});
  ${more && `update followups.tasks set ${more} where id = ${id(n)};`}`
const closed = `status = 'done', closed_at = now() - interval '1 h', closed_on = current_date, outcome = 'reached'`
const attempt = (n: number) => `
  insert into followups.attempts (id, task_id, patient_id, by_id, by_name, channel, started_at)
  values (${id(n)}, ${id(11)}, ${id(9)}, ${id(5)}, '护士', 'phone', now());`
const ofLevelOne = `insert into followups.programmes (id, key, name, level, updated_at) values (${id(4)}, 'x', 'x', 'department', now());`
const accepted = `insert into followups.review_steps (id, task_id, at, kind, by_id, by_name) values (${id(13)}, ${id(11)}, now() - interval '2 h', 'accepted', ${id(5)}, '护士长');`
const response = (scores: number) => `
  insert into surveys.responses (id, questionnaire_id, version_id, patient_id, said_patient_id, channel, respondent, recorded_by, completed_at, day, month, resource, score_count)
  values (${id(6)}, ${id(4)}, ${id(4)}, ${id(9)}, ${id(9)}, 'phone', 'patient', ${id(5)}, now(), '2026-09-04', '2026-09-01', '{"resourceType":"QuestionnaireResponse"}', ${scores});`
/** Without its unique keys (`u`) or its checks (`c`), which would have refused what is planted. */
const without = (kind: 'u' | 'c', table: string) => `
  do $$ declare k record; begin
    for k in select conname from pg_constraint where conrelid = '${table}'::regclass and contype = '${kind}' loop
      execute format('alter table ${table} drop constraint %I', k.conname);
    end loop;
  end $$;`
const trailOf = `${applied(21, 20)} select house.seal_audit(now());`

/** By what an invariant says: what a fault of ours, or somebody with the database, might leave. */
const plants: Record<string, string[]> = {
  'a message is kept once: the same sender, control id and content': [
    `${without('u', 'integration.messages')} ${message(20, 'ignored')} ${message(21, 'ignored')}`,
  ],
  'a message that is not applied says why': [`${without('c', 'integration.messages')} ${message(20, 'waiting')}`],
  'a message is applied once, and has left its trace': [message(20, 'applied'), message(20, 'applied', applied(21, 20) + applied(22, 20))],
  'what a follow-up led to is written back once to each destination': [outgoing(20) + outgoing(21)],
  'no event waits for longer than a minute, and none was given up': [
    event(20, '2 min'),
    `${event(20, '1 s')} insert into house.deliveries (event_id, listener, attempts, error, next_at, is_given_up) values (${id(20)}, 'x', 20, '', now(), true)`,
    `insert into house.deliveries (event_id, listener, attempts, error, next_at) values (${id(20)}, 'x', 1, '', now())`,
  ],
  'nobody holds what is to be sent for longer than a courier may be on the way': [outgoing(20, `now() + interval '1 h'`)],
  'a stay that ended has its moment, and one that goes on has none': [visit('discharged', 'null'), visit('inProgress', 'now()')],
  'a patient lies in one place at a time: the places of a stay follow one another, and the last one ends with it': [
    `${visit('inProgress', 'null')} ${place(1, '2026-09-01T00:00Z', `'2026-09-03T00:00Z'`)} ${place(2, '2026-09-02T00:00Z', 'null')}`,
    `${visit('discharged', 'now()')} ${place(1, '2026-09-01T00:00Z', 'null')}`,
  ],
  'nobody is merged in a circle': [
    `${patient(9) + patient(10, `merged_into = ${id(9)}`)}update patients.patients set merged_into = ${id(10)} where id = ${id(9)}`,
  ],
  'a patient has as many telephones as there are numbers to be called': [
    patient(9, 'phones = 1'),
    `${patient(9)} insert into patients.contacts (id, patient_id, relation, phone, phone_index, phone_last4, kind, source, said_at)
      values (${id(20)}, ${id(9)}, 'self', '\\x00', '\\x01', '\\x02', 'mobile', 'his', now())`,
  ],
  'a step is planned once for a visit': [`${without('u', 'followups.tasks')} ${task(11)} ${task(12)}`],
  'of one task one try runs at a time, and none after it was closed': [
    `drop index followups.attempts_one_running; ${task(11)} ${attempt(20)} ${attempt(21)}`,
    task(11, closed) + attempt(20),
  ],
  'nobody who has died waits to be rung up, unless the programme keeps the task for whoever writes down the end': [
    `${patient(9, `deceased_at = now() - interval '1 day'`)}${task(11)}
     insert into followups.versions (id, programme_id, number, trigger, rule, saved_at, saved_by)
     values (${id(4)}, ${id(4)}, 1, 'discharged', '{}', now(), ${id(5)})`,
  ],
  'one task has one response, and a response belongs to one task': [
    `${response(0)} ${task(11, `${closed}, response_id = ${id(6)}`)} ${task(12, `step = 2, ${closed}, response_id = ${id(6)}`).replace(', 1, ', ', 2, ')}`,
    task(11, `${closed}, response_id = ${id(6)}`),
  ],
  'what a response says of its answers is what they say': [response(3)],
  'the blocks of the audit trail follow one another, and each has the rows that it was sealed over': [
    `${trailOf} update house.audit set actor_name = 'nobody'`,
    `${trailOf} delete from house.audit`,
    `${trailOf} ${applied(22, 20)} select house.seal_audit(now()); delete from house.audit_blocks where number = (select min(number) from house.audit_blocks)`,
  ],
  'a row of the audit trail stands in one block, or waits to be sealed, a minute at most': [
    `${applied(21, 20)} delete from house.unsealed_audit where id = ${id(21)}`,
    `${trailOf} insert into house.unsealed_audit (id) values (${id(21)})`,
    `${applied(21, 20)} update house.audit set at = now() - interval '2 min' where id = ${id(21)}`,
  ],
  'what was recorded of patients has its row in the audit trail': [
    `insert into feedback.opinions (id, kind, source, received_at, received_on, recorded_at, recorded_by, recorded_by_name)
     values (${id(20)}, 'praise', 'call', now(), current_date, now(), ${id(5)}, '护士')`,
  ],
  'the application can add to the audit trail and not alter it': [
    'grant update on house.audit to renxin_app',
    'grant insert on house.audit_blocks to renxin_app',
  ],
  'every table of a hospital that the application reaches has its wall, which holds for the owner too': [
    'alter table patients.contacts no force row level security',
    'alter table patients.contacts disable row level security',
    'drop policy hospital on patients.contacts',
  ],
  'no row points into another hospital: every foreign key between tables of hospitals takes the hospital along': [
    "alter table patients.tags add unique (id); create table patients.stray (hospital_id int, tag_id uuid references patients.tags (id)); call house.guard('patients.stray')",
  ],
  'the role of the application owns nothing, passes no wall and becomes nobody else': ['alter table patients.tags owner to renxin_app'],
  'what the database is to keep it does keep: no constraint is unproved, no index is broken, no trigger is off': [
    "alter table patients.tags add constraint later check (name <> 'x') not valid",
    'alter table surveys.versions disable trigger keep_version',
  ],
  'the cells of discharges are the sum of the rows behind them': [
    `insert into analytics.stays (encounter_id, day, department_id, ward_id, is_alive) values (${id(3)}, '2026-09-01', ${id(0)}, ${id(0)}, true)`,
    `insert into analytics.stay_days (day, department_id, ward_id, discharged, alive, covered) values ('2026-09-01', ${id(0)}, ${id(0)}, 1, 1, 0)`,
  ],
  'the cells of follow-ups are the sum of the rows behind them': [
    `insert into analytics.contact_days (day, department_id, ward_id, outcome, tasks) values ('2026-09-01', ${id(0)}, ${id(0)}, 'reached', 2)`,
  ],
  'the cells of the appraisal are the sum of the follow-ups that were due and of the tries that were made, in each of their parts': [
    `insert into analytics.appraisal_due (due_until) values ('2026-10-31') on conflict (hospital_id) do update set due_until = excluded.due_until;
     insert into analytics.appraised (task_id, due_on, level, department_id, ward_id, nurse_id, identity_class, state, is_reached, is_in_time)
     values (${id(3)}, '2026-09-01', 'department', ${id(0)}, ${id(0)}, ${id(0)}, '', 'open', false, false)`,
    appraised('days (day', 5),
  ],
  'what level 2 did first about a stay is kept: every review, judgement and urge of level 1 has one that is no later': [
    ofLevelOne + task(11) + accepted,
    `${ofLevelOne}${task(11)}${accepted} insert into followups.looks (encounter_id, at, by_name, how) values (${id(3)}, now(), '护士长', 'urged')`,
  ],
  'the months of the appraisal are the sum of their days': [appraised('months (month', 5), appraised('days (day', 4)],
  'the cells of revisits are the sum of the visits whose 30 days have passed, by ward and by doctor': [
    `insert into analytics.revisit_due (due_until) values ('2026-10-31') on conflict (hospital_id) do update set due_until = excluded.due_until;
     insert into analytics.revisits (encounter_id, patient_id, kind, day, department_id, ward_id, doctor_id, chapter, sex, age_band, stay_band)
     values (${id(3)}, ${id(1)}, 'discharged', '2026-09-01', ${id(0)}, ${id(0)}, ${id(0)}, 1, 'male', 2, 1)`,
    `insert into analytics.revisit_doctor_months (month, kind, department_id, ward_id, doctor_id, chapter, sex, age_band, stay_band, visits, died, transferred, readmitted, came)
     values ('2026-09-01', 'discharged', ${id(0)}, ${id(0)}, ${id(0)}, 1, 'male', 2, 1, 4, 0, 0, 0, 1)`,
  ],
  [SEALED]: [patient(9, `job = '电工，13912345678'`), patient(9, `said_at = '{"card": "110105196001020021"}'`)],
}

test('every invariant has something planted that breaks it', () => {
  expect(Object.keys(plants).toSorted()).toEqual([...invariants.map((i) => i.says), SEALED].toSorted())
})

test('a sound hospital breaks none', async () => {
  expect(await breachesAfter('')).toEqual([])
})

test.each(Object.entries(plants).flatMap(([says, all]) => all.map((planted, i) => [says, i + 1, planted] as const)))(
  'caught where it does not hold: %s (%i)',
  async (says, _, planted) => {
    const found = await breachesAfter(planted)

    expect(found).toContainEqual(expect.stringContaining(`: ${says}: `))
  },
)
