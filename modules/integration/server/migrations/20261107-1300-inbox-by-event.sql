-- A rare kind of event is found among millions without reading them all.
create index on integration.messages (hospital_id, event, id);

-- A door remembers for some seconds that nobody knows a sender: what it keeps meanwhile goes to the hospital that has taken it since.
create or replace function integration.keep_unclaimed(
  ids uuid[], applications text[], facilities text[], control_ids text[], hashes bytea[], at timestamptz, types text[], events text[], charsets text[], bodies bytea[]
) returns void language sql security definer set search_path = pg_catalog, pg_temp as $$
  insert into integration.unclaimed (id, application, facility, control_id, content_hash, received_at, type, event, charset, body, assigned_to)
  select w.id, w.application, w.facility, w.control_id, w.hash, at, w.type, w.event, w.charset, w.body, a.hospital_id
  from unnest(ids, applications, facilities, control_ids, hashes, types, events, charsets, bodies)
    as w (id, application, facility, control_id, hash, type, event, charset, body)
  left join integration.addresses a on a.application = w.application and a.facility = w.facility
  on conflict do nothing
$$;
