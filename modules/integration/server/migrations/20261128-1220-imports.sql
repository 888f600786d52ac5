-- Files that a person chose, or that lay in a watched folder, on their way into the customer file.
create table integration.imports (
  hospital_id     int         not null default house.hospital(),
  id              uuid        not null,
  name            text        not null check (name <> ''),
  kind            text        not null check (kind in ('patients', 'encounters', 'staff', 'places')),
  status          text        not null default 'mapping'
                  check (status in ('mapping', 'checking', 'checked', 'applying', 'done', 'undoing', 'undone', 'discarded', 'failed')),
  reason          text,       -- of a failure: the code of a refusal
  created_at      timestamptz not null,
  created_by      uuid,
  created_by_name text        not null,
  folder_id       uuid,       -- dropped there
  sheets          text[]      not null,
  sheet           text        not null,
  charset         text,       -- of a text
  head_row        int         not null,
  heads           text[]      not null, -- the names of the columns, each different
  mapping         jsonb       not null, -- field → column, as for the columns of a view
  layout          text        not null,
  is_remembered   boolean     not null default false,
  peek            bytea       not null, -- the first rows, sealed
  authority       text        not null, -- who numbers the patients
  said_at         timestamptz not null, -- the moment from which the file speaks
  row_count       int         not null default 0,
  ready           int         not null default 0, -- rows that the step now running has done
  new_rows        int         not null default 0,
  changed_rows    int         not null default 0,
  unchanged_rows  int         not null default 0,
  skipped_rows    int         not null default 0,
  failed_rows     int         not null default 0,
  finished_at     timestamptz,
  undone_at       timestamptz,
  taken_back      int,
  kept            int,
  primary key (hospital_id, id),
  -- Every row of the file has become exactly one of five.
  constraint rows_add_up check (
    status not in ('checked', 'done', 'undoing', 'undone') or row_count = new_rows + changed_rows + unchanged_rows + skipped_rows + failed_rows)
);
call house.guard('integration.imports');
create index on integration.imports (hospital_id, id desc);
create index imports_at_work on integration.imports (hospital_id, id) where status in ('checking', 'applying', 'undoing');

-- The file itself, sealed, while the import is at work. Apart, so that no list reads it.
create table integration.import_files (
  hospital_id int   not null default house.hospital(),
  import_id   uuid  not null,
  body        bytea not null,
  primary key (hospital_id, import_id),
  foreign key (hospital_id, import_id) references integration.imports on delete cascade
);
call house.guard('integration.import_files');
alter table integration.import_files alter column body set storage external; -- what is sealed cannot be packed

-- What became of each row. A step takes the rows that it has not done yet, some at a time, and marks them in the transaction of what they do.
create table integration.import_rows (
  hospital_id  int     not null default house.hospital(),
  import_id    uuid    not null,
  number       int     not null, -- as the spreadsheet shows it
  cells        bytea   not null, -- sealed
  is_edited    boolean not null default false,
  skip         text    check (skip in ('empty', 'total', 'head', 'byHand')),
  is_checked   boolean not null default false,
  is_applied   boolean not null default false,
  is_withdrawn boolean not null default false,
  result       text    check (result in ('new', 'changed', 'unchanged', 'skipped', 'failed')), -- what will become of it, then what became of it
  problems     jsonb   not null default '[]', -- codes and fields, never what stands in a cell
  key          bytea, -- blind, of whom or what the row is about
  print        bytea, -- blind, of everything in it
  repeats      int, -- an earlier row about the same
  changes      bytea, -- what it changes, sealed
  patient_id   uuid,
  said_patient_id uuid, -- the file whose number was named; another where two files are one person
  encounter_id uuid,
  staff_id     uuid,
  kept         jsonb   not null default '[]', -- what could not be taken back, and why
  primary key (hospital_id, import_id, number),
  foreign key (hospital_id, import_id) references integration.imports on delete cascade,
  check ((skip is null) or result is not distinct from 'skipped')
);
call house.guard('integration.import_rows');
create index import_rows_to_check on integration.import_rows (hospital_id, import_id, number) where not is_checked;
create index import_rows_to_apply on integration.import_rows (hospital_id, import_id, number) where not is_applied;
create index import_rows_by_key on integration.import_rows (hospital_id, import_id, key, number) where key is not null;

-- How the columns of a layout were put, by the hash of their names.
create table integration.import_layouts (
  hospital_id int         not null default house.hospital(),
  layout      text        not null,
  kind        text        not null,
  mapping     jsonb       not null,
  saved_at    timestamptz not null,
  primary key (hospital_id, layout)
);
call house.guard('integration.import_layouts');

-- Folders in which other systems drop files at night.
create table integration.drop_folders (
  hospital_id    int     not null default house.hospital(),
  id             uuid    not null,
  path           text    not null check (path <> '' and path !~ '(^|/)\.\.(/|$)'), -- below the hospital's own place
  pattern        text    not null check (pattern <> ''),
  kind           text    not null check (kind in ('patients', 'encounters', 'staff', 'places')),
  is_active      boolean not null default true,
  settle_seconds int     not null default 30 check (settle_seconds between 2 and 3600),
  last_look_at   timestamptz,
  problem        text,
  primary key (hospital_id, id),
  constraint drop_folders_place unique (hospital_id, path, pattern)
);
call house.guard('integration.drop_folders');

-- Each file that was taken, once: its content is known again by its hash.
create table integration.drop_runs (
  hospital_id int         not null default house.hospital(),
  id          uuid        not null,
  folder_id   uuid        not null,
  file_name   text        not null,
  sha256      text        not null,
  seen_at     timestamptz not null,
  result      text        not null check (result in ('taken', 'done', 'repeated', 'refused')),
  reason      text,
  import_id   uuid,
  is_filed    boolean     not null default false, -- put into done/ or failed/, with its result beside it
  primary key (hospital_id, id),
  foreign key (hospital_id, folder_id) references integration.drop_folders,
  foreign key (hospital_id, import_id) references integration.imports
);
call house.guard('integration.drop_runs');
create index on integration.drop_runs (hospital_id, folder_id, id desc);
create index drop_runs_unfiled on integration.drop_runs (hospital_id, folder_id) where not is_filed;
create unique index drop_runs_once on integration.drop_runs (hospital_id, folder_id, sha256) where result in ('taken', 'done');

-- Where the process that looks finds the folders of this hospital; it says so itself.
create table integration.drop_places (
  hospital_id int         not null default house.hospital() primary key,
  place       text        not null,
  looked_at   timestamptz not null
);
call house.guard('integration.drop_places');
