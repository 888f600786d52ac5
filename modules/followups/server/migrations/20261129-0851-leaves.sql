-- Who is away, from when until when, and who has their tasks meanwhile. One leave of a person at a time; the next is entered when this one is over.
create table followups.leaves (
  hospital_id   int         not null default house.hospital(),
  id            uuid        not null,
  user_id       uuid        not null,
  user_name     text        not null,
  from_on       date        not null,
  until_on      date        not null, -- the last day away
  to_id         uuid, -- null: the pool that each task is of
  to_name       text,
  note          text        not null default '',
  made_at       timestamptz not null,
  made_by       uuid        not null,
  made_by_name  text        not null,
  begun_at      timestamptz,
  called_off_at timestamptz, -- back before the last day, or never gone
  ended_at      timestamptz, -- nothing is left to come back
  primary key (hospital_id, id),
  check (until_on >= from_on),
  check ((to_id is null) = (to_name is null)),
  check (to_id <> user_id)
);
call house.guard('followups.leaves');
create unique index leaves_one_each on followups.leaves (hospital_id, user_id) where ended_at is null;
create index on followups.leaves (hospital_id, from_on desc, id desc);

-- A task went over to somebody else, once for a leave: the key settles it, whatever was broken off.
create table followups.handovers (
  hospital_id int         not null default house.hospital(),
  leave_id    uuid        not null,
  task_id     uuid        not null,
  nth         bigint      not null generated always as identity, -- in which order, where a task was handed on again
  from_id     uuid        not null,
  from_name   text        not null,
  to_id       uuid,
  to_name     text,
  handed_at   timestamptz not null,
  tries       int         not null, -- that the task had then: with more of them it was touched
  outcome     text        check (outcome in ('back', 'kept')), -- null: the leave is not over
  settled_at  timestamptz,
  primary key (hospital_id, leave_id, task_id),
  foreign key (hospital_id, leave_id) references followups.leaves,
  foreign key (hospital_id, task_id) references followups.tasks,
  check ((outcome is null) = (settled_at is null))
);
call house.guard('followups.handovers');
create index on followups.handovers (hospital_id, task_id, nth);
create index handovers_open on followups.handovers (hospital_id, leave_id) where outcome is null;
