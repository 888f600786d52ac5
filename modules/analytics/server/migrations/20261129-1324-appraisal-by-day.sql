-- A part of a month is counted from the rows: they are read from the index alone.
drop index analytics.appraised_hospital_id_due_on_task_id_idx;
drop index analytics.efforts_hospital_id_day_attempt_id_idx;
create index appraised_days on analytics.appraised (hospital_id, due_on, task_id)
  include (level, department_id, ward_id, nurse_id, identity_class, state, is_reached, is_in_time, outcome);
create index efforts_days on analytics.efforts (hospital_id, day, attempt_id) include (level, department_id, ward_id, nurse_id, identity_class, is_talk, seconds);
