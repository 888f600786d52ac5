-- Appraisal of follow-up: what was due, done and reached, by whom, and how much work it was. What each row counts for stands beside the cells, as everywhere in this room.

-- One row for each follow-up that is closed, or whose window is over. `level`: of its programme; `vanished` asks those who did not come back.
create table analytics.appraised (
  hospital_id    int     not null default house.hospital(),
  task_id        uuid    not null,
  due_on         date    not null, -- the last day of its window
  level          text    not null check (level in ('department', 'supervisor', 'centre', 'bedside', 'study', 'vanished')),
  department_id  uuid    not null,
  ward_id        uuid    not null,
  nurse_id       uuid    not null, -- the account that closed it, else in whose hands it is; nil: nobody's
  identity_class text    not null, -- as the visit says; '' where it does not
  state          text    not null check (state in ('open', 'done', 'stopped')),
  is_reached     boolean not null,
  is_in_time     boolean not null, -- closed within its window
  outcome        text    not null default '',
  primary key (hospital_id, task_id)
);
call house.guard('analytics.appraised');
-- The rows of one cell; the list behind a figure, of all and of one nurse.
create index on analytics.appraised (hospital_id, level, department_id, ward_id, due_on);
create index on analytics.appraised (hospital_id, due_on, task_id);
create index on analytics.appraised (hospital_id, nurse_id, due_on, task_id);

-- One row for each try to reach somebody. `seconds`: from dialling to its end; null where nobody measured it.
create table analytics.efforts (
  hospital_id    int     not null default house.hospital(),
  attempt_id     uuid    not null,
  task_id        uuid    not null,
  day            date    not null,
  level          text    not null,
  department_id  uuid    not null,
  ward_id        uuid    not null,
  nurse_id       uuid    not null, -- who tried
  identity_class text    not null,
  is_talk        boolean not null,
  seconds        int,
  primary key (hospital_id, attempt_id)
);
call house.guard('analytics.efforts');
create index on analytics.efforts (hospital_id, task_id);
create index on analytics.efforts (hospital_id, level, department_id, ward_id, day);
create index on analytics.efforts (hospital_id, day, attempt_id);
create index on analytics.efforts (hospital_id, nurse_id, day, attempt_id);

-- The same month four times: as a whole, by nurse, by identity class, and by what became of each (`of`).
create table analytics.appraisal_months (
  hospital_id     int    not null default house.hospital(),
  month           date   not null,
  part            text   not null check (part in ('unit', 'nurse', 'class', 'outcome')),
  level           text   not null,
  department_id   uuid   not null,
  ward_id         uuid   not null,
  of              text   not null,
  due             int    not null,
  done            int    not null,
  done_in_time    int    not null,
  reached         int    not null,
  reached_in_time int    not null,
  stopped         int    not null,
  tries           int    not null,
  talks           int    not null,
  measured        int    not null,
  seconds         bigint not null,
  primary key (hospital_id, part, month, level, department_id, ward_id, of)
);
call house.guard('analytics.appraisal_months');

-- Cells hold what was due, and what was tried, up to this day; the clock moves it on.
create table analytics.appraisal_due (
  hospital_id int  not null default house.hospital(),
  due_until   date not null,
  primary key (hospital_id)
);
call house.guard('analytics.appraisal_due');
