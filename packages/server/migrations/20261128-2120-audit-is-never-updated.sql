-- A row of the audit trail is written once and never touched again: a block names its rows, not a row its block. What is in no block yet stands in a list, which the
-- sealer shortens; before, each row was written twice, with all its indexes.
call house.unforce('house.audit');
call house.unforce('house.audit_blocks');

drop index house.unsealed_audit;
create table house.unsealed_audit (
  hospital_id int  not null default house.hospital(),
  id          uuid not null,
  primary key (hospital_id, id)
);
insert into house.unsealed_audit (hospital_id, id) select hospital_id, id from house.audit where block is null;
call house.guard('house.unsealed_audit');
revoke update, delete on house.unsealed_audit from renxin_app;

-- Of a block: the ids of its rows in their order, and of each the first half of the SHA-256 of its text, which tells the row that was changed. The oldest have no digests.
alter table house.audit_blocks add column ids uuid[];
update house.audit_blocks b set ids = t.ids
from (select hospital_id, block, array_agg(id order by id) as ids from house.audit where block is not null group by hospital_id, block) t
where t.hospital_id = b.hospital_id and t.block = b.number;
update house.audit_blocks b set
  ids = (select array_agg(encode(substr(b.digests, 1 + 32 * i, 16), 'hex')::uuid order by i) from generate_series(0, length(b.digests) / 32 - 1) i),
  digests = (select string_agg(substr(b.digests, 17 + 32 * i, 16), ''::bytea order by i) from generate_series(0, length(b.digests) / 32 - 1) i)
where b.digests is not null;
update house.audit_blocks set ids = '{}' where ids is null; -- their rows left for a file before rows were listed
alter table house.audit_blocks alter column ids set not null;
create index on house.audit_blocks (hospital_id, sealed_at); -- by the moment of a row its block is found
call house.guard('house.audit_blocks');
revoke insert, update, delete on house.audit_blocks from renxin_app;

drop function house.audit_text(house.audit);
alter table house.audit drop column block;
alter table house.audit reset (fillfactor);
call house.guard('house.audit');
revoke insert, update, delete on house.audit from renxin_app;
grant insert on house.audit to renxin_app;

-- What one audit row says, as the bytes that are hashed, for whoever has set the zone to UTC: every column; a refusal only where there is one, so that older rows
-- say what they said.
create function house.audit_words(a house.audit) returns text language sql stable as $$
  select (jsonb_build_array(a.hospital_id, a.id, a.at, a.actor_id, a.actor_name, a.action, a.patient_id, a.object_id, a.reason, a.address, a.request_id, a.detail)
    || case when a.refusal is null then '[]'::jsonb else jsonb_build_array(a.refusal) end)::text
$$;

-- The same in any zone. To set the zone for each row takes longer than the words.
create function house.audit_text(a house.audit) returns text language sql stable set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
  select house.audit_words(a)
$$;

create or replace function house.seal_audit(at timestamptz) returns int language plpgsql security definer
  set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
declare
  hospital int := house.hospital();
  last house.audit_blocks;
  body text;
  prints bytea;
  sealed uuid[];
begin
  if hospital is null or not pg_try_advisory_xact_lock(7001, hospital) then return 0; end if;
  select array_agg(u.id order by u.id), string_agg(u.said, E'\n' order by u.id),
         string_agg(substr(sha256(convert_to(u.said, 'UTF8')), 1, 16), ''::bytea order by u.id)
    into sealed, body, prints
    from (select a.id, house.audit_words(a) as said
          from (select q.id from house.unsealed_audit q where q.hospital_id = hospital order by q.id limit 5000) q
          join house.audit a on a.hospital_id = hospital and a.id = q.id) u;
  if sealed is null then return 0; end if;
  select * into last from house.audit_blocks b where b.hospital_id = hospital order by b.number desc limit 1;
  delete from house.unsealed_audit q where q.hospital_id = hospital and q.id = any (sealed);
  insert into house.audit_blocks (hospital_id, number, sealed_at, rows, previous_hash, hash, ids, digests)
  values (hospital, coalesce(last.number, 0) + 1, at, cardinality(sealed), coalesce(last.hash, '\x'),
          sha256(coalesce(last.hash, '\x') || convert_to(body, 'UTF8')), sealed, prints);
  return cardinality(sealed);
end $$;

create or replace function house.backlog() returns table (pending int, oldest_pending timestamptz, given_up int, retrying int, unsealed int, oldest_unsealed timestamptz)
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
    select count(*)::int, min(a.at) into n, at from (
      select w.at from (select q.id from house.unsealed_audit q where q.hospital_id = h order by q.id limit 10000) q join house.audit w on w.hospital_id = h and w.id = q.id) a;
    unsealed := unsealed + n;
    oldest_unsealed := least(oldest_unsealed, at);
  end loop;
  perform set_config('house.hospital', coalesce(before, ''), true);
  return next;
end $$;
