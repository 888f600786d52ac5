-- Work with a patient is a task that one had or closed within the week round the moment, or a try to reach the patient in it.
create or replace function house.worked_for(patient uuid, account uuid, at timestamptz) returns boolean language sql stable parallel safe
  set search_path = pg_catalog, pg_temp as $$
  select exists (select from followups.tasks t where t.hospital_id = house.hospital() and t.patient_id = patient
                   and (t.assignee_id = account or t.closed_by = account) and (t.is_open or t.closed_at > at - interval '7 days'))
      or exists (select from followups.attempts a where a.hospital_id = house.hospital() and a.patient_id = patient and a.by_id = account
                   and a.started_at between at - interval '7 days' and at + interval '7 days')
$$;
