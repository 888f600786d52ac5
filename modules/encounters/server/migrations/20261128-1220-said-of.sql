-- Whom a visit was said of, beside whose it is today: files that were merged may be parted again.
call house.unforce('encounters.encounters');
call house.unforce('encounters.facts');
alter table encounters.encounters add column said_patient_id uuid;
update encounters.encounters e set said_patient_id = coalesce((
  select (f.said ->> 'patientId')::uuid from encounters.facts f
   where f.hospital_id = e.hospital_id and f.encounter_id = e.id order by f.source_at desc, f.arrived desc limit 1), e.patient_id);
alter table encounters.encounters alter column said_patient_id set not null;
call house.guard('encounters.encounters');
call house.guard('encounters.facts');

create or replace view encounters.cards with (security_invoker = true) as
  select hospital_id, id, patient_id, number, class, status, status_at, department_id, ward_id, room, bed, attending_id, nurse_id,
         nursing_level, condition, ever_critical, ever_serious, ever_special_nursing, ever_level_one,
         admitted_at, discharged_at, discharged_on, disposition, identity_class, payer, length_of_stay_days,
         main_diagnosis_code, main_diagnosis_name, prior_discharge_on, said_patient_id
    from encounters.encounters;
call house.publish('encounters.cards');
