-- Who picked up, as the patient's kin are named.
alter table followups.attempts
  add column answered_by text check (answered_by in ('self', 'spouse', 'son', 'daughter', 'child', 'parent', 'grandparent', 'grandchild', 'sibling', 'guardian', 'other')),
  add column called_on date; -- the day of a call, as the hospital counts days; null: no call

-- On one day one person calls a patient. Whoever dials first has the day, by this key; a call of anybody else has no row to stand on.
create table followups.call_days (
  hospital_id int         not null default house.hospital(),
  patient_id  uuid        not null,
  called_on   date        not null,
  by_id       uuid        not null,
  by_name     text        not null,
  called_at   timestamptz not null,
  constraint call_days_pkey primary key (hospital_id, patient_id, called_on),
  constraint call_days_one_caller unique (hospital_id, patient_id, called_on, by_id)
);
call house.guard('followups.call_days');
call house.veil('followups.call_days');

alter table followups.attempts add constraint attempts_one_caller
  foreign key (hospital_id, patient_id, called_on, by_id) references followups.call_days (hospital_id, patient_id, called_on, by_id);
