-- Whoever opened a file in an emergency knows that one person wholly for as long as it is open, of whatever class they are; `house.viewer` names them in `admitted`.
create or replace function patients.known_as(patient uuid, class text) returns text language plpgsql stable parallel safe
  security definer set search_path = pg_catalog, pg_temp as $$
declare
  viewer jsonb := nullif(current_setting('house.viewer', true), '')::jsonb;
  reach text := viewer -> 'sees' ->> class;
  units uuid[];
begin
  if viewer is null then return null; end if;
  if reach = 'hospital' or coalesce(viewer -> 'admitted' ? patient::text, false) then return 'whole'; end if;
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
