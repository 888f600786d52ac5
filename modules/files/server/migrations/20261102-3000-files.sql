create schema files;

create table files.files (
  hospital_id      int         not null default house.hospital(),
  id               uuid        not null,
  about_kind       text        not null,
  about_id         uuid        not null,
  patient_id       uuid, -- whose matter it is; for the audit
  name             text        not null check (name <> ''),
  type             text        not null check (type in ('pdf', 'png', 'jpg', 'docx', 'xlsx', 'txt')),
  size_bytes       int         not null check (size_bytes between 1 and 20971520),
  sha256           text        not null,
  attached_at      timestamptz not null,
  attached_by      uuid,
  attached_by_name text        not null,
  removed_at       timestamptz, -- hidden, not erased: it may have been the ground of a decision
  primary key (hospital_id, id)
);
call house.guard('files.files');
create index on files.files (hospital_id, about_kind, about_id, attached_at);

-- Apart, so that a list of files never reads their bytes.
create table files.contents (
  hospital_id int   not null default house.hospital(),
  file_id     uuid  not null,
  body        bytea not null,
  primary key (hospital_id, file_id),
  foreign key (hospital_id, file_id) references files.files on delete cascade
);
call house.guard('files.contents');
alter table files.contents alter column body set storage external; -- what is kept here is compressed already
