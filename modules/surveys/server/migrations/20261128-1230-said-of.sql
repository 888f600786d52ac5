-- Whom an answer is of, beside whose it is today: files that were merged may be parted again.
call house.unforce('surveys.responses');
alter table surveys.responses add column said_patient_id uuid;
update surveys.responses set said_patient_id = patient_id;
alter table surveys.responses alter column said_patient_id set not null;
call house.guard('surveys.responses');
