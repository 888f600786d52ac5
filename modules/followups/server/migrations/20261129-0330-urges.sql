-- What level 1 is to reach in a department, how much of it the supervisor looks into; null: as the hospital has it.
call house.unforce('followups.level_rules');
alter table followups.level_rules
  add column coverage_low int check (coverage_low between 0 and 100),
  add column coverage_high int check (coverage_high between 0 and 100),
  add column spot_percent int check (spot_percent between 1 and 100),
  add check (coverage_low <= coverage_high);
call house.guard('followups.level_rules');

-- 催办: somebody who supervises asks for a task that was not done. It is answered by a try or by the closing of the task, and never by a tick in a box.
create table followups.urges (
  hospital_id   int         not null default house.hospital(),
  id            uuid        not null,
  task_id       uuid        not null,
  to_id         uuid, -- whose task it was then; null: nobody's
  to_name       text,
  note          text        not null,
  urged_at      timestamptz not null,
  urged_by      uuid        not null,
  urged_by_name text        not null,
  escalates_at  timestamptz not null,
  escalated_at  timestamptz, -- when it went to the head
  seen_at       timestamptz,
  seen_by       uuid,
  seen_by_name  text,
  answered_at   timestamptz,
  answer        text check (answer in ('tried', 'closed')),
  primary key (hospital_id, id),
  foreign key (hospital_id, task_id) references followups.tasks,
  check ((answered_at is null) = (answer is null)),
  check ((seen_at is null) = (seen_by is null))
);
call house.guard('followups.urges');
-- One that waits is not sent twice.
create unique index urges_one_open on followups.urges (hospital_id, task_id) where answered_at is null;
create index on followups.urges (hospital_id, task_id, urged_at);
create index on followups.urges (hospital_id, urged_at desc, id desc);
create index urges_to_escalate on followups.urges (hospital_id, escalates_at) where answered_at is null and escalated_at is null;
