create schema patients;

create table patients.patients (
  hospital_id           int         not null default house.hospital(),
  id                    uuid        not null,
  name                  text        not null default '',
  name_pinyin           text        not null default '',
  name_initials         text        not null default '',
  sex                   text        not null default 'unknown' check (sex in ('male', 'female', 'unknown', 'other')),
  birth_on              date,
  identity_card         bytea, -- sealed
  identity_card_index   bytea, -- blind, of the whole number
  identity_card_last4   bytea, -- blind, of the last four
  identity_card_valid   boolean,
  address               bytea, -- sealed
  district              text,
  ethnic                text,
  marital               text,
  job                   text,
  payer                 text,
  identity_class        text,
  deceased_at           timestamptz, -- what counts: noted here or said by the hospital's system, the moment where it is known, else when it was said
  is_said_dead          boolean     not null default false, -- by the hospital's system
  died_at               timestamptz, -- as the hospital's system says
  death_noted_at        timestamptz, -- as one of us was told; the hospital's system does not take it back
  medical_record_number text,
  bed                   text, -- where the patient lies now, for the search and the card; encounters tells it
  merged_into           uuid,
  said_at               jsonb       not null default '{}', -- field → the source's time of what stands there, in milliseconds
  created_at            timestamptz not null,
  primary key (hospital_id, id),
  foreign key (hospital_id, merged_into) references patients.patients,
  check (merged_into is distinct from id)
) with (fillfactor = 85);
call house.guard('patients.patients');
create index on patients.patients (hospital_id, identity_card_index) where identity_card_index is not null;
create index on patients.patients (hospital_id, identity_card_last4) where identity_card_last4 is not null;
create index on patients.patients (hospital_id, merged_into) where merged_into is not null;
create index on patients.patients (hospital_id, id) where deceased_at is not null;

-- A number belongs to one person.
create table patients.identifiers (
  hospital_id int         not null default house.hospital(),
  system      text        not null collate "C",
  type        text        not null collate "C",
  value       text        not null collate "C", -- of an identity document: its blind index
  patient_id  uuid        not null,
  is_retired  boolean     not null default false, -- came by a merge: finds the person, and is not shown as theirs
  primary key (hospital_id, system, type, value),
  foreign key (hospital_id, patient_id) references patients.patients
);
call house.guard('patients.identifiers');
create index on patients.identifiers (hospital_id, patient_id);

create table patients.contacts (
  hospital_id  int         not null default house.hospital(),
  id           uuid        not null,
  patient_id   uuid        not null,
  relation     text        not null,
  name         text,
  phone        bytea       not null, -- sealed
  phone_index  bytea       not null, -- blind, of the whole number
  phone_last4  bytea       not null, -- blind, of the last four
  kind         text        not null check (kind in ('mobile', 'landline', 'service', 'foreign', 'other')),
  source       text        not null check (source in ('his', 'manual')),
  rank         smallint    not null default 0, -- the order in which the source names them
  is_preferred boolean     not null default false,
  is_void      boolean     not null default false,
  is_former    boolean     not null default false,
  said_at      timestamptz not null, -- of a former number: when the source last named it
  best_hour    smallint check (best_hour between 0 and 23), -- at which this number is answered, learned later
  primary key (hospital_id, id),
  constraint one_contact unique (hospital_id, patient_id, phone_index, relation),
  foreign key (hospital_id, patient_id) references patients.patients
);
call house.guard('patients.contacts');
create index on patients.contacts (hospital_id, phone_index);
create index on patients.contacts (hospital_id, phone_last4);

-- What a person can be found by, cut at each character or syllable, so that a part of a name is the beginning of a key.
create table patients.search_keys (
  hospital_id int      not null default house.hospital(),
  key         text     not null collate "C", -- in small letters
  kind        text     not null collate "C" check (kind in ('name', 'pinyin', 'initials', 'alias', 'number', 'bed')),
  patient_id  uuid     not null,
  position    smallint not null default 0, -- 0 where the key is the whole
  primary key (hospital_id, key, kind, patient_id),
  foreign key (hospital_id, patient_id) references patients.patients
);
call house.guard('patients.search_keys');
create index on patients.search_keys (hospital_id, patient_id);

create table patients.tags (
  hospital_id int     not null default house.hospital(),
  id          uuid    not null,
  name        text    not null,
  tone        text    not null default 'plain' check (tone in ('plain', 'care', 'warning')),
  is_active   boolean not null default true,
  primary key (hospital_id, id),
  unique (hospital_id, name)
);
call house.guard('patients.tags');

create table patients.tagged (
  hospital_id int         not null default house.hospital(),
  patient_id  uuid        not null,
  tag_id      uuid        not null,
  tagged_at   timestamptz not null,
  tagged_by   uuid,
  primary key (hospital_id, patient_id, tag_id),
  foreign key (hospital_id, patient_id) references patients.patients,
  foreign key (hospital_id, tag_id) references patients.tags
);
call house.guard('patients.tagged');
create index on patients.tagged (hospital_id, tag_id, patient_id);

create table patients.merges (
  hospital_id int         not null default house.hospital(),
  id          uuid        not null,
  survivor_id uuid        not null,
  retired_id  uuid        not null,
  reason      text,
  merged_by   uuid,
  merged_at   timestamptz not null,
  before      jsonb       not null, -- both rows, and which numbers, contacts and tags were the retired one's: enough to part them again
  primary key (hospital_id, id),
  foreign key (hospital_id, survivor_id) references patients.patients,
  foreign key (hospital_id, retired_id) references patients.patients
);
call house.guard('patients.merges');
create index on patients.merges (hospital_id, survivor_id);
create index on patients.merges (hospital_id, retired_id);

-- One message named two persons' numbers: nobody is merged in silence, somebody looks.
create table patients.conflicts (
  hospital_id  int         not null default house.hospital(),
  id           uuid        not null,
  patient_id   uuid        not null,
  other_id     uuid        not null,
  cause        text        not null,
  seen_at      timestamptz not null,
  dismissed_at timestamptz,
  primary key (hospital_id, id),
  unique (hospital_id, patient_id, other_id),
  foreign key (hospital_id, patient_id) references patients.patients,
  foreign key (hospital_id, other_id) references patients.patients
);
call house.guard('patients.conflicts');
create index on patients.conflicts (hospital_id, other_id);

-- The units that have cared for a person, and so may see the file.
create table patients.care_units (
  hospital_id int  not null default house.hospital(),
  patient_id  uuid not null,
  unit_id     uuid not null,
  last_on     date not null,
  primary key (hospital_id, patient_id, unit_id),
  foreign key (hospital_id, patient_id) references patients.patients
);
call house.guard('patients.care_units');
create index on patients.care_units (hospital_id, unit_id, patient_id);

create table patients.refusals (
  hospital_id int         not null default house.hospital(),
  patient_id  uuid        not null,
  kind        text        not null check (kind in ('channel', 'purpose')),
  value       text        not null,
  refused_at  timestamptz not null,
  noted_by    uuid,
  primary key (hospital_id, patient_id, kind, value),
  foreign key (hospital_id, patient_id) references patients.patients
);
call house.guard('patients.refusals');

-- What keeps planned contact away from a person for the time being.
create table patients.holds (
  hospital_id int         not null default house.hospital(),
  cause       text        not null,
  object_id   uuid        not null,
  patient_id  uuid        not null,
  set_at      timestamptz not null,
  released_at timestamptz,
  primary key (hospital_id, cause, object_id),
  foreign key (hospital_id, patient_id) references patients.patients
);
call house.guard('patients.holds');
create index on patients.holds (hospital_id, patient_id) where released_at is null;

create table patients.contact_log (
  hospital_id int         not null default house.hospital(),
  id          uuid        not null,
  patient_id  uuid        not null,
  at          timestamptz not null,
  purpose     text,
  primary key (hospital_id, id),
  foreign key (hospital_id, patient_id) references patients.patients
);
call house.guard('patients.contact_log');
create index on patients.contact_log (hospital_id, patient_id, at);

create table patients.settings (
  hospital_id                 int   not null default house.hospital() primary key,
  quiet_hours                 jsonb not null default '[{"from": "21:00", "to": "08:00"}]',
  contacts_per_day            int   not null default 1 check (contacts_per_day > 0),
  contacts_per_week           int check (contacts_per_week > 0),
  area_code                   text check (area_code ~ '^0\d{2,3}$'), -- before a landline that comes without
  last_four_searches_per_hour int   not null default 60 check (last_four_searches_per_hour > 0)
);
call house.guard('patients.settings');

-- How often somebody searched by four digits within the hour.
create table patients.narrow_searches (
  hospital_id int         not null default house.hospital(),
  actor_id    uuid        not null,
  hour_at     timestamptz not null,
  times       int         not null,
  primary key (hospital_id, actor_id, hour_at)
);
call house.guard('patients.narrow_searches');

create view patients.cards with (security_invoker = true) as
  select hospital_id, id, name, name_pinyin, sex, birth_on, deceased_at, medical_record_number, identity_class, payer, merged_into
  from patients.patients;
call house.publish('patients.cards');
