-- Of a patient whom a session may not see, nothing here is seen either.
call house.veil('followups.tasks');
call house.veil('followups.attempts');

-- Whoever has a task in hand with a patient knows of them, in the masked form; it looks behind the veil, which asks it.
create or replace function house.is_entrusted(patient uuid, account uuid) returns boolean language sql stable parallel safe
  security definer set search_path = pg_catalog, pg_temp as $$
  select exists (select from followups.tasks t where t.hospital_id = house.hospital() and t.patient_id = patient and t.assignee_id = account and t.is_open)
$$;

-- The queue and what is open go on being read without touching the table: the veil asks for the patient too.
drop index followups.tasks_queue;
create index tasks_queue on followups.tasks (hospital_id, holder_id, queue_at, id) include (next_at, due_by, patient_id) where is_open;
drop index followups.tasks_open;
create index tasks_open on followups.tasks (hospital_id, due_by, id, department_id) include (patient_id) where is_open;
