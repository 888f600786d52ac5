-- Databases of the hospital's own systems from which we read.
create table integration.view_sources (
  hospital_id int         not null default house.hospital(),
  id          uuid        not null,
  name        text        not null check (name <> ''),
  kind        text        not null check (kind in ('postgres', 'mysql', 'sqlserver', 'oracle')),
  host        text        not null check (host <> ''),
  port        int         not null check (port between 1 and 65535),
  database    text        not null check (database <> ''),
  username    text        not null,
  password    bytea       not null, -- sealed
  tls         boolean     not null default false,
  charset     text        not null default 'declared' check (charset in ('declared', 'gb18030', 'utf-8')),
  authority   text        not null default '',
  is_active   boolean     not null default true,
  changed_at  timestamptz not null,
  primary key (hospital_id, id),
  constraint view_sources_name unique (hospital_id, name)
);
call house.guard('integration.view_sources');

-- What is read of a source: settings above, how far the reading has come below.
create table integration.views (
  hospital_id      int         not null default house.hospital(),
  id               uuid        not null,
  source_id        uuid        not null,
  subject          text        not null check (subject in ('patients', 'encounters', 'discharges', 'reports', 'staff', 'places')),
  relation         jsonb       not null, -- {"schema","name"} or {"select"}
  keys             text[]      not null check (cardinality(keys) between 1 and 4),
  update_column    text,
  mapping          jsonb       not null,
  codes            jsonb       not null,
  every_seconds    int         not null check (every_seconds >= 60),
  start_on         date,
  is_active        boolean     not null default true,
  changed_at       timestamptz not null,

  mark             text, -- the latest update time seen, as the other side writes it
  cursor           jsonb, -- where a reading that is under way goes on, and where it was resumed
  read_rows        int         not null default 0,
  rows             bigint      not null default 0,
  next_at          timestamptz not null,
  last_run_at      timestamptz,
  last_ok_at       timestamptz,
  nightly_on       date, -- the day on which the discharges of a month were last read anew
  failures         int         not null default 0,
  failing_since    timestamptz,
  failure          text,
  failure_detail   text,
  missing_columns  text[]      not null default '{}',
  rows_without_key int         not null default 0,
  has_future_rows  boolean     not null default false,
  primary key (hospital_id, id),
  foreign key (hospital_id, source_id) references integration.view_sources,
  check ((failure is null) = (failing_since is null))
);
call house.guard('integration.views');
create index on integration.views (hospital_id, source_id);

-- What was last read of each row: the hash tells whether it says something new. The row itself is kept only while somebody has to look at it.
create table integration.view_rows (
  hospital_id  int         not null default house.hospital(),
  view_id      uuid        not null,
  key          text        not null collate "C",
  hash         bytea       not null,
  memory       jsonb       not null,
  status       text        not null check (status in ('applied', 'waiting')),
  problems     jsonb,
  failure      text,
  body         bytea, -- sealed
  patient_id   uuid,
  encounter_id uuid,
  read_at      timestamptz not null,
  primary key (hospital_id, view_id, key),
  foreign key (hospital_id, view_id) references integration.views
);
call house.guard('integration.view_rows');
create index on integration.view_rows (hospital_id, view_id, read_at, key) where status = 'waiting';
create index on integration.view_rows (hospital_id, view_id, read_at, key) where status = 'applied' and problems is not null;

-- Discharges of a day and ward, there and here. A ward that the view does not name is the nil UUID.
create table integration.view_counts (
  hospital_id int         not null default house.hospital(),
  view_id     uuid        not null,
  day         date        not null,
  ward_id     uuid        not null,
  theirs      int         not null,
  ours        int         not null,
  counted_at  timestamptz not null,
  primary key (hospital_id, view_id, day, ward_id),
  foreign key (hospital_id, view_id) references integration.views
);
call house.guard('integration.view_counts');
create index on integration.view_counts (hospital_id, day);

-- Questions to a source while it is being set up; asked by the reader, forgotten after some minutes.
create table integration.view_questions (
  hospital_id int         not null default house.hospital(),
  id          uuid        not null,
  asked       bytea       not null, -- sealed: it may hold a password
  answer      bytea, -- sealed: it may hold rows
  asked_at    timestamptz not null,
  claimed_at  timestamptz,
  primary key (hospital_id, id)
);
call house.guard('integration.view_questions');
create index on integration.view_questions (hospital_id, asked_at) where answer is null;
