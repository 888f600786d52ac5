-- The processes that run on this database: each says every few seconds that it lives and how it fares. Nothing of patients is in it; the application
-- reaches both tables by the functions below alone.
create table house.processes (
  id         uuid        not null primary key,
  host       text        not null,
  pid        int         not null,
  roles      text[]      not null,
  version    text        not null,
  started_at timestamptz not null,
  seen_at    timestamptz not null,
  facts      jsonb       not null default '{}'
);

-- Which of the workers does what is to be done once (ticks, folders, sources), and until when it may unless it says so again. By the clock of the
-- database, which all of them share; whoever is killed, stopped or cut off loses it by itself.
create table house.leader (
  the_one boolean     not null primary key default true check (the_one),
  holder  uuid        not null,
  until   timestamptz not null
);

-- Says that a process lives; answers whether it leads. Whoever has not been seen for a day is forgotten.
create function house.beat(process uuid, process_host text, process_pid int, process_roles text[], process_version text, since timestamptz, process_facts jsonb, lease interval)
  returns boolean language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  leads boolean := false;
begin
  insert into house.processes as p (id, host, pid, roles, version, started_at, seen_at, facts)
  values (process, process_host, process_pid, process_roles, process_version, since, clock_timestamp(), process_facts)
  on conflict (id) do update set seen_at = excluded.seen_at, facts = excluded.facts;
  delete from house.processes where seen_at < clock_timestamp() - interval '1 day';
  if 'worker' = any (process_roles) then
    insert into house.leader as l (holder, until) values (process, clock_timestamp() + lease)
    on conflict (the_one) do update set holder = excluded.holder, until = excluded.until where l.holder = excluded.holder or l.until < clock_timestamp();
    leads := found;
  end if;
  return leads;
end $$;

-- A process that ends as it should: the next may lead at once.
create function house.leave(process uuid) returns void language sql security definer set search_path = pg_catalog, pg_temp as $$
  delete from house.processes where id = process;
  delete from house.leader where holder = process;
$$;

create function house.process_list() returns table (id uuid, host text, pid int, roles text[], version text, started_at timestamptz, seconds_silent float8, leads boolean, facts jsonb)
  language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select p.id, p.host, p.pid, p.roles, p.version, p.started_at, extract(epoch from clock_timestamp() - p.seen_at)::float8,
    exists (select from house.leader l where l.holder = p.id and l.until > clock_timestamp()), p.facts
  from house.processes p order by p.started_at
$$;

-- What waits in the whole installation: numbers for those who watch it, and of no hospital in particular.
create function house.backlog() returns table (pending int, oldest_pending timestamptz, given_up int, retrying int, unsealed int, oldest_unsealed timestamptz)
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  h int;
  n int;
  before text := current_setting('house.hospital', true);
  at timestamptz;
begin
  pending := 0; given_up := 0; retrying := 0; unsealed := 0;
  for h in select id from house.hospitals loop
    perform set_config('house.hospital', h::text, true);
    select count(*)::int, min(e.at) into n, at from (select w.at from house.events w where w.hospital_id = h and w.pending order by w.seq limit 10000) e;
    pending := pending + n;
    oldest_pending := least(oldest_pending, at);
    select count(*)::int into n from house.deliveries d where d.hospital_id = h and d.is_given_up;
    given_up := given_up + n;
    select count(*)::int into n from house.deliveries d where d.hospital_id = h and not d.is_given_up;
    retrying := retrying + n;
    select count(*)::int, min(a.at) into n, at from (select w.at from house.audit w where w.hospital_id = h and w.block is null order by w.id limit 10000) a;
    unsealed := unsealed + n;
    oldest_unsealed := least(oldest_unsealed, at);
  end loop;
  perform set_config('house.hospital', coalesce(before, ''), true);
  return next;
end $$;
