-- The marks of one who asked to be forgotten still count, and are nobody's: without words, without a patient, without a visit.
call house.unforce('surveys.responses');
alter table surveys.responses alter column patient_id drop not null, alter column said_patient_id drop not null,
  add check (patient_id is not null or (said_patient_id is null and encounter_id is null));
call house.guard('surveys.responses');
