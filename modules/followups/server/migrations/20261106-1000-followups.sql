create schema followups;

-- What the hospital has promised to ask: for whom, when, by whom. What it says stands in its versions.
create table followups.programmes (
  hospital_id     int         not null default house.hospital(),
  id              uuid        not null,
  key             text        check (key <> ''), -- the well-known name of one that came with the product
  name            text        not null check (name <> ''),
  level           text        not null check (level in ('bedside', 'centre', 'department', 'supervisor', 'study')),
  status          text        not null default 'draft' check (status in ('draft', 'active', 'disabled')),
  current_version int         not null default 1,
  active_from     timestamptz, -- encounters whose anchor lies before this moment are left alone
  updated_at      timestamptz not null,
  primary key (hospital_id, id),
  constraint programmes_key unique (hospital_id, key),
  constraint programmes_name unique (hospital_id, name),
  check (status <> 'active' or active_from is not null)
);
call house.guard('followups.programmes');

-- A version is never changed once something was enrolled by it: running enrolments finish on theirs.
create table followups.versions (
  hospital_id    int         not null default house.hospital(),
  id             uuid        not null,
  programme_id   uuid        not null,
  number         int         not null check (number >= 1),
  trigger        text        not null check (trigger in ('admitted', 'discharged', 'visited')),
  rule           jsonb       not null,
  sample_percent int         not null default 100 check (sample_percent between 1 and 100),
  stops_on_readmission boolean not null default true,
  call_from      time        not null default '08:30', -- no retry is planned outside these hours
  call_until     time        not null default '20:00',
  saved_at       timestamptz not null,
  saved_by       uuid        not null,
  primary key (hospital_id, id),
  foreign key (hospital_id, programme_id) references followups.programmes,
  constraint versions_number unique (hospital_id, programme_id, number),
  check (call_until > call_from)
);
call house.guard('followups.versions');

create table followups.steps (
  hospital_id      int     not null default house.hospital(),
  version_id       uuid    not null,
  position         int     not null check (position >= 1),
  name             text    not null check (name <> ''),
  unit             text    not null check (unit in ('hours', 'days')),
  from_offset      int     not null check (from_offset >= 0), -- hours after the anchor, or days after its day
  by_offset        int     not null,
  days             text    not null default 'any' check (days in ('any', 'working')),
  channel          text    not null check (channel in ('phone', 'bedside')),
  assignee         text    not null check (assignee in ('centre', 'department', 'ward', 'attending', 'nurse')),
  questionnaire_id uuid,
  tries            int     not null default 3 check (tries between 1 and 20),
  tries_per_day      int     not null default 2 check (tries_per_day between 1 and 10),
  wait_minutes     int     not null default 120 check (wait_minutes between 1 and 10080),
  primary key (hospital_id, version_id, position),
  foreign key (hospital_id, version_id) references followups.versions on delete cascade,
  check (by_offset >= from_offset and (unit = 'days' or by_offset > from_offset))
);
call house.guard('followups.steps');

-- A trigger enrols an encounter once: the key settles it, whatever is delivered twice.
create table followups.enrolments (
  hospital_id  int         not null default house.hospital(),
  encounter_id uuid        not null,
  programme_id uuid        not null,
  version_id   uuid        not null, -- of the programme's versions; not a foreign key, since planning writes these by the hundred thousand
  anchor_at    timestamptz not null,
  anchor_on    date        not null,
  enrolled_at  timestamptz not null,
  primary key (hospital_id, encounter_id, programme_id),
  foreign key (hospital_id, encounter_id) references encounters.encounters
);
call house.guard('followups.enrolments');

create table followups.tasks (
  hospital_id     int         not null default house.hospital(),
  id              uuid        not null,
  programme_id    uuid        not null,
  version_id      uuid        not null,
  step            int         not null,
  patient_id      uuid        not null,
  encounter_id    uuid        not null,
  department_id   uuid,
  ward_id         uuid,
  channel         text        not null,
  status          text        not null default 'todo' check (status in ('todo', 'inProgress', 'done', 'cancelled')),
  priority        int         not null default 3 check (priority between 1 and 3), -- 1 is the most urgent
  priority_reason text,
  due_from        timestamptz not null,
  due_by          timestamptz not null, -- later than this it is overdue; it is never deleted for that
  next_at         timestamptz not null, -- not to be worked before: the window's start, a retry, a call-back, a postponement
  call_back_at    timestamptz, -- what the patient was promised
  rung_at         timestamptz, -- when the screens were told that the call-back is due
  queue_at        timestamptz not null, -- its place in the queue: due_by, earlier by a day for each step of priority
  pool_id         uuid        not null, -- who may take it: the centre (nil), a department or a ward
  assignee_id     uuid,
  assignee_name   text,
  claimed_at      timestamptz,
  holder_id       uuid        not null generated always as (coalesce(assignee_id, pool_id)) stored,
  tries           int         not null default 0,
  last_outcome    text,
  last_tried_at   timestamptz,
  outcome         text        check (outcome in ('reached', 'relativeAnswered', 'noAnswer', 'busy', 'off', 'wrongNumber', 'voidNumber', 'refused')),
  response_id     uuid,
  close_reason    text,
  close_note      text,
  closed_at       timestamptz,
  closed_on       date,
  closed_by       uuid,
  is_open         boolean     not null generated always as (status in ('todo', 'inProgress')) stored,
  primary key (hospital_id, id),
  foreign key (hospital_id, encounter_id, programme_id) references followups.enrolments,
  constraint tasks_step_once unique (hospital_id, encounter_id, programme_id, step),
  check (due_by > due_from),
  check ((assignee_id is null) = (claimed_at is null) and (assignee_id is null) = (assignee_name is null)),
  check (status <> 'inProgress' or assignee_id is not null),
  check ((status in ('done', 'cancelled')) = (closed_at is not null) and (closed_at is null) = (closed_on is null)),
  check ((status = 'done') = (outcome is not null)),
  check ((status = 'cancelled') = (close_reason is not null))
) with (fillfactor = 85);
call house.guard('followups.tasks');

-- The queue of one holder (a nurse, the centre, a department, a ward) in its order, read without touching the table.
create index tasks_queue on followups.tasks (hospital_id, holder_id, queue_at, id) include (next_at, due_by) where is_open;
create index tasks_call_backs on followups.tasks (hospital_id, holder_id, call_back_at, id) where is_open and call_back_at is not null;
create index tasks_to_ring on followups.tasks (hospital_id, call_back_at) where is_open and rung_at is null and call_back_at is not null;
-- The administrators' lists: by deadline over the hospital, and inside a department without looking at the others' rows.
create index tasks_open on followups.tasks (hospital_id, due_by, id, department_id) where is_open;
create index tasks_closed on followups.tasks (hospital_id, closed_at desc, id desc) where not is_open;
-- The customer file, and what stops when something happens to him.
create index tasks_patient on followups.tasks (hospital_id, patient_id, due_by);
create index tasks_closed_by on followups.tasks (hospital_id, closed_by, closed_on) where status = 'done';

-- One try to reach the patient. Of one task at most one try runs: of two nurses who dial at once the second is refused by this key.
create table followups.attempts (
  hospital_id  int         not null default house.hospital(),
  id           uuid        not null,
  task_id      uuid        not null,
  patient_id   uuid        not null,
  by_id        uuid        not null,
  by_name      text        not null,
  channel      text        not null,
  contact_id   uuid,
  started_at   timestamptz not null,
  ended_at     timestamptz,
  outcome      text        check (outcome in ('reached', 'noAnswer', 'busy', 'off', 'wrongNumber', 'voidNumber', 'refused', 'callLater', 'relativeAnswered',
                                              'patientDead', 'readmitted', 'transferred', 'notRecorded')),
  note         text        not null default '',
  next_at      timestamptz,
  primary key (hospital_id, id),
  foreign key (hospital_id, task_id) references followups.tasks,
  check ((outcome is null) = (ended_at is null))
);
call house.guard('followups.attempts');
create unique index attempts_one_running on followups.attempts (hospital_id, task_id) where outcome is null;
create index on followups.attempts (hospital_id, task_id, started_at desc);
create index on followups.attempts (hospital_id, patient_id, started_at desc, id desc);
create index on followups.attempts (hospital_id, by_id, started_at);

-- What was answered so far. The revision tells two people (or two windows) apart who write at once.
create table followups.drafts (
  hospital_id   int         not null default house.hospital(),
  task_id       uuid        not null,
  version_id    uuid, -- of the questionnaire: it does not change under a conversation
  answers       jsonb       not null,
  note          text        not null default '',
  revision      int         not null check (revision >= 1),
  saved_at      timestamptz not null,
  saved_by      uuid        not null,
  saved_by_name text        not null,
  primary key (hospital_id, task_id),
  foreign key (hospital_id, task_id) references followups.tasks
);
call house.guard('followups.drafts');

-- For analytics: one row a task.
create view followups.task_rows with (security_invoker = true) as
  select t.hospital_id, t.id, t.programme_id, p.key as programme_key, p.name as programme_name, p.level, v.trigger, t.step, t.channel,
         t.patient_id, t.encounter_id, t.department_id, t.ward_id, t.assignee_id, t.status, t.outcome, t.close_reason, t.response_id,
         coalesce(t.outcome in ('reached', 'relativeAnswered'), false) as reached,
         t.priority, t.tries, t.last_outcome, t.due_from, t.due_by,
         case when t.status = 'done' then t.closed_at end as completed_at,
         case when t.status = 'done' then t.closed_on end as completed_on,
         t.closed_at, t.closed_on, t.closed_by, e.anchor_on,
         case when v.trigger = 'discharged' then e.anchor_on end as discharged_on,
         coalesce(v.trigger = 'discharged' and t.outcome in ('reached', 'relativeAnswered') and t.closed_on <= e.anchor_on + 7, false) as within_7_days,
         t.status = 'done' and t.closed_at > t.due_by as closed_late
    from followups.tasks t
    join followups.enrolments e on e.hospital_id = t.hospital_id and e.encounter_id = t.encounter_id and e.programme_id = t.programme_id
    join followups.versions v on v.hospital_id = t.hospital_id and v.id = t.version_id
    join followups.programmes p on p.hospital_id = t.hospital_id and p.id = t.programme_id;
call house.publish('followups.task_rows');

create view followups.attempt_rows with (security_invoker = true) as
  select hospital_id, id, task_id, patient_id, by_id, channel, started_at, ended_at, outcome from followups.attempts;
call house.publish('followups.attempt_rows');
