-- The cells of the appraisal by the day: months are sums of them, and a month that is cut is read from them and not from the rows.
create table analytics.appraisal_days (
  hospital_id     int    not null default house.hospital(),
  day             date   not null,
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
  primary key (hospital_id, part, day, level, department_id, ward_id, of)
);
call house.guard('analytics.appraisal_days');
-- The days of a month of one ward.
create index on analytics.appraisal_days (hospital_id, level, department_id, ward_id, day);
create index on analytics.appraisal_months (hospital_id, level, department_id, ward_id, month);
