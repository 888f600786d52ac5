-- A red flag: an answer that calls for a doctor, raised by a rule of the version of the questionnaire in the transaction that records the answers. It is one piece
-- of work for one doctor, and closes only with an outcome and a note. What was answered stands with the answers and is not copied here.
create table followups.flags (
  hospital_id     int         not null default house.hospital(),
  id              uuid        not null,
  response_id     uuid        not null,
  rule_id         text        not null,
  version_id      uuid        not null,
  patient_id      uuid        not null,
  said_patient_id uuid        not null,
  encounter_id    uuid,
  task_id         uuid,
  department_id   uuid,
  ward_id         uuid,
  severity        text        not null check (severity in ('emergency', 'urgent', 'watch')),
  title           text        not null,
  status          text        not null default 'open' check (status in ('open', 'closed', 'withdrawn')),
  raised_at       timestamptz not null,
  raised_by       uuid        not null,
  raised_by_name  text        not null,
  due_at          timestamptz, -- null: at once, and never overdue: the hospital has written no deadline
  rank_at         timestamptz not null generated always as (coalesce(due_at, raised_at)) stored,
  doctor_id       uuid, -- an account; null: anybody of the department may take it
  doctor_name     text,
  level           int         not null default 0 check (level between 0 and 2), -- how often it was passed upwards
  passed_to       uuid, -- the account of the department that answers for red flags there
  told_at         timestamptz, -- when the nurse noted that the patient was told what to do
  outcome         text        check (outcome in ('advised', 'clinic', 'emergency', 'admitted', 'treated', 'notNeeded', 'unreachable')),
  note            text        not null default '',
  closed_at       timestamptz,
  closed_by       uuid,
  closed_by_name  text,
  now_response_id uuid, -- the corrected answers, where they were corrected: both versions are kept
  primary key (hospital_id, id),
  constraint flags_raised_once unique (hospital_id, response_id, rule_id),
  foreign key (hospital_id, response_id) references surveys.responses,
  check ((doctor_id is null) = (doctor_name is null)),
  check ((status = 'open') = (closed_at is null)),
  check ((status = 'closed') = (outcome is not null)),
  check (status <> 'withdrawn' or now_response_id is not null or note <> '')
);
call house.guard('followups.flags');
call house.veil('followups.flags');

-- What is open, the overdue first: of the hospital, of a department, of one doctor. And what was closed, the latest first.
create index flags_open on followups.flags (hospital_id, rank_at, id) include (department_id, patient_id) where status = 'open';
create index flags_of_doctor on followups.flags (hospital_id, doctor_id, rank_at, id) where status = 'open' and doctor_id is not null;
create index flags_to_pass on followups.flags (hospital_id, due_at) where status = 'open' and due_at is not null and level < 2;
create index flags_closed on followups.flags (hospital_id, closed_at desc, id desc) where status <> 'open';
create index flags_of_patient on followups.flags (hospital_id, patient_id, raised_at desc);
create index flags_of_said on followups.flags (hospital_id, said_patient_id);

-- What happened with a red flag, in its order.
create table followups.flag_steps (
  hospital_id int         not null default house.hospital(),
  id          uuid        not null,
  seq         bigint      not null generated always as identity, -- several may happen at one moment
  flag_id     uuid        not null,
  at          timestamptz not null,
  kind        text        not null check (kind in ('raised', 'told', 'given', 'taken', 'passed', 'closed', 'kept', 'withdrawn')),
  by_id       uuid        not null,
  by_name     text        not null,
  to_name     text,
  response_id uuid,
  note        text        not null default '',
  primary key (hospital_id, id),
  foreign key (hospital_id, flag_id) references followups.flags
);
call house.guard('followups.flag_steps');
create index on followups.flag_steps (hospital_id, flag_id, seq);

-- Who answers for the red flags of a department: gets those whose attending doctor has no account, and those that nobody closed in time.
create table followups.flag_duties (
  hospital_id   int         not null default house.hospital(),
  department_id uuid        not null,
  account_id    uuid        not null,
  set_at        timestamptz not null,
  set_by        uuid        not null,
  primary key (hospital_id, department_id)
);
call house.guard('followups.flag_duties');

-- For the queue and the figures: one row a red flag, without words.
create view followups.flag_rows with (security_invoker = true) as
  select hospital_id, id, response_id, patient_id, encounter_id, department_id, ward_id, severity, status, raised_at, due_at, level, doctor_id, outcome, closed_at
    from followups.flags;
call house.publish('followups.flag_rows');

-- Whoever has a task or an open red flag in hand with a patient knows of them, in the masked form; it looks behind the veil, which asks it.
create or replace function house.is_entrusted(patient uuid, account uuid) returns boolean language sql stable parallel safe
  security definer set search_path = pg_catalog, pg_temp as $$
  select exists (select from followups.tasks t where t.hospital_id = house.hospital() and t.patient_id = patient and t.assignee_id = account and t.is_open)
      or exists (select from followups.flags f where f.hospital_id = house.hospital() and f.patient_id = patient and f.doctor_id = account and f.status = 'open')
$$;
