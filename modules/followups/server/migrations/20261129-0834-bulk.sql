-- Tasks that are given out by a filter, thousands at a time: which they are is settled when it begins, and each says what became of it in the transaction that did it, so
-- that it can be cut off at any moment and goes on without missing or doubling one.
create table followups.bulks (
  hospital_id     int         not null default house.hospital(),
  id              uuid        not null,
  status          text        not null default 'running' check (status in ('running', 'done', 'undoing', 'undone')),
  among           uuid[]      not null,
  among_names     text[]      not null,
  total           int         not null,
  given           int         not null default 0,
  passed          int         not null default 0,
  undone          int         not null default 0,
  kept            int         not null default 0,
  started_by      uuid        not null,
  started_by_name text        not null,
  started_at      timestamptz not null,
  finished_at     timestamptz,
  primary key (hospital_id, id),
  check ((status in ('running', 'undoing')) = (finished_at is null))
);
call house.guard('followups.bulks');
create index bulks_at_work on followups.bulks (hospital_id, started_at, id) where status in ('running', 'undoing');
create index bulks_latest on followups.bulks (hospital_id, started_by, started_at desc);

create table followups.bulk_tasks (
  hospital_id     int  not null default house.hospital(),
  bulk_id         uuid not null,
  place           int  not null, -- in the order of their deadlines
  task_id         uuid not null,
  state           text not null default 'waiting' check (state in ('waiting', 'given', 'passed', 'undone', 'kept')),
  to_id           uuid,
  given_at        timestamptz,
  -- How it stood before.
  was_status      text,
  was_assignee_id uuid,
  was_claimed_at  timestamptz,
  primary key (hospital_id, bulk_id, place),
  foreign key (hospital_id, bulk_id) references followups.bulks on delete cascade,
  foreign key (hospital_id, task_id) references followups.tasks,
  unique (hospital_id, bulk_id, task_id),
  check (state in ('waiting', 'passed') or to_id is not null and given_at is not null and was_status is not null)
);
call house.guard('followups.bulk_tasks');
create index bulk_tasks_left on followups.bulk_tasks (hospital_id, bulk_id, state, place);
