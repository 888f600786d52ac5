-- People the hospital deals with who are no patients of their own: family, staff, managers, payers, the community. They may be tied to patients.
create table patients.people (
  hospital_id  int         not null default house.hospital(),
  id           uuid        not null,
  kind         text        not null collate "C" check (kind in ('family', 'staff', 'manager', 'payer', 'community')),
  name         text        not null check (name <> ''),
  organisation text,
  phone        bytea, -- sealed
  phone_index  bytea, -- blind
  note         text,
  is_active    boolean     not null default true,
  saved_at     timestamptz not null,
  saved_by     uuid,
  primary key (hospital_id, id),
  check ((phone is null) = (phone_index is null))
);
call house.guard('patients.people');
create index on patients.people (hospital_id, kind, id);
create index on patients.people (hospital_id, phone_index) where phone_index is not null;

-- By what they are found: the name and its reading, from every character on.
create table patients.people_keys (
  hospital_id int  not null default house.hospital(),
  key         text not null collate "C",
  person_id   uuid not null,
  primary key (hospital_id, key, person_id),
  foreign key (hospital_id, person_id) references patients.people on delete cascade
);
call house.guard('patients.people_keys');
create index on patients.people_keys (hospital_id, person_id);

create table patients.people_ties (
  hospital_id     int         not null default house.hospital(),
  person_id       uuid        not null,
  patient_id      uuid        not null,
  said_patient_id uuid        not null,
  relation        text        not null,
  tied_at         timestamptz not null,
  tied_by         uuid,
  primary key (hospital_id, person_id, said_patient_id),
  foreign key (hospital_id, person_id) references patients.people,
  foreign key (hospital_id, patient_id) references patients.patients
);
call house.guard('patients.people_ties');
create index on patients.people_ties (hospital_id, patient_id);
