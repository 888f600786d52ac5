-- In which order: how many hours before its deadline a task stands in the queue, and why. Both are stored, so that the queue goes on being read by its index.
call house.unforce('followups.tasks');
alter table followups.tasks add column risk int not null default 0 check (risk >= 0),
  add column risk_reasons text[] not null default '{}';
update followups.tasks set risk = (3 - priority) * 24, risk_reasons = case when priority_reason is null then '{}' else array[priority_reason] end
 where priority < 3 and status in ('todo', 'inProgress');
call house.guard('followups.tasks');

-- Those whose order rests on something that may change without news of the visit: they are looked up when it does.
create index tasks_risky on followups.tasks (hospital_id, patient_id)
  where is_open and risk_reasons && array['redFlagOpen', 'redFlagLast', 'openComplaint', 'livesAlone'];

-- Which group (a tag or a segment) says that somebody lives alone. No system of a hospital tells it: the hospital says it by hand or by a rule of its own.
create table followups.risk_settings (
  hospital_id    int         not null default house.hospital(),
  alone_group_id uuid,
  set_at         timestamptz not null,
  set_by         uuid        not null,
  primary key (hospital_id)
);
call house.guard('followups.risk_settings');
