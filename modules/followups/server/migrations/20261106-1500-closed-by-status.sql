-- The list of what is done, newest first: thousands may have been cancelled in one night, and they are not read to find the first that was done.
create index tasks_closed_as on followups.tasks (hospital_id, status, closed_at desc, id desc) where not is_open;
drop index followups.tasks_closed;
