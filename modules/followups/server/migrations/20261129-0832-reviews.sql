-- What was closed may be looked at by whoever supervises: found good, or returned to whoever did it. The task of a conversation that took place stays done meanwhile,
-- with its answers; one that was closed without a conversation is open again.
alter table followups.tasks add column review text check (review in ('returned', 'resubmitted', 'accepted'));
create index tasks_returned on followups.tasks (hospital_id, assignee_id, id) where review = 'returned';
create index tasks_reviewed on followups.tasks (hospital_id, review, closed_at desc, id desc) where review is not null and not is_open;

create table followups.review_steps (
  hospital_id int         not null default house.hospital(),
  id          uuid        not null,
  seq         bigint      not null generated always as identity, -- several may happen at one moment
  task_id     uuid        not null,
  kind        text        not null check (kind in ('accepted', 'returned', 'resubmitted', 'corrected')),
  at          timestamptz not null,
  by_id       uuid        not null,
  by_name     text        not null,
  note        text        not null default '',
  former_id   uuid,
  response_id uuid,
  primary key (hospital_id, id),
  foreign key (hospital_id, task_id) references followups.tasks,
  check ((kind = 'corrected') = (response_id is not null) and (response_id is null) = (former_id is null))
);
call house.guard('followups.review_steps');
create index on followups.review_steps (hospital_id, task_id, seq);

-- Who must mend a call knows of its patient too.
create or replace function house.is_entrusted(patient uuid, account uuid) returns boolean language sql stable parallel safe
  security definer set search_path = pg_catalog, pg_temp as $$
  select exists (select from followups.tasks t where t.hospital_id = house.hospital() and t.patient_id = patient and t.assignee_id = account
                   and (t.is_open or t.review = 'returned'))
      or exists (select from followups.flags f where f.hospital_id = house.hospital() and f.patient_id = patient and f.doctor_id = account and f.status = 'open')
$$;
