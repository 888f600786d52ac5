-- A destination takes results as HL7 over MLLP, as FHIR over HTTP, or reads them itself from a table of ours.
alter table integration.destinations
  alter column host drop not null,
  alter column port drop not null,
  add column way               text    not null default 'hl7' check (way in ('hl7', 'fhir', 'table')),
  add column followups_as      text    not null default 'oru' check (followups_as in ('oru', 'mdm', 'response', 'observation', 'communication')),
  add column takes_phones      boolean not null default false,
  add column takes_complaint_flag boolean not null default false,
  add column flag_tags         uuid[]  not null default '{}', -- the tags of patients whose coming and going it is told
  add column base_url          text,    -- of a FHIR server
  add column identifier_system text    not null default '', -- under which that server knows medical record numbers
  add column auth              text    not null default 'none' check (auth in ('none', 'bearer', 'basic')),
  add column auth_user         text    not null default '',
  add column auth_secret       bytea,   -- sealed
  add column reader_role       text,    -- the database role that reads the table
  add check (way <> 'hl7' or (host is not null and port is not null)),
  add check (way <> 'fhir' or base_url is not null),
  add check (way <> 'table' or reader_role is not null);

-- What is sent names people, so it is kept sealed; once it has gone and its time is over, only that it went is known.
alter table integration.outgoing
  alter column message drop not null,
  add column body    bytea, -- sealed
  add column subject text not null default '', -- of a state that is told anew each time it changes: which
  drop constraint outgoing_kind_check,
  add constraint outgoing_kind_check check (kind in ('followup', 'complaint', 'phone', 'flag'));
create index on integration.outgoing (hospital_id, created_at) where status = 'sent' and (body is not null or message is not null);
create index on integration.outgoing (hospital_id) where message is not null; -- of an older version, to be sealed

-- A phone that was corrected here and is not yet known to the hospital's system: it goes there once a person has said so.
-- open → confirmed | declined | overtaken (by a later word on the same number).
create table integration.corrections (
  hospital_id int         not null default house.hospital(),
  id          uuid        not null, -- the event's, and the control id of what goes out
  patient_id  uuid        not null,
  contact_id  uuid        not null,
  change      text        not null check (change in ('added', 'voided')),
  replaces_id uuid,                 -- the number that the hospital's system knows for this relation
  heard_by    uuid,
  heard_at    timestamptz not null,
  status      text        not null default 'open' check (status in ('open', 'confirmed', 'declined', 'overtaken')),
  decided_by  uuid,
  decided_at  timestamptz,
  reason      text,
  primary key (hospital_id, id),
  foreign key (hospital_id, patient_id) references patients.patients,
  check ((status = 'open') = (decided_at is null))
);
call house.guard('integration.corrections');
create index on integration.corrections (hospital_id, status, id desc);
create index on integration.corrections (hospital_id, contact_id) where status = 'open';

-- The table that a hospital's system reads. It stands outside the walls, since its reader is no session of ours, and is reached by the functions
-- below alone: a session of ours writes for its own hospital, a reader sees what was written for its own role.
create table integration.readers (
  role_name      text not null primary key,
  hospital_id    int  not null,
  destination_id uuid not null,
  unique (hospital_id, destination_id)
);
alter table integration.readers enable row level security;

create table integration.published (
  hospital_id           int         not null,
  destination_id        uuid        not null,
  line_number           bigint      not null generated always as identity,
  id                    uuid        not null,
  kind                  text        not null,
  happened_at           timestamptz not null,
  medical_record_number text,
  visit_number          text,
  code                  text        not null,
  title                 text        not null,
  result                text        not null,
  written_by            text        not null,
  content               jsonb       not null,
  published_at          timestamptz not null,
  primary key (hospital_id, destination_id, id),
  unique (hospital_id, destination_id, line_number)
);
alter table integration.published enable row level security;
create index on integration.published (hospital_id, published_at);

-- Gives a role to a destination of this hospital; false where another has it.
create function integration.take_reader(role_name text, destination_id uuid) returns boolean
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if house.hospital() is null then return false; end if;
  delete from integration.readers r
    where r.hospital_id = house.hospital() and r.destination_id = take_reader.destination_id and r.role_name <> take_reader.role_name;
  insert into integration.readers as r (role_name, hospital_id, destination_id) values (take_reader.role_name, house.hospital(), take_reader.destination_id)
  on conflict on constraint readers_pkey do nothing;
  return exists (select from integration.readers r
    where r.role_name = take_reader.role_name and r.hospital_id = house.hospital() and r.destination_id = take_reader.destination_id);
end $$;

-- Lays down a line for a destination of this hospital, once.
create function integration.publish(destination_id uuid, id uuid, line jsonb, published_at timestamptz) returns void
  language sql security definer set search_path = pg_catalog, pg_temp as $$
  insert into integration.published (hospital_id, destination_id, id, kind, happened_at, medical_record_number, visit_number, code, title, result, written_by, content, published_at)
  select house.hospital(), publish.destination_id, publish.id, line->>'kind', (line->>'happenedAt')::timestamptz, line->>'medicalRecordNumber',
    line->>'visitNumber', line->>'code', line->>'title', line->>'result', line->>'writtenBy', line->'content', publish.published_at
  where house.hospital() is not null
  on conflict do nothing
$$;

create function integration.clear_published(before timestamptz) returns void
  language sql security definer set search_path = pg_catalog, pg_temp as $$
  delete from integration.published p where p.hospital_id = house.hospital() and p.published_at < before
$$;

-- What a role may do with the table: nothing known, no right yet, or ready.
create function integration.reader_state(role_name text) returns text
  language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  if not exists (select from pg_roles r where r.rolname = role_name) then return 'noRole'; end if;
  if has_schema_privilege(role_name, 'integration_out', 'usage') and has_table_privilege(role_name, 'integration_out.results', 'select') then return 'ready'; end if;
  return 'noGrant';
end $$;

create schema integration_out;

-- The lines for whoever is signed in to the database, after one that was read before, in their order. Of one destination a line with a lower
-- number is never laid down later, so that a reader who remembers the last number misses none.
create function integration_out.results_after(after_line bigint, most int)
  returns table (line_number bigint, id uuid, kind text, happened_at timestamptz, medical_record_number text, visit_number text, code text,
                 title text, result text, written_by text, content jsonb)
  language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select p.line_number, p.id, p.kind, p.happened_at, p.medical_record_number, p.visit_number, p.code, p.title, p.result, p.written_by, p.content
  from integration.readers r
  join integration.published p on p.hospital_id = r.hospital_id and p.destination_id = r.destination_id
  where r.role_name = session_user and p.line_number > after_line
  order by p.line_number limit most
$$;

create view integration_out.results with (security_invoker = true) as select * from integration_out.results_after(0, null);

do $$
declare f regprocedure;
begin
  for f in select p.oid::regprocedure from pg_proc p join pg_namespace n on n.oid = p.pronamespace
           where n.nspname = 'integration' and p.proname in ('take_reader', 'publish', 'clear_published', 'reader_state') loop
    execute format('revoke all on function %s from public', f);
    execute format('grant execute on function %s to renxin_app', f);
  end loop;
end $$;
