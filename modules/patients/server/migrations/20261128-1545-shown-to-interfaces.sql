-- What a patient refused and what stands beside him, for whoever tells other systems of it.
create view patients.refusal_cards with (security_invoker = true) as
  select hospital_id, patient_id, kind, value, refused_at from patients.refusals;
call house.publish('patients.refusal_cards');

create view patients.caution_cards with (security_invoker = true) as
  select hospital_id, id, patient_id, kind, text, noted_at, ended_at from patients.cautions;
call house.publish('patients.caution_cards');
