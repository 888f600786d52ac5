-- The keys of the hospitals: each lies wrapped under the master key, which never comes here. Of each purpose there may be several, by number: what is sealed names its own.
-- Nothing of patients is in it; the application reaches these tables by the functions below alone. Hospital 0 is the key of what belongs to none.
create table house.keys (
  hospital_id int         not null,
  purpose     text        not null check (purpose in ('seal', 'index', 'anchor')),
  number      int         not null check (number between 1 and 65535),
  suite       text        not null check (suite in ('aes', 'sm')),
  made_at     timestamptz not null default clock_timestamp(),
  usable_at   timestamptz not null, -- by then every process knows it
  is_drawn    boolean     not null default false, -- from before keys were kept: reckoned from the master key, until a new master key wraps it
  retired_at  timestamptz, -- since then it is wrapped nowhere
  primary key (hospital_id, purpose, number)
);

-- The same key under each master key that may open it: under two while one master key follows another.
create table house.wrapped_keys (
  hospital_id int   not null,
  purpose     text  not null,
  number      int   not null,
  master      text  not null, -- the print of the master key
  wrapped     bytea not null,
  primary key (hospital_id, purpose, number, master),
  foreign key (hospital_id, purpose, number) references house.keys on delete cascade
);

insert into house.keys (hospital_id, purpose, number, suite, usable_at, is_drawn)
select h.id, p, 1, 'aes', clock_timestamp(), true
from (select id from house.hospitals union all select 0 where exists (select from house.hospitals)) h, unnest(array['seal', 'index', 'anchor']) p;

create function house.list_keys(hospital int, master_print text)
  returns table (purpose text, number int, suite text, is_drawn boolean, usable_in float8, retired boolean, wrapped bytea)
  language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select k.purpose, k.number, k.suite, k.is_drawn, extract(epoch from k.usable_at - clock_timestamp())::float8, k.retired_at is not null,
    (select w.wrapped from house.wrapped_keys w where w.hospital_id = k.hospital_id and w.purpose = k.purpose and w.number = k.number and w.master = master_print)
  from house.keys k where k.hospital_id = hospital order by k.purpose, k.number
$$;

-- Adds the next key of a purpose, to be used after so many seconds; false where another was quicker.
create function house.add_key(hospital int, key_purpose text, key_number int, key_suite text, master_print text, wrapped_key bytea, seconds float8)
  returns boolean language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if hospital <> 0 and not exists (select from house.hospitals h where h.id = hospital) then return false; end if;
  if (select count(distinct w.master) from house.wrapped_keys w) > 1 then
    raise exception 'the master key is being changed: no key is made until that is finished' using errcode = 'object_not_in_prerequisite_state';
  end if;
  if key_number <> coalesce((select max(k.number) from house.keys k where k.hospital_id = hospital and k.purpose = key_purpose), 0) + 1 then return false; end if;
  insert into house.keys (hospital_id, purpose, number, suite, usable_at)
  values (hospital, key_purpose, key_number, key_suite, clock_timestamp() + make_interval(secs => seconds)) on conflict do nothing;
  if not found then return false; end if;
  insert into house.wrapped_keys values (hospital, key_purpose, key_number, master_print, wrapped_key);
  return true;
end $$;

-- The way of a new key through everything that is sealed: one row for each, the newest is the one that stands. Written with the rows that it has sealed anew,
-- so that whoever goes on after a failure goes on where it was.
create table house.rotations (
  hospital_id   int         not null default house.hospital(),
  number        int         not null, -- of the key under which all is sealed anew
  started_at    timestamptz not null,
  started_by    text        not null,
  pass          int         not null default 1,
  place         text, -- the table that it is at; null: at the beginning of a pass
  after         text[], -- the key of the last row that was looked at
  found         int         not null default 0, -- in this pass: rows that were still under an old key
  resealed      bigint      not null default 0,
  settled_after timestamptz, -- a pass that is to find nothing begins when every transaction that was open then is over
  finished_at   timestamptz,
  primary key (hospital_id, number)
);
call house.guard('house.rotations');
revoke delete on house.rotations from renxin_app;
create unique index one_rotation on house.rotations (hospital_id) where finished_at is null;

-- Removes the keys before the one to which a rotation led: of what they sealed nothing is left. Only with the rotation finished, in its own transaction.
create function house.retire_keys() returns int language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  hospital int := house.hospital();
  newest int := (select max(k.number) from house.keys k where k.hospital_id = hospital and k.purpose = 'seal');
  n int;
begin
  if not exists (select from house.rotations r where r.hospital_id = hospital and r.number = newest and r.finished_at is not null) then
    raise exception 'no rotation to key % was finished', newest using errcode = 'object_not_in_prerequisite_state';
  end if;
  delete from house.wrapped_keys w where w.hospital_id = hospital and w.purpose = 'seal' and w.number < newest;
  update house.keys k set retired_at = clock_timestamp(), is_drawn = false
   where k.hospital_id = hospital and k.purpose = 'seal' and k.number < newest and k.retired_at is null;
  get diagnostics n = row_count;
  return n;
end $$;

-- Whether a transaction of the application that began before this moment is still open: it may hold, and write, what was sealed under a key of before.
create function house.is_settled(since timestamptz) returns boolean language sql volatile set search_path = pg_catalog, pg_temp as $$
  select not exists (
    select from pg_stat_activity a
    where a.datname = current_database() and a.usename = current_user and a.xact_start <= since and a.pid <> pg_backend_pid())
$$;
