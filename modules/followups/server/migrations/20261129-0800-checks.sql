-- 核查: what the centre found, of a stay that was drawn, of what levels 1 and 2 have on record. One for each of the two.
create table followups.checks (
  hospital_id     int         not null default house.hospital(),
  encounter_id    uuid        not null,
  level           text        not null check (level in ('department', 'supervisor')),
  drawn_for       text        not null default 'centre' check (drawn_for = 'centre'),
  revision        int         not null check (revision >= 1),
  call            text        not null check (call in ('confirmed', 'untrue', 'unclear', 'none')),
  answers         text        not null check (answers in ('agree', 'differ', 'unclear', 'none')),
  note            text        not null,
  -- What was on record when it was checked.
  tries           int         not null check (tries >= 0),
  called_at       timestamptz, -- null: nobody was reached
  caller_name     text,
  seconds         int check (seconds >= 0), -- null: the call was not dialled here, and nobody measured it
  least_seconds   int         not null check (least_seconds >= 0),
  is_short        boolean     not null generated always as (coalesce(seconds < least_seconds, false)) stored,
  checked_at      timestamptz not null,
  checked_by      uuid        not null,
  checked_by_name text        not null,
  primary key (hospital_id, encounter_id, level),
  foreign key (hospital_id, encounter_id, drawn_for) references followups.draw_frame (hospital_id, encounter_id, level),
  check ((call = 'none') = (called_at is null)), -- of what is not on record nothing is true or untrue
  check (call <> 'none' or answers = 'none'),
  check (call <> 'untrue' or answers <> 'agree') -- a call that never was has no answers of the patient
);
call house.guard('followups.checks');

-- What a check said before it was changed.
create table followups.check_changes (
  hospital_id     int         not null default house.hospital(),
  encounter_id    uuid        not null,
  level           text        not null,
  revision        int         not null,
  call            text        not null,
  answers         text        not null,
  note            text        not null,
  checked_at      timestamptz not null,
  checked_by      uuid        not null,
  checked_by_name text        not null,
  primary key (hospital_id, encounter_id, level, revision),
  foreign key (hospital_id, encounter_id, level) references followups.checks
);
call house.guard('followups.check_changes');

-- The result of a month as it was published. A correction of a check afterwards changes nothing here: it is published again, as the next version.
create table followups.publications (
  hospital_id       int         not null default house.hospital(),
  id                uuid        not null,
  month             date        not null check (extract(day from month) = 1),
  version           int         not null check (version >= 1),
  note              text        not null,
  published_at      timestamptz not null,
  published_by      uuid        not null,
  published_by_name text        not null,
  primary key (hospital_id, id),
  constraint publications_version unique (hospital_id, month, version),
  check (version = 1 or note <> '') -- whoever publishes again says why
);
call house.guard('followups.publications');

create table followups.published_rows (
  hospital_id     int  not null default house.hospital(),
  publication_id  uuid not null,
  department_id   uuid not null,
  level           text not null check (level in ('department', 'supervisor')),
  department_name text not null, -- as it was called then
  drawn           int  not null,
  reached         int  not null check (reached <= drawn),
  checked         int  not null check (checked <= drawn),
  confirmed       int  not null,
  untrue          int  not null,
  unclear         int  not null,
  not_called      int  not null,
  too_short       int  not null,
  agree           int  not null,
  differ          int  not null,
  not_compared    int  not null,
  primary key (hospital_id, publication_id, department_id, level),
  foreign key (hospital_id, publication_id) references followups.publications,
  foreign key (hospital_id, department_id) references staff.units,
  check (checked = confirmed + untrue + unclear + not_called),
  check (checked = agree + differ + not_compared)
);
call house.guard('followups.published_rows');

revoke update, delete on followups.publications, followups.published_rows from renxin_app;
revoke delete on followups.checks from renxin_app;
-- Of an earlier finding the note alone can go, where the patient asked to be forgotten.
revoke update, delete on followups.check_changes from renxin_app;
grant update (note) on followups.check_changes to renxin_app;
