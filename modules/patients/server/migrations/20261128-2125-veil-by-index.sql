-- Behind the veil nearly every row is of somebody in no class. That is asked of the index over those who are in one, in the policy itself; a function that asks it, called for each
-- row, took longer than all the rest of a search.
create or replace procedure house.veil(t regclass, patient text default 'patient_id', other text default null) language plpgsql as $$
declare
  shown text := 'not exists (select from (values (%1$s)) as of (patient) join patients.privacy v on v.patient_id = of.patient and v.class <> ''none'') or house.shows_patient(%1$s)';
begin
  execute format(
    'create policy veil on %s as restrictive for select to renxin_app using (current_setting(''house.veil'', true) is distinct from ''on'' or (%s)%s)',
    t, format(shown, patient), case when other is null then '' else format(' and (%s)', format(shown, other)) end);
end $$;

do $$
declare
  t regclass;
begin
  for t in select polrelid from pg_policy where polname = 'veil' loop
    execute format('drop policy veil on %s', t);
    case t::text
      when 'patients.patients' then call house.veil(t, 'case when merged_into is null then id else merged_into end');
      when 'patients.conflicts' then call house.veil(t, 'patient_id', 'other_id');
      when 'patients.duplicates' then call house.veil(t, 'one_id', 'other_id');
      when 'patients.merges' then call house.veil(t, 'survivor_id');
      when 'patients.field_values' then call house.veil(t, 'object_id');
      else call house.veil(t);
    end case;
  end loop;
end $$;

create or replace function patients.is_plain(patient uuid) returns boolean language plpgsql stable parallel safe as $$
begin
  return not exists (
    select from patients.privacy p
    where p.patient_id = patient and p.class <> 'none' and patients.known_as(p.patient_id, p.class) is distinct from 'whole');
end $$;
