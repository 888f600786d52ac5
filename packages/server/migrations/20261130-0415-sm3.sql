-- Each block of the audit trail names what it is hashed with: SHA-256, which the database reckons itself, or SM3 (GB/T 32905), which the server reckons, since PostgreSQL
-- has none. A hospital that goes over from one to the other begins with its next block; blocks that stand are never written again.
alter table house.audit_blocks add column algorithm text not null default 'sha256' check (algorithm in ('sha256', 'sm3'));

-- What the next block is to hold, and on what it follows; nothing where somebody else is sealing, or all is sealed. Nobody else seals until this transaction ends.
create function house.next_audit_block() returns table (number bigint, previous_hash bytea, ids uuid[], said text[]) language plpgsql security definer
  set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
declare
  hospital int := house.hospital();
begin
  if hospital is null or not pg_try_advisory_xact_lock(7001, hospital) then return; end if;
  select array_agg(u.id order by u.id), array_agg(u.said order by u.id) into ids, said
    from (select a.id, house.audit_words(a) as said
          from (select q.id from house.unsealed_audit q where q.hospital_id = hospital order by q.id limit 5000) q
          join house.audit a on a.hospital_id = hospital and a.id = q.id) u;
  if ids is null then return; end if;
  select b.number + 1, b.hash into number, previous_hash from house.audit_blocks b where b.hospital_id = hospital order by b.number desc limit 1;
  number := coalesce(number, 1);
  previous_hash := coalesce(previous_hash, '\x');
  return next;
end $$;

-- Puts rows that are in no block into the next one, under a hash that the server reckoned. It can be false only in a way that `audit verify` names: the rows are what they are.
-- Where no key of the hospital is 国密, nobody but the database reckons hashes.
create function house.seal_audit_sm3(at timestamptz, block_number bigint, sealed uuid[], block_hash bytea, prints bytea) returns void language plpgsql security definer
  set search_path = pg_catalog, pg_temp as $$
declare
  hospital int := house.hospital();
  last house.audit_blocks;
  n int;
begin
  if not pg_try_advisory_xact_lock(7001, hospital) then raise exception 'somebody else is sealing' using errcode = 'object_not_in_prerequisite_state'; end if;
  if not exists (select from house.keys k where k.hospital_id = hospital and k.purpose = 'seal' and k.suite = 'sm' and k.retired_at is null) then
    raise exception 'the hospital has no key of this suite' using errcode = 'object_not_in_prerequisite_state';
  end if;
  select * into last from house.audit_blocks b where b.hospital_id = hospital order by b.number desc limit 1;
  delete from house.unsealed_audit q using house.audit a
   where q.hospital_id = hospital and q.id = any (sealed) and a.hospital_id = hospital and a.id = q.id;
  get diagnostics n = row_count;
  if n = 0 or n <> cardinality(sealed) or sealed <> (select array_agg(i order by i) from unnest(sealed) i)
     or block_number <> coalesce(last.number, 0) + 1 or length(block_hash) <> 32 or length(prints) <> 16 * n then
    raise exception 'this is not the next block' using errcode = 'object_not_in_prerequisite_state';
  end if;
  insert into house.audit_blocks (hospital_id, number, sealed_at, rows, previous_hash, hash, ids, digests, algorithm)
  values (hospital, block_number, at, n, coalesce(last.hash, '\x'), block_hash, sealed, prints, 'sm3');
end $$;

-- Whether a hospital of this database has chosen 国密: then what belongs to all of them, the backups, is of 国密 too.
create function house.has_sm() returns boolean language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select exists (
    select from (select distinct on (k.hospital_id) k.suite from house.keys k join house.hospitals h on h.id = k.hospital_id
                 where k.purpose = 'seal' order by k.hospital_id, k.number desc) newest
    where newest.suite = 'sm')
$$;
