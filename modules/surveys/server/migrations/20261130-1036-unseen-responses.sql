-- The responses to a questionnaire of those whom a veiled session does not see. An answer names no patient: to ask for each of its response whether it is seen takes
-- as long as there are answers, and those to be left out are few. It looks behind the veil, which hides just them.
create function surveys.unseen_responses(questionnaire uuid) returns setof uuid language sql stable parallel safe
  security definer set search_path = pg_catalog, pg_temp as $$
  select r.id from surveys.responses r join patients.classed c on c.hospital_id = r.hospital_id and c.patient_id = r.patient_id
   where r.questionnaire_id = questionnaire and not house.shows_patient(r.patient_id)
$$;
