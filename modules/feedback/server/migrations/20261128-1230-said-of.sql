-- Of whom an opinion is, beside whose it is today: files that were merged may be parted again.
call house.unforce('feedback.opinions');
alter table feedback.opinions add column said_patient_id uuid;
update feedback.opinions set said_patient_id = patient_id;
alter table feedback.opinions add check ((said_patient_id is null) = (patient_id is null));
call house.guard('feedback.opinions');
