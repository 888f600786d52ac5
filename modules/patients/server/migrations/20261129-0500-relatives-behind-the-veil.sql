-- A relative says of whom they are a relative: who is tied only to persons whom a session does not see is not there for it either. What others than families are, everybody
-- of the hospital works with, and who is tied to nobody yet has just been entered. It looks behind the veil, since the ties of such a person lie behind it.
create function patients.shows_person(person uuid) returns boolean language sql stable parallel safe
  security definer set search_path = pg_catalog, pg_temp as $$
  select coalesce(bool_or(house.shows_patient(t.patient_id)), true)
    from patients.people_ties t where t.hospital_id = house.hospital() and t.person_id = person
$$;

create policy veil on patients.people as restrictive for select to renxin_app
  using (current_setting('house.veil', true) is distinct from 'on' or kind <> 'family' or patients.shows_person(id));
