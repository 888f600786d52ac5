-- A content of an own field by which a person is found is a key like a name or a number: what is typed is sought in one place less.
alter table patients.search_keys drop constraint search_keys_kind_check;
alter table patients.search_keys add constraint search_keys_kind_check check (kind in ('name', 'pinyin', 'initials', 'alias', 'number', 'bed', 'ownField'));
call house.unforce('patients.search_keys');
call house.unforce('patients.field_values');
insert into patients.search_keys (hospital_id, key, kind, patient_id)
select distinct hospital_id, search_key, 'ownField', object_id from patients.field_values where is_shown and search_key is not null and search_key <> '';
call house.guard('patients.search_keys');
call house.guard('patients.field_values');
drop index patients.field_search;
