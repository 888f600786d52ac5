-- All diagnoses of a visit as they count today.
create view encounters.diagnosis_cards with (security_invoker = true) as
  select d.hospital_id, d.encounter_id, e.patient_id, d.type, d.rank, d.code, d.name, d.system, e.admitted_at
    from encounters.diagnoses d join encounters.encounters e on e.hospital_id = d.hospital_id and e.id = d.encounter_id
   where d.is_current and e.merged_into is null;
call house.publish('encounters.diagnosis_cards');
