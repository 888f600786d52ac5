-- How follow-up of a patient stands lies by itself: it changes with every task and try, and must not move the many indexes of where the patient stands.
create table patients.followup_standings (
  hospital_id int  not null default house.hospital(),
  patient_id  uuid not null,
  status      text collate "C" check (status in ('reached', 'relative', 'callBack', 'unreached', 'refused', 'ended')), -- how the last try ended
  tried_on    date,
  next_at     timestamptz, -- the next that is due
  due_by      timestamptz, -- its deadline
  primary key (hospital_id, patient_id),
  foreign key (hospital_id, patient_id) references patients.patients
) with (fillfactor = 80);
create index on patients.followup_standings (hospital_id, status, patient_id) where status is not null;
create index on patients.followup_standings (hospital_id, due_by, patient_id) where due_by is not null;

call house.unforce('patients.standings');
insert into patients.followup_standings (hospital_id, patient_id, status, tried_on, next_at, due_by)
select hospital_id, patient_id, followup_status, followup_on, followup_next_at, followup_by from patients.standings
 where num_nonnulls(followup_status, followup_on, followup_next_at, followup_by) > 0;
alter table patients.standings drop column followup_status, drop column followup_on, drop column followup_next_at, drop column followup_by;
call house.guard('patients.standings');
call house.guard('patients.followup_standings');
call house.veil('patients.followup_standings');

create trigger dirty_insert after insert on patients.followup_standings referencing new table as changed for each statement execute function patients.note_dirty('patient_id');
create trigger dirty_update after update on patients.followup_standings referencing new table as changed for each statement execute function patients.note_dirty('patient_id');
create trigger dirty_delete after delete on patients.followup_standings referencing old table as changed for each statement execute function patients.note_dirty('patient_id');
