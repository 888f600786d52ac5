-- What was stopped may be taken back exactly as it stood: its status, what the patient was promised, and the task that was the cause where one was.
alter table followups.tasks add column put_aside jsonb;
