-- Fields that a hospital defines for itself, of a patient, a stay or a visit.
create table patients.field_definitions (
  hospital_id   int     not null default house.hospital(),
  id            uuid    not null,
  object        text    not null check (object in ('patient', 'inpatient', 'outpatient')),
  key           text    not null collate "C",
  label         text    not null,
  kind          text    not null check (kind in ('text', 'number', 'date', 'choice', 'multiple')),
  options       jsonb   not null default '[]',
  is_required   boolean not null default false,
  pattern       text,
  least         text,
  most          text,
  position      int     not null default 0,
  is_active     boolean not null default true,
  is_searchable boolean not null default false,
  is_in_list    boolean not null default false,
  is_sensitive  boolean not null default false check (not is_sensitive or kind = 'text'),
  risk_option   text,
  primary key (hospital_id, id),
  unique (hospital_id, object, key)
);
call house.guard('patients.field_definitions');

-- What stands in them: narrow, one row a content (several of a multiple choice), so that a filter reads an index. Each statement keeps when it was said and of
-- which record (said_object_id); of records that were merged the latest word is shown. A row without a content says that it was deleted.
create table patients.field_values (
  hospital_id    int         not null default house.hospital(),
  field_id       uuid        not null,
  said_object_id uuid        not null, -- the patient, or the stay or visit
  position       smallint    not null default 0,
  object_id      uuid        not null, -- whose it is today
  text_value     text collate "C",
  number_value   double precision,
  date_value     date,
  sealed         bytea, -- of a sensitive field; text_value then is its blind index
  search_key     text collate "C",
  said_at        timestamptz not null,
  source         text        not null check (source in ('his', 'manual')),
  is_shown       boolean     not null default true,
  primary key (hospital_id, said_object_id, field_id, position),
  foreign key (hospital_id, field_id) references patients.field_definitions
);
call house.guard('patients.field_values');
create index on patients.field_values (hospital_id, object_id);
create index field_texts on patients.field_values (hospital_id, field_id, text_value, object_id) where is_shown and text_value is not null;
create index field_numbers on patients.field_values (hospital_id, field_id, number_value, object_id) where is_shown and number_value is not null;
create index field_dates on patients.field_values (hospital_id, field_id, date_value, object_id) where is_shown and date_value is not null;
create index field_search on patients.field_values (hospital_id, search_key, object_id) where is_shown and search_key is not null;
