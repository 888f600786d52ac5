-- Pre-admissions, changes of class, leave, and visits that get another number or turn out to be one.
alter table encounters.facts drop constraint facts_event_check;
alter table encounters.facts add constraint facts_event_check check (event in (
  'admit', 'register', 'transfer', 'discharge', 'update', 'cancelAdmit', 'cancelDischarge', 'cancelTransfer',
  'preadmit', 'cancelPreadmit', 'toInpatient', 'toOutpatient', 'leave', 'return', 'cancelLeave', 'cancelReturn'));

alter table encounters.encounters
  add column on_leave_since timestamptz, -- out of the house for some hours or days, and expected back
  add column merged_into    uuid,        -- turned out to be the same visit as that one, which has its statements
  add foreign key (hospital_id, merged_into) references encounters.encounters,
  add check (on_leave_since is null or status = 'inProgress'),
  add check (merged_into is null or (status = 'cancelled' and merged_into <> id));
create index on encounters.encounters (hospital_id, merged_into) where merged_into is not null;

-- Numbers that a visit had before, or that were given to it by mistake: they lead to it whenever they come.
create table encounters.former_numbers (
  hospital_id  int  not null default house.hospital(),
  number       text not null,
  encounter_id uuid not null,
  primary key (hospital_id, number),
  foreign key (hospital_id, encounter_id) references encounters.encounters
);
call house.guard('encounters.former_numbers');
create index on encounters.former_numbers (hospital_id, encounter_id);
