-- What the list of patients is narrowed by, beside where they stand.
create index on patients.patients (hospital_id, payer, id) where merged_into is null and payer is not null;
create index on patients.patients (hospital_id, identity_class, id) where merged_into is null and identity_class is not null;
create index on patients.patients (hospital_id, district, id) where merged_into is null and district is not null;
create index on patients.patients (hospital_id, birth_on, id) where merged_into is null;
create index on patients.standings (hospital_id, encounter_id) where encounter_id is not null;
create index on patients.standings (hospital_id, seen_on, patient_id) where seen_on is not null;
create index on patients.standings (hospital_id, first_seen_on, patient_id) where first_seen_on is not null;

-- A search form that was filled in and kept.
create table patients.views (
  hospital_id int         not null default house.hospital(),
  id          uuid        not null,
  owner_id    uuid        not null,
  owner_name  text        not null,
  name        text        not null,
  conditions  jsonb       not null,
  saved_at    timestamptz not null,
  primary key (hospital_id, id)
);
call house.guard('patients.views');
create index on patients.views (hospital_id, owner_id);

create table patients.view_roles (
  hospital_id int  not null default house.hospital(),
  view_id     uuid not null,
  role_id     uuid not null,
  primary key (hospital_id, view_id, role_id),
  foreign key (hospital_id, view_id) references patients.views on delete cascade
);
call house.guard('patients.view_roles');
create index on patients.view_roles (hospital_id, role_id);
