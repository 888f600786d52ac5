-- The ground every room stands on: hospitals, the audit trail, the outbox, and the walls between hospitals.
create schema house;
grant usage on schema house to renxin_app;

-- The hospital of the present transaction; null where none was set, so that nothing is seen and nothing goes in.
create function house.hospital() returns int language sql stable parallel safe
  as $$ select nullif(current_setting('house.hospital', true), '')::int $$;

-- Puts the wall up round a table: a session sees and writes its own hospital's rows only.
create procedure house.guard(t regclass) language plpgsql as $$
declare
  schema_name text := (select n.nspname from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.oid = t);
  table_name text := (select relname from pg_class where oid = t);
begin
  execute format('alter table %I.%I enable row level security', schema_name, table_name);
  execute format('alter table %I.%I force row level security', schema_name, table_name);
  if not exists (select from pg_policy where polrelid = t and polname = 'hospital') then
    execute format('create policy hospital on %I.%I using (hospital_id = (select house.hospital())) with check (hospital_id = (select house.hospital()))',
                   schema_name, table_name);
  end if;
  execute format('grant usage on schema %I to renxin_app', schema_name);
  execute format('grant select, insert, update, delete on %I.%I to renxin_app', schema_name, table_name);
end $$;

-- Lets the owner's migration reach the rows of all hospitals; the same migration ends with house.guard.
create procedure house.unforce(t regclass) language plpgsql as $$
begin
  execute format('alter table %s no force row level security', t);
end $$;

-- Shows a view to the other rooms.
create procedure house.publish(v regclass) language plpgsql as $$
declare
  schema_name text := (select n.nspname from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.oid = v);
begin
  execute format('grant usage on schema %I to renxin_app', schema_name);
  execute format('grant select on %s to renxin_app', v);
end $$;

create table house.hospitals (
  id          int         not null generated always as identity primary key,
  name        text        not null unique check (name <> ''),
  short_name  text        not null,
  time_zone   text        not null,
  is_demo     boolean     not null default false,
  created_at  timestamptz not null
);
alter table house.hospitals enable row level security; -- not forced: the owner's functions below list them all
create policy own on house.hospitals using (id = (select house.hospital()));
grant select on house.hospitals to renxin_app;

-- Names of hospitals are no secret: the sign-in page shows them.
create function house.hospital_list() returns setof house.hospitals language sql stable security definer set search_path = pg_catalog, pg_temp
  as $$ select * from house.hospitals order by id $$;

-- The first hospital of an empty installation may be made by the set-up page; further ones only by the owner.
create function house.found_first_hospital(name text, short_name text, time_zone text, at timestamptz) returns int
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  made int;
begin
  lock table house.hospitals in exclusive mode;
  if exists (select from house.hospitals) then
    raise exception 'there is a hospital already' using errcode = 'unique_violation';
  end if;
  insert into house.hospitals (name, short_name, time_zone, created_at) values (name, short_name, time_zone, at) returning id into made;
  return made;
end $$;

-- Facts about the installation itself, such as the fingerprint of its master key.
create table house.settings (
  name  text not null primary key,
  value text not null
);
grant select on house.settings to renxin_app;

create table house.audit (
  hospital_id int         not null default house.hospital(),
  id          uuid        not null,
  at          timestamptz not null,
  actor_id    uuid,
  actor_name  text        not null,
  action      text        not null,
  patient_id  uuid,
  object_id   text,
  reason      text,
  address     text,
  request_id  text        not null,
  detail      jsonb,
  block       bigint, -- set once by the sealer
  primary key (hospital_id, id)
) with (fillfactor = 90);
call house.guard('house.audit');
revoke update, delete on house.audit from renxin_app;
create index on house.audit (hospital_id, at desc, id desc);
create index on house.audit (hospital_id, patient_id, at desc) where patient_id is not null;
create index on house.audit (hospital_id, actor_id, at desc);
create index unsealed_audit on house.audit (hospital_id, id) where block is null;

create table house.audit_blocks (
  hospital_id   int         not null default house.hospital(),
  number        bigint      not null,
  sealed_at     timestamptz not null,
  rows          int         not null,
  previous_hash bytea       not null,
  hash          bytea       not null,
  primary key (hospital_id, number)
);
call house.guard('house.audit_blocks');
revoke insert, update, delete on house.audit_blocks from renxin_app;

-- What one audit row says, as the bytes that are hashed. Every column but the block is in it.
create function house.audit_text(a house.audit) returns text language sql stable set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
  select jsonb_build_array(a.hospital_id, a.id, a.at, a.actor_id, a.actor_name, a.action, a.patient_id, a.object_id, a.reason, a.address, a.request_id, a.detail)::text
$$;

-- Seals what has been committed and is not yet in a block: SHA-256 over the previous block's hash and the rows in the order of their ids.
-- One sealer a hospital at a time; answers how many rows it sealed.
create function house.seal_audit(at timestamptz) returns int language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  hospital int := house.hospital();
  last house.audit_blocks;
  body text;
  ids uuid[];
begin
  if hospital is null or not pg_try_advisory_xact_lock(7001, hospital) then return 0; end if;
  select array_agg(u.id), string_agg(house.audit_text(u), E'\n' order by u.id) into ids, body
    from (select * from house.audit a where a.hospital_id = hospital and a.block is null order by a.id limit 5000) u;
  if ids is null then return 0; end if;
  select * into last from house.audit_blocks b where b.hospital_id = hospital order by b.number desc limit 1;
  update house.audit a set block = coalesce(last.number, 0) + 1 where a.hospital_id = hospital and a.id = any (ids);
  insert into house.audit_blocks (hospital_id, number, sealed_at, rows, previous_hash, hash)
  values (hospital, coalesce(last.number, 0) + 1, at, cardinality(ids), coalesce(last.hash, '\x'),
          sha256(coalesce(last.hash, '\x') || convert_to(body, 'UTF8')));
  return cardinality(ids);
end $$;

-- The transactional outbox: one row a fact, written with the change that it tells of.
create table house.events (
  hospital_id int         not null default house.hospital(),
  id          uuid        not null,
  seq         bigint      not null generated always as identity,
  name        text        not null,
  payload     jsonb       not null,
  at          timestamptz not null,
  pending     boolean     not null default true,
  primary key (hospital_id, id)
) with (fillfactor = 90);
call house.guard('house.events');
create index pending_events on house.events (hospital_id, seq) where pending;
create index on house.events (hospital_id, at) where not pending;

-- A listener that failed on an event: tried again by itself, on its own.
create table house.deliveries (
  hospital_id int         not null default house.hospital(),
  event_id    uuid        not null,
  listener    text        not null,
  attempts    int         not null,
  error       text        not null,
  next_at     timestamptz not null,
  is_given_up boolean     not null default false,
  primary key (hospital_id, event_id, listener),
  foreign key (hospital_id, event_id) references house.events on delete cascade
);
call house.guard('house.deliveries');
create index on house.deliveries (hospital_id, next_at) where not is_given_up;

-- Which hospitals have something to deliver: the deliverer's only look over the walls.
create function house.hospitals_with_events(now timestamptz) returns setof int language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  h int;
  before text := current_setting('house.hospital', true);
begin
  for h in select id from house.hospitals loop
    perform set_config('house.hospital', h::text, true);
    if exists (select from house.events e where e.hospital_id = h and e.pending)
       or exists (select from house.deliveries d where d.hospital_id = h and not d.is_given_up and d.next_at <= now) then
      return next h;
    end if;
  end loop;
  perform set_config('house.hospital', coalesce(before, ''), true);
end $$;

-- Erases a demo hospital with everything in it, and refuses every other. Foreign keys are taken down and put up again,
-- because checking them row by row would take minutes.
create function house.erase_demo(hospital int) returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  wall record;
  walls jsonb := '[]';
  t record;
begin
  if not exists (select from house.hospitals where id = hospital and is_demo) then
    raise exception 'only a demo hospital may be erased' using errcode = 'insufficient_privilege';
  end if;
  perform set_config('house.hospital', hospital::text, true);
  for wall in
    select format('%I.%I', n.nspname, c.relname) as on_table, k.conname, pg_get_constraintdef(k.oid) as def
    from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
    where k.contype = 'f' and pg_get_userbyid(c.relowner) = current_user and k.conparentid = 0
  loop
    walls := walls || jsonb_build_object('t', wall.on_table, 'n', wall.conname, 'd', wall.def);
    execute format('alter table %s drop constraint %I', wall.on_table, wall.conname);
  end loop;
  for t in
    select format('%I.%I', n.nspname, c.relname) as name
    from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid and a.attname = 'hospital_id' and not a.attisdropped
    where c.relkind in ('r', 'p') and not c.relispartition and pg_get_userbyid(c.relowner) = current_user
  loop
    execute format('delete from %s where hospital_id = %s', t.name, hospital);
  end loop;
  delete from house.hospitals where id = hospital;
  for wall in select w ->> 't' as on_table, w ->> 'n' as conname, w ->> 'd' as def from jsonb_array_elements(walls) w loop
    execute format('alter table %s add constraint %I %s', wall.on_table, wall.conname, wall.def);
  end loop;
end $$;
