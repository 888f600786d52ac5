-- Where a patient stands now, told by the rooms above: by encounters of visits and stays, by followups of the last try and the next.
-- Narrow, so that the list of patients is filtered by an index; a person of whom nothing was told has no row.
create table patients.standings (
  hospital_id         int  not null default house.hospital(),
  patient_id          uuid not null,
  state               text collate "C" check (state in ('inHospital', 'booked', 'discharged', 'visited')),
  visiting_on         date, -- the day of a visit without an end: counts as visiting on that day alone
  booked_at           timestamptz, -- of the visit or stay that is planned
  encounter_id        uuid, -- the stay in progress, else the last visit or stay
  class               text collate "C",
  department_id       uuid,
  ward_id             uuid,
  attending_id        uuid,
  nursing_level       text,
  condition           text,
  main_diagnosis_code text collate "C",
  main_diagnosis_name text,
  ever_critical       boolean not null default false,
  ever_level_one      boolean not null default false,
  days_since_prior    int, -- from the discharge before to the admission of this stay
  seen_on             date, -- the last visit or stay began
  first_seen_on       date,
  discharged_on       date, -- the last stay ended
  visits              int  not null default 0,
  stays               int  not null default 0,
  followup_status     text collate "C" check (followup_status in ('reached', 'relative', 'callBack', 'unreached', 'refused', 'ended')),
  followup_on         date,
  followup_next_at    timestamptz, -- the next that is due
  followup_by         timestamptz, -- its deadline
  primary key (hospital_id, patient_id),
  foreign key (hospital_id, patient_id) references patients.patients
) with (fillfactor = 80);
call house.guard('patients.standings');
create index on patients.standings (hospital_id, state, patient_id);
create index on patients.standings (hospital_id, visiting_on, patient_id) where visiting_on is not null;
create index on patients.standings (hospital_id, department_id, patient_id) where department_id is not null;
create index on patients.standings (hospital_id, ward_id, patient_id) where ward_id is not null;
create index on patients.standings (hospital_id, attending_id, patient_id) where attending_id is not null;
create index on patients.standings (hospital_id, discharged_on, patient_id) where discharged_on is not null;
create index on patients.standings (hospital_id, followup_status, patient_id) where followup_status is not null;
create index on patients.standings (hospital_id, followup_by, patient_id) where followup_by is not null;

-- What a patient was ever found to have: the diagnoses that count of all visits and stays.
create table patients.diagnosed (
  hospital_id int  not null default house.hospital(),
  patient_id  uuid not null,
  code        text not null collate "C",
  last_on     date not null,
  primary key (hospital_id, patient_id, code),
  foreign key (hospital_id, patient_id) references patients.patients
);
call house.guard('patients.diagnosed');
create index on patients.diagnosed (hospital_id, code, patient_id);

-- Of whom something was told.
create view patients.told with (security_invoker = true) as select hospital_id, patient_id from patients.standings;
call house.publish('patients.told');
