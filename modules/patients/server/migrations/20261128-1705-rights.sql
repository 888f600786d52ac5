-- Who asked to be forgotten. From then on the hospital's systems are not heard on what was erased; a file of which nothing had to stay (is_forgotten)
-- takes no name and no number from them either, until that person comes for a visit.
call house.unforce('patients.patients');
alter table patients.patients
  add column erased_at timestamptz,
  add column is_forgotten boolean not null default false,
  add check (not is_forgotten or erased_at is not null);
create index on patients.patients (hospital_id, id) where erased_at is not null;
call house.guard('patients.patients');

-- The numbers of those who are forgotten, so that whoever names one of them again means that file and makes no new one: keyed hashes, nothing can be read from them.
create table patients.erased_numbers (
  hospital_id int   not null default house.hospital(),
  number_hash bytea not null,
  patient_id  uuid  not null,
  primary key (hospital_id, number_hash),
  foreign key (hospital_id, patient_id) references patients.patients
);
call house.guard('patients.erased_numbers');
create index on patients.erased_numbers (hospital_id, patient_id);

-- For the rooms above: of whom they keep no more than they must.
create view patients.erased_files with (security_invoker = true) as
  select hospital_id, id as patient_id, erased_at, is_forgotten from patients.patients where erased_at is not null;
call house.publish('patients.erased_files');

-- What patients, or those who act for them, ask of the hospital by law: a copy of their file, a correction, an erasure.
-- open → done | refused | withdrawn.
create table patients.rights_requests (
  hospital_id      int         not null default house.hospital(),
  id               uuid        not null,
  patient_id       uuid        not null,
  said_patient_id  uuid        not null, -- of whose file it was asked first
  kind             text        not null check (kind in ('copy', 'correction', 'erasure')),
  asker            text        not null check (asker in ('patient', 'guardian', 'agent', 'relative')),
  asker_name       bytea, -- sealed
  proof            text        not null check (proof in ('identityCard', 'guardianship', 'authorisation', 'kinship', 'known')),
  details          bytea, -- sealed: in their words
  items            bytea, -- sealed: what is to be corrected, and what was decided of each
  received_at      timestamptz not null,
  due_on           date, -- by the hospital's own term; none where none is set
  state            text        not null default 'open' check (state in ('open', 'done', 'refused', 'withdrawn')),
  recorded_by      uuid        not null,
  recorded_by_name text        not null,
  decided_by       uuid,
  decided_by_name  text,
  refusal          bytea, -- sealed
  done_at          timestamptz,
  counts           jsonb,
  primary key (hospital_id, id),
  foreign key (hospital_id, patient_id) references patients.patients,
  foreign key (hospital_id, said_patient_id) references patients.patients,
  check ((state = 'open') = (done_at is null)),
  check (state <> 'refused' or refusal is not null),
  -- Who takes an erasure in is not who carries it out.
  constraint second_person check (kind <> 'erasure' or state <> 'done' or (decided_by is not null and decided_by <> recorded_by))
);
call house.guard('patients.rights_requests');
create index on patients.rights_requests (hospital_id, received_at, id);
create index on patients.rights_requests (hospital_id, state, received_at, id);
create index on patients.rights_requests (hospital_id, due_on) where state = 'open' and due_on is not null;
create index on patients.rights_requests (hospital_id, patient_id, received_at, id);

-- Within how many days the hospital means to answer. The law says "promptly" and names no number: none is set until the hospital sets one.
create table patients.rights_settings (
  hospital_id int not null default house.hospital() primary key,
  answer_days int check (answer_days between 1 and 365)
);
call house.guard('patients.rights_settings');
