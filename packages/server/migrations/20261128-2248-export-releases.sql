-- Large exports wait for another person. How many rows somebody may take alone, and what else a hospital asks of it; no row: as `exportPreset` says.
create table house.export_limits (
  hospital_id int     not null default house.hospital() primary key,
  alone_rows  int     not null check (alone_rows between 0 and 50000), -- with more, an export waits
  most_rows   int     not null check (most_rows between 1 and 50000),  -- with more, there is none
  plain_waits boolean not null,                                        -- whole names and numbers wait, however few they are
  take_hours  int     not null check (take_hours between 1 and 168),   -- for so long what was released may be taken
  check (alone_rows <= most_rows)
);
call house.guard('house.export_limits');

-- What somebody wants to take: the question as it was asked, the columns and how many rows it had then. The rows themselves are not kept.
-- What was asked, what was decided and what was taken are rows of their own, added and never changed.
create table house.export_requests (
  hospital_id int         not null default house.hospital(),
  id          uuid        not null,
  at          timestamptz not null,
  actor_id    uuid        not null,
  actor_name  text        not null,
  route       text        not null,
  path        text        not null, -- where it is asked again
  title       text        not null,
  format      text        not null check (format in ('xlsx', 'csv')),
  reason      text        not null check (length(btrim(reason)) >= 2),
  filters     jsonb       not null, -- pairs of words, as they will stand in the file
  columns     jsonb       not null, -- their names
  rows        int         not null check (rows > 0),
  is_plain    boolean     not null, -- with whole names or numbers
  asked       jsonb       not null, -- the question itself: days, codes and ids, as an address has them
  digest      text        not null, -- of route and question
  primary key (hospital_id, id),
  unique (hospital_id, id, actor_id)
);
call house.guard('house.export_requests');
revoke update, delete on house.export_requests from renxin_app;
create index on house.export_requests (hospital_id, at, id);
create index on house.export_requests (hospital_id, actor_id, at, id);

-- Released or refused: once, and never by whoever asked.
create table house.export_decisions (
  hospital_id     int         not null default house.hospital(),
  request_id      uuid        not null,
  asked_by        uuid        not null,
  is_released     boolean     not null,
  at              timestamptz not null,
  decided_by      uuid        not null,
  decided_by_name text        not null,
  reason          text        not null check (length(btrim(reason)) >= 2),
  take_until      timestamptz,
  primary key (hospital_id, request_id),
  unique (hospital_id, request_id, is_released),
  foreign key (hospital_id, request_id, asked_by) references house.export_requests (hospital_id, id, actor_id),
  constraint nobody_releases_his_own check (decided_by <> asked_by),
  check (is_released = (take_until is not null))
);
call house.guard('house.export_decisions');
revoke update, delete on house.export_decisions from renxin_app;

-- By which release an export was taken: once, by whoever asked for it, and only where the answer was yes. Copies of their own file for persons are pages.
call house.unforce('house.exports');
alter table house.exports
  drop constraint exports_format_check,
  add constraint exports_format_check check (format in ('xlsx', 'csv', 'page')),
  add column release_id uuid,
  add column is_released boolean,
  add constraint taken_by_release check (is_released is not distinct from case when release_id is null then null else true end),
  add constraint taken_once unique (hospital_id, release_id),
  add constraint taken_by_whoever_asked foreign key (hospital_id, release_id, actor_id) references house.export_requests (hospital_id, id, actor_id),
  add constraint taken_where_released foreign key (hospital_id, release_id, is_released)
    references house.export_decisions (hospital_id, request_id, is_released);
call house.guard('house.exports');
revoke update, delete on house.exports from renxin_app; -- `guard` gives them back
