-- How many telephones a patient can be called on, so that those who have none, or one, are found by an index. Kept by the table of numbers itself: whatever changes
-- one, nobody is missed.
alter table patients.patients add phones smallint not null default 0;
alter table patients.patients add has_landline boolean not null default false;

create function patients.phones_of(hospital int, patients uuid[]) returns table (patient_id uuid, phones smallint, has_landline boolean)
  language sql stable set search_path = pg_catalog, pg_temp as $$
  select i.id, count(distinct c.phone_index)::smallint, coalesce(bool_or(c.kind = 'landline'), false)
    from unnest(patients) i (id)
    left join patients.contacts c on c.hospital_id = hospital and c.patient_id = i.id and not c.is_void and not c.is_former
      and c.kind in ('mobile', 'landline', 'foreign')
   group by i.id $$;

create function patients.count_phones() returns trigger language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  hospital int;
  ids uuid[];
begin
  for hospital, ids in select c.hospital_id, array_agg(distinct c.patient_id) from changed c group by c.hospital_id loop
    update patients.patients p set phones = n.phones, has_landline = n.has_landline from patients.phones_of(hospital, ids) n
     where p.hospital_id = hospital and p.id = n.patient_id and (p.phones, p.has_landline) is distinct from (n.phones, n.has_landline);
  end loop;
  return null;
end $$;
create trigger count_insert after insert on patients.contacts referencing new table as changed for each statement execute function patients.count_phones();
create trigger count_update after update on patients.contacts referencing new table as changed for each statement execute function patients.count_phones();
create trigger count_delete after delete on patients.contacts referencing old table as changed for each statement execute function patients.count_phones();

call house.unforce('patients.patients');
call house.unforce('patients.contacts');
update patients.patients p set phones = n.phones, has_landline = n.has_landline
  from (select c.hospital_id, c.patient_id, count(distinct c.phone_index)::smallint as phones, bool_or(c.kind = 'landline') as has_landline
          from patients.contacts c where not c.is_void and not c.is_former and c.kind in ('mobile', 'landline', 'foreign') group by 1, 2) n
 where p.hospital_id = n.hospital_id and p.id = n.patient_id;
call house.guard('patients.patients');
call house.guard('patients.contacts');

create index on patients.patients (hospital_id, phones, id) where merged_into is null and phones < 2;
