-- How calls were led, as whoever supervises heard them: the answers to a questionnaire of the hospital, about the work and not about the patient, and the points that they make.
create table followups.quality_checks (
  hospital_id     int              not null default house.hospital(),
  id              uuid             not null,
  task_id         uuid             not null,
  patient_id      uuid             not null,
  department_id   uuid,
  ward_id         uuid,
  owner_id        uuid             not null,
  owner_name      text             not null,
  version_id      uuid             not null,
  answers         jsonb            not null,
  points          double precision not null check (points >= 0),
  most            double precision not null check (most >= points),
  remarks         text             not null default '',
  checked_at      timestamptz      not null,
  checked_on      date             not null,
  checked_by      uuid             not null,
  checked_by_name text             not null,
  primary key (hospital_id, id),
  foreign key (hospital_id, task_id) references followups.tasks
);
call house.guard('followups.quality_checks');
call house.veil('followups.quality_checks');
create index on followups.quality_checks (hospital_id, checked_on desc, id desc);
create index on followups.quality_checks (hospital_id, task_id);
create index on followups.quality_checks (hospital_id, patient_id);
