-- What comes from the hospital's own systems: who sends, and every message that was acknowledged.
create schema integration;

create table integration.senders (
  hospital_id int         not null default house.hospital(),
  id          uuid        not null,
  application text        not null, -- MSH-3
  facility    text        not null, -- MSH-4
  name        text        not null,
  mapping     jsonb       not null default '{}', -- as an engineer wrote it; what it leaves out is as by default
  charset     text        not null default 'auto' check (charset in ('auto', 'utf-8', 'gb18030')),
  zone        text,                 -- of times without one; the hospital's where null
  reply_mode  text        not null default 'auto' check (reply_mode in ('auto', 'original', 'enhanced')),
  is_active   boolean     not null default true,
  is_new      boolean     not null default true, -- made by its first message and looked at by nobody yet
  created_at  timestamptz not null,
  changed_at  timestamptz not null,
  primary key (hospital_id, id),
  unique (hospital_id, application, facility)
);
call house.guard('integration.senders');

create table integration.messages (
  hospital_id        int         not null default house.hospital(),
  id                 uuid        not null,
  sender_id          uuid        not null,
  control_id         text        not null,
  content_hash       bytea       not null, -- SHA-256 of the decoded message
  received_at        timestamptz not null,
  sent_at            timestamptz,          -- MSH-7
  type               text        not null,
  event              text        not null,
  visit_number       text,
  charset            text        not null,
  body               bytea       not null, -- sealed: it names people and their numbers
  mended             bytea,                -- sealed: the text as somebody put it right; `body` stays
  status             text        not null check (status in ('applied', 'ignored', 'waiting', 'failed')),
  reason             text,
  detail             text,
  notes              jsonb,                -- what was taken and not understood: codes without a meaning, times that are none
  reuses_control_id  boolean     not null default false,
  patient_id         uuid,
  encounter_id       uuid,
  attempts           int         not null default 1,
  applied_at         timestamptz,
  primary key (hospital_id, id),
  -- Sent twice, taken once.
  unique (hospital_id, sender_id, control_id, content_hash),
  foreign key (hospital_id, sender_id) references integration.senders,
  foreign key (hospital_id, patient_id) references patients.patients,
  check ((status in ('waiting', 'failed')) = (reason is not null) or status = 'ignored')
);
call house.guard('integration.messages');
create index on integration.messages (hospital_id, sender_id, id);
create index on integration.messages (hospital_id, visit_number, id) where visit_number is not null;
create index unsettled_messages on integration.messages (hospital_id, status, id) where status in ('waiting', 'failed');
create index on integration.messages (hospital_id, id) where reuses_control_id;

-- Which hospital a sender belongs to. Looked at before there is a hospital, so it stands outside the walls and is reached by the functions below alone.
create table integration.addresses (
  application text not null,
  facility    text not null,
  hospital_id int  not null,
  primary key (application, facility)
);
alter table integration.addresses enable row level security;

-- Messages of senders whom no hospital knows, where there are several. Sealed under a key of no hospital.
create table integration.unclaimed (
  id           uuid        not null primary key,
  application  text        not null,
  facility     text        not null,
  control_id   text        not null,
  content_hash bytea       not null,
  received_at  timestamptz not null,
  type         text        not null,
  event        text        not null,
  charset      text        not null,
  body         bytea       not null,
  assigned_to  int,
  unique (application, facility, control_id, content_hash)
);
alter table integration.unclaimed enable row level security;
create index on integration.unclaimed (assigned_to, id) where assigned_to is not null;

create function integration.find_hospitals(applications text[], facilities text[]) returns table (application text, facility text, hospital_id int)
  language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select a.application, a.facility, a.hospital_id
  from unnest(applications, facilities) as w (application, facility)
  join integration.addresses a on a.application = w.application and a.facility = w.facility
  join house.hospital_list() h on h.id = a.hospital_id
$$;

-- Takes an address for the hospital of this transaction; false where another hospital has it.
create function integration.take_address(application text, facility text) returns boolean
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if house.hospital() is null then return false; end if;
  insert into integration.addresses as a (application, facility, hospital_id) values (take_address.application, take_address.facility, house.hospital())
  on conflict on constraint addresses_pkey do update set hospital_id = excluded.hospital_id
    where not exists (select from house.hospital_list() h where h.id = a.hospital_id); -- of a hospital that is gone
  return exists (
    select from integration.addresses a
    where a.application = take_address.application and a.facility = take_address.facility and a.hospital_id = house.hospital());
end $$;

create function integration.keep_unclaimed(
  ids uuid[], applications text[], facilities text[], control_ids text[], hashes bytea[], at timestamptz, types text[], events text[], charsets text[], bodies bytea[]
) returns void language sql security definer set search_path = pg_catalog, pg_temp as $$
  insert into integration.unclaimed (id, application, facility, control_id, content_hash, received_at, type, event, charset, body)
  select w.id, w.application, w.facility, w.control_id, w.hash, at, w.type, w.event, w.charset, w.body
  from unnest(ids, applications, facilities, control_ids, hashes, types, events, charsets, bodies)
    as w (id, application, facility, control_id, hash, type, event, charset, body)
  on conflict do nothing
$$;

-- Who sends without being known: names and numbers of messages, nothing of what is in them.
create function integration.unclaimed_senders() returns table (application text, facility text, messages bigint, first_at timestamptz, last_at timestamptz)
  language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select u.application, u.facility, count(*), min(u.received_at), max(u.received_at)
  from integration.unclaimed u where u.assigned_to is null
  group by u.application, u.facility order by max(u.received_at) desc limit 200
$$;

-- Gives what was kept of a sender to the hospital of this transaction, which must have taken the address.
create function integration.assign_unclaimed(application text, facility text) returns bigint
  language sql security definer set search_path = pg_catalog, pg_temp as $$
  with given as (
    update integration.unclaimed u set assigned_to = house.hospital()
    where u.application = assign_unclaimed.application and u.facility = assign_unclaimed.facility and u.assigned_to is null
      and exists (select from integration.addresses a
                  where a.application = u.application and a.facility = u.facility and a.hospital_id = house.hospital())
    returning 1
  )
  select count(*) from given
$$;

-- Hands the hospital of this transaction what was given to it, oldest first, and lets it go.
create function integration.take_assigned(most int) returns setof integration.unclaimed
  language sql security definer set search_path = pg_catalog, pg_temp as $$
  with taken as (
    delete from integration.unclaimed u
    where u.id in (select f.id from integration.unclaimed f where f.assigned_to = house.hospital() order by f.id limit most for update skip locked)
    returning u.*
  )
  select * from taken order by id
$$;

create function integration.hospitals_with_assigned() returns setof int
  language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select distinct u.assigned_to from integration.unclaimed u join house.hospital_list() h on h.id = u.assigned_to
$$;

do $$
declare f regprocedure;
begin
  for f in select p.oid::regprocedure from pg_proc p join pg_namespace n on n.oid = p.pronamespace where n.nspname = 'integration' loop
    execute format('revoke all on function %s from public', f);
    execute format('grant execute on function %s to renxin_app', f);
  end loop;
end $$;
