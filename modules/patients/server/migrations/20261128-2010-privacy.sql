-- To which class of privacy a person belongs: what a hand said stands against what a rule says. Kept with the file of which it was said; of files that are one
-- person's all classes hold.
create table patients.privacy (
  hospital_id     int         not null default house.hospital(),
  said_patient_id uuid        not null,
  patient_id      uuid        not null, -- today's file
  class           text        not null collate "C" check (class in ('vip', 'sensitive', 'noPublicity', 'staff', 'none')),
  by_rule         text        collate "C" check (by_rule in ('staffNumber', 'department')), -- null: by a hand
  reason          bytea, -- sealed, of a hand
  set_at          timestamptz, -- by a hand
  set_by          uuid,
  set_by_name     text,
  primary key (hospital_id, said_patient_id),
  foreign key (hospital_id, said_patient_id) references patients.patients,
  foreign key (hospital_id, patient_id) references patients.patients,
  check ((by_rule is null) = (reason is not null and set_at is not null)),
  check (class <> 'none' or by_rule is null)
);
call house.guard('patients.privacy');
create index on patients.privacy (hospital_id, patient_id);

-- Departments and wards whose patients are sensitive: the hospital's own list, empty at first.
create table patients.sensitive_units (
  hospital_id int  not null default house.hospital(),
  unit_id     uuid not null,
  primary key (hospital_id, unit_id)
);
call house.guard('patients.sensitive_units');

-- Identity numbers of the hospital's own people, as keyed hashes: by them a patient is known to be one.
create table patients.staff_numbers (
  hospital_id int         not null default house.hospital(),
  number      bytea       not null, -- blind
  added_at    timestamptz not null,
  primary key (hospital_id, number)
);
call house.guard('patients.staff_numbers');

-- A file with such a number is a member of staff's, from the moment on in which it is there.
create function patients.note_staff_file() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' then
    delete from patients.privacy p where p.hospital_id = new.hospital_id and p.said_patient_id = new.id and p.by_rule = 'staffNumber';
  end if;
  insert into patients.privacy (hospital_id, said_patient_id, patient_id, class, by_rule)
  select new.hospital_id, new.id, case when new.merged_into is null then new.id else new.merged_into end, 'staff', 'staffNumber'
    from patients.staff_numbers s where s.hospital_id = new.hospital_id and s.number = new.identity_card_index
  on conflict do nothing;
  return null;
end $$;
create trigger staff_file_new after insert on patients.patients for each row
  when (new.identity_card_index is not null) execute function patients.note_staff_file();
create trigger staff_file_changed after update of identity_card_index on patients.patients for each row
  when (new.identity_card_index is not null and new.identity_card_index is distinct from old.identity_card_index) execute function patients.note_staff_file();

-- What the person at work in this session may know of somebody of this class: `whole`, `masked` where they only treat them, else null, and the patient is not there for
-- them. `house.viewer` says who they are: {id, units, wards, sees: class → how far}. It looks behind the veil, which asks it.
create function patients.known_as(patient uuid, class text) returns text language plpgsql stable parallel safe
  security definer set search_path = pg_catalog, pg_temp as $$
declare
  viewer jsonb := nullif(current_setting('house.viewer', true), '')::jsonb;
  reach text := viewer -> 'sees' ->> class;
  units uuid[];
begin
  if viewer is null then return null; end if;
  if reach = 'hospital' then return 'whole'; end if;
  if reach in ('department', 'ward') then
    units := array(select jsonb_array_elements_text(viewer -> case reach when 'ward' then 'wards' else 'units' end)::uuid);
    if exists (select from patients.care_units c where c.patient_id = patient and c.unit_id = any (units)) then return 'whole'; end if;
  end if;
  if house.is_entrusted(patient, (viewer ->> 'id')::uuid) then
    return case when reach is null then 'masked' else 'whole' end;
  end if;
  units := array(select jsonb_array_elements_text(viewer -> 'wards')::uuid);
  if exists (select from patients.standings s where s.patient_id = patient and s.state = 'inHospital' and s.ward_id = any (units)) then return 'masked'; end if;
  return null;
end $$;

create or replace function house.shows_patient(patient uuid) returns boolean language plpgsql stable parallel safe as $$
declare
  shows boolean;
begin
  select bool_and(patients.known_as(p.patient_id, p.class) is not null) into shows
    from patients.privacy p where p.hospital_id = house.hospital() and p.patient_id = patient and p.class <> 'none';
  return shows is distinct from false;
end $$;

-- Whether a patient whom the session sees stands in no class for it, or in one that it may know wholly.
create function patients.is_plain(patient uuid) returns boolean language plpgsql stable parallel safe as $$
declare
  plain boolean;
begin
  select bool_and(coalesce(patients.known_as(p.patient_id, p.class) = 'whole', false)) into plain
    from patients.privacy p where p.hospital_id = house.hospital() and p.patient_id = patient and p.class <> 'none';
  return plain is distinct from false;
end $$;

-- `王*明`, as `maskName` does it. A test holds the two together.
create function patients.masked_name(name text) returns text language sql immutable parallel safe as $$
  select case
    when length(t) < 2 then repeat('*', length(t))
    when length(t) = 2 then left(t, 1) || '*'
    when t ~ '[·•・‧]' then left(t, 1) || repeat('*', length(t) - 2) || right(t, 1)
    when length(t) = 3 then left(t, 1) || '*' || right(t, 1)
    else left(t, 1) || '**' || right(t, 1) end
  from (select btrim(name) as t) n
$$;

create or replace view patients.cards with (security_invoker = true) as
  select hospital_id, id,
         case when current_setting('house.veil', true) is distinct from 'on' or patients.is_plain(case when merged_into is null then id else merged_into end)
              then name else patients.masked_name(name) end as name,
         case when current_setting('house.veil', true) is distinct from 'on' or patients.is_plain(case when merged_into is null then id else merged_into end)
              then name_pinyin else '' end as name_pinyin,
         sex, birth_on, deceased_at, medical_record_number, identity_class, payer, merged_into
  from patients.patients;

call house.veil('patients.patients', 'case when merged_into is null then id else merged_into end');
call house.veil('patients.identifiers');
call house.veil('patients.contacts');
call house.veil('patients.search_keys');
call house.veil('patients.tagged');
call house.veil('patients.conflicts', 'patient_id', 'other_id');
call house.veil('patients.duplicates', 'one_id', 'other_id');
call house.veil('patients.merges', 'survivor_id');
call house.veil('patients.refusals');
call house.veil('patients.holds');
call house.veil('patients.contact_log');
call house.veil('patients.own_states');
call house.veil('patients.standings');
call house.veil('patients.diagnosed');
call house.veil('patients.origins');
call house.veil('patients.cautions');
call house.veil('patients.allergies');
call house.veil('patients.allergy_lists');
call house.veil('patients.people_ties');
call house.veil('patients.segment_marks');
call house.veil('patients.segment_members');
call house.veil('patients.segment_moves');
call house.veil('patients.rights_requests');
call house.veil('patients.field_values', 'object_id'); -- of a visit it is the visit's id, which is no patient's
