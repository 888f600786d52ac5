create schema encounters;

-- One row for each visit: what its statements (encounters.facts) add up to.
create table encounters.encounters (
  hospital_id          int         not null default house.hospital(),
  id                   uuid        not null,
  number               text        not null,
  patient_id           uuid        not null,
  class                text        not null check (class in ('inpatient', 'outpatient', 'emergency', 'daySurgery', 'checkUp')),
  status               text        not null check (status in ('planned', 'inProgress', 'discharged', 'cancelled')),
  status_at            timestamptz not null,
  opened_at            timestamptz not null,
  department_id        uuid,
  ward_id              uuid,
  room                 text,
  bed                  text,
  attending_id         uuid,
  nurse_id             uuid,
  nursing_level        text check (nursing_level in ('特级', '一级', '二级', '三级')),
  condition            text check (condition in ('病危', '病重', '一般')),
  ever_critical        boolean     not null default false,
  ever_serious         boolean     not null default false,
  ever_special_nursing boolean     not null default false,
  ever_level_one       boolean     not null default false,
  admitted_at          timestamptz,
  discharged_at        timestamptz,
  discharged_on        date,
  disposition          text check (disposition in ('1', '2', '3', '4', '5', '9')),
  identity_class       text,
  payer                text,
  length_of_stay_days  int check (length_of_stay_days >= 1),
  main_diagnosis_code  text,
  main_diagnosis_name  text,
  prior_discharge_on   date,
  summary              text,
  primary key (hospital_id, id),
  unique (hospital_id, number),
  foreign key (hospital_id, patient_id) references patients.patients,
  foreign key (hospital_id, department_id) references staff.units,
  foreign key (hospital_id, ward_id) references staff.units,
  foreign key (hospital_id, attending_id) references staff.people,
  foreign key (hospital_id, nurse_id) references staff.people,
  check ((status = 'discharged') = (discharged_at is not null)),
  check ((discharged_at is null) = (discharged_on is null)),
  check (disposition is null or status = 'discharged')
);
call house.guard('encounters.encounters');

-- The customer file: what he came for, newest first.
create index on encounters.encounters (hospital_id, patient_id, opened_at, id);
-- The list of one kind of encounter in one status, newest first; then the same inside a ward and inside a department.
create index on encounters.encounters (hospital_id, class, status, status_at, id);
create index on encounters.encounters (hospital_id, ward_id, class, status, status_at, id) where ward_id is not null;
create index on encounters.encounters (hospital_id, department_id, class, status, status_at, id) where class <> 'outpatient';
-- Populations and figures: who went home in these days.
create index on encounters.encounters (hospital_id, discharged_on, ward_id) where discharged_on is not null and class <> 'outpatient';

-- Every statement about an encounter, kept as it was said. The order of the source, not of arrival, decides what it means.
create table encounters.facts (
  hospital_id  int         not null default house.hospital(),
  encounter_id uuid        not null,
  arrived      bigint      not null generated always as identity,
  source_at    timestamptz not null,
  event        text        not null check (event in ('admit', 'register', 'transfer', 'discharge', 'update', 'cancelAdmit', 'cancelDischarge', 'cancelTransfer')),
  said         jsonb       not null,
  primary key (hospital_id, encounter_id, arrived),
  foreign key (hospital_id, encounter_id) references encounters.encounters
);
call house.guard('encounters.facts');

create table encounters.stays (
  hospital_id   int         not null default house.hospital(),
  encounter_id  uuid        not null,
  position      int         not null,
  department_id uuid,
  ward_id       uuid,
  room          text,
  bed           text,
  from_at       timestamptz not null,
  to_at         timestamptz,
  primary key (hospital_id, encounter_id, position),
  foreign key (hospital_id, encounter_id) references encounters.encounters,
  check (to_at is null or to_at >= from_at)
);
call house.guard('encounters.stays');

create table encounters.levels (
  hospital_id  int         not null default house.hospital(),
  encounter_id uuid        not null,
  position     int         not null,
  kind         text        not null check (kind in ('nursingLevel', 'condition')),
  value        text,
  from_at      timestamptz not null,
  primary key (hospital_id, encounter_id, position),
  foreign key (hospital_id, encounter_id) references encounters.encounters
);
call house.guard('encounters.levels');

create table encounters.diagnoses (
  hospital_id  int     not null default house.hospital(),
  encounter_id uuid    not null,
  type         text    not null check (type in ('admission', 'working', 'final')),
  rank         int     not null,
  code         text,
  name         text    not null,
  system       text,
  is_current   boolean not null,
  primary key (hospital_id, encounter_id, type, rank),
  foreign key (hospital_id, encounter_id) references encounters.encounters
);
call house.guard('encounters.diagnoses');

create view encounters.cards with (security_invoker = true) as
  select hospital_id, id, patient_id, number, class, status, status_at, department_id, ward_id, room, bed, attending_id, nurse_id,
         nursing_level, condition, ever_critical, ever_serious, ever_special_nursing, ever_level_one,
         admitted_at, discharged_at, discharged_on, disposition, identity_class, payer, length_of_stay_days,
         main_diagnosis_code, main_diagnosis_name, prior_discharge_on
    from encounters.encounters;
call house.publish('encounters.cards');
