-- What others told us in FHIR, whole: here the head of each resource, its versions hold the bodies.
create table integration.fhir_resources (
  hospital_id int         not null default house.hospital(),
  key         uuid        not null,
  type        text        not null collate "C",
  id          text        not null collate "C",
  version     int         not null check (version >= 1),
  changed_at  timestamptz not null,
  is_deleted  boolean     not null default false,
  hash        bytea       not null, -- of the text as it is kept: what is sent twice is one version
  object_id   uuid,                 -- what it is in the product: the patient, the encounter, the person, the unit
  patient_id  uuid,                 -- whose record it belongs to
  waits_for   text        collate "C", -- `Patient/1`: who must come before it can be told to the rooms
  primary key (hospital_id, key),
  constraint fhir_resources_id unique (hospital_id, type, id),
  foreign key (hospital_id, patient_id) references patients.patients
) with (fillfactor = 90);
call house.guard('integration.fhir_resources');
create index on integration.fhir_resources (hospital_id, type, changed_at, id);
create index on integration.fhir_resources (hospital_id, type, object_id) where object_id is not null;
create index on integration.fhir_resources (hospital_id, patient_id, type, id) where patient_id is not null;
create index on integration.fhir_resources (hospital_id, waits_for) where waits_for is not null;

create table integration.fhir_versions (
  hospital_id int         not null default house.hospital(),
  key         uuid        not null,
  version     int         not null,
  type        text        not null collate "C",
  changed_at  timestamptz not null,
  method      text        not null check (method in ('POST', 'PUT', 'PATCH', 'DELETE')),
  body        bytea, -- sealed: it names people; null where it was deleted
  primary key (hospital_id, key, version),
  foreign key (hospital_id, key) references integration.fhir_resources
);
call house.guard('integration.fhir_versions');
create index on integration.fhir_versions (hospital_id, type, changed_at, key, version);

-- By what the present versions are found. Numbers of persons and phones stand here as blind index.
create table integration.fhir_index (
  hospital_id int              not null default house.hospital(),
  key         uuid             not null,
  position    int              not null,
  what        text             not null collate "C", -- `Patient.birthdate`
  value       text             collate "C",          -- a code, a folded text, `Patient/1`, an address
  system      text             collate "C",          -- the code's system, the unit's, or the text as it was written
  low         timestamptz,
  high        timestamptz,
  amount      double precision,
  primary key (hospital_id, key, position),
  foreign key (hospital_id, key) references integration.fhir_resources
);
call house.guard('integration.fhir_index');
create index on integration.fhir_index (hospital_id, what, value, key) where value is not null;
create index on integration.fhir_index (hospital_id, what, low, high, key) where low is not null;
create index on integration.fhir_index (hospital_id, what, amount, key) where amount is not null;
