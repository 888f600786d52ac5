-- What is sealed anew under another key says nothing new: nobody's segments are reckoned for it.
create or replace function patients.note_dirty() returns trigger language plpgsql as $$
begin
  if current_setting('house.resealing', true) is distinct from 'on' and exists (select from patients.segments where is_active and conditions is not null) then
    execute format('insert into patients.segment_dirty (patient_id) select distinct %I from changed', tg_argv[0]);
  end if;
  return null;
end $$;
