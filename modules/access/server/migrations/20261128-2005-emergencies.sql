-- Somebody to whom a patient's file is closed opened it in an emergency, for a reason, until then; the auditor looks at each afterwards.
create table access.emergencies (
  hospital_id int         not null default house.hospital(),
  id          uuid        not null,
  user_id     uuid        not null,
  patient_id  uuid        not null,
  reason      text        not null check (reason <> ''),
  opened_at   timestamptz not null,
  until       timestamptz not null check (until > opened_at),
  reviewed_at timestamptz,
  reviewed_by text,
  is_proper   boolean, -- what the auditor found
  note        text,
  primary key (hospital_id, id),
  foreign key (hospital_id, user_id) references access.users,
  check ((reviewed_at is null) = (is_proper is null) and (reviewed_at is null) = (reviewed_by is null))
);
call house.guard('access.emergencies');
create index on access.emergencies (hospital_id, user_id, until);
create index on access.emergencies (hospital_id, patient_id);
create index on access.emergencies (hospital_id, opened_at, id);
create index on access.emergencies (hospital_id, opened_at, id) where reviewed_at is null;

create view access.emergency_cards with (security_invoker = true) as
  select e.id, e.user_id, u.display_name as user_name, e.patient_id, e.reason, e.opened_at, e.until, e.reviewed_at, e.reviewed_by, e.is_proper, e.note
  from access.emergencies e join access.users u on u.hospital_id = e.hospital_id and u.id = e.user_id;
call house.publish('access.emergency_cards');

-- For how long such an opening holds.
alter table access.sign_in_rules add column emergency_hours int not null default 4 check (emergency_hours between 1 and 24);
