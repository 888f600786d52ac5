-- The audit trail only grows: the application's role inserts and selects, and cannot say of a row that it were sealed already.
call house.unforce('house.audit');
alter table house.audit add column refusal text; -- the code with which it was refused; null: it was done
call house.guard('house.audit');
revoke insert, update, delete on house.audit from renxin_app;
grant insert (hospital_id, id, at, actor_id, actor_name, action, patient_id, object_id, reason, address, request_id, refusal, detail)
  on house.audit to renxin_app;
create index on house.audit (hospital_id, action, at desc, id desc);
create index on house.audit (hospital_id, address, at desc, id desc) where address is not null;
create index on house.audit (hospital_id, refusal, at desc, id desc) where refusal is not null;

-- Of each row of a block, in the order of their ids: its id and the first half of the SHA-256 of its text. They do not make the block safe, its hash does;
-- they tell which row it is where the hash no longer fits. Blocks from before have none.
call house.unforce('house.audit_blocks');
alter table house.audit_blocks add column digests bytea;
alter table house.audit_blocks add column archive text; -- the file in which its rows lie since they left the table
call house.guard('house.audit_blocks');
revoke insert, update, delete on house.audit_blocks from renxin_app;

-- What one audit row says, as the bytes that are hashed. Every column but the block is in it; a refusal only where there is one, so that older rows say what they said.
create or replace function house.audit_text(a house.audit) returns text language sql stable set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
  select (jsonb_build_array(a.hospital_id, a.id, a.at, a.actor_id, a.actor_name, a.action, a.patient_id, a.object_id, a.reason, a.address, a.request_id, a.detail)
    || case when a.refusal is null then '[]'::jsonb else jsonb_build_array(a.refusal) end)::text
$$;

create or replace function house.seal_audit(at timestamptz) returns int language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  hospital int := house.hospital();
  last house.audit_blocks;
  body text;
  prints bytea;
  ids uuid[];
begin
  if hospital is null or not pg_try_advisory_xact_lock(7001, hospital) then return 0; end if;
  select array_agg(u.id), string_agg(u.said, E'\n' order by u.id),
         string_agg(uuid_send(u.id) || substr(sha256(convert_to(u.said, 'UTF8')), 1, 16), ''::bytea order by u.id)
    into ids, body, prints
    from (select a.id, house.audit_text(a) as said from house.audit a where a.hospital_id = hospital and a.block is null order by a.id limit 5000) u;
  if ids is null then return 0; end if;
  select * into last from house.audit_blocks b where b.hospital_id = hospital order by b.number desc limit 1;
  update house.audit a set block = coalesce(last.number, 0) + 1 where a.hospital_id = hospital and a.id = any (ids);
  insert into house.audit_blocks (hospital_id, number, sealed_at, rows, previous_hash, hash, digests)
  values (hospital, coalesce(last.number, 0) + 1, at, cardinality(ids), coalesce(last.hash, '\x'),
          sha256(coalesce(last.hash, '\x') || convert_to(body, 'UTF8')), prints);
  return cardinality(ids);
end $$;
