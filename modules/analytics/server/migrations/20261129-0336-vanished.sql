-- Those who did not come back are asked why: the follow-ups that were made for it, and what they found.
create table analytics.revisit_tasks (
  hospital_id  int  not null default house.hospital(),
  task_id      uuid not null,
  encounter_id uuid not null, -- the index
  state        text not null check (state in ('open', 'asked', 'unreached', 'stopped')),
  reason       text, -- the code of the answer
  reason_text  text, -- as it was offered
  primary key (hospital_id, task_id)
);
call house.guard('analytics.revisit_tasks');
create index on analytics.revisit_tasks (hospital_id, encounter_id);

create index revisits_vanished on analytics.revisits (hospital_id, kind, day, encounter_id) include (department_id, ward_id)
  where left_out is null and came_on is null;

-- The last day whose vanished were handed to the follow-ups.
alter table analytics.revisit_due add column vanished_until date;
