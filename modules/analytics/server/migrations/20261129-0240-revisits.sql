-- Who came back within a month, of those who went home and of those who were seen. What each visit counts for is kept beside the cells, as everywhere in this room.

-- The chapter of ICD-10 (GB/T 14396) that a code stands in; 0 where there is no code of it.
create function analytics.chapter_of(code text) returns smallint language sql immutable parallel safe as $$
  select (case
    when c is null or c !~ '^[A-Z][0-9][0-9A-Z]' then 0
    when c < 'C' then 1
    when c < 'D49' then 2
    when c < 'E' then 3
    when c < 'F' then 4
    when c < 'G' then 5
    when c < 'H' then 6
    when c < 'H60' then 7
    when c < 'I' then 8
    when c < 'J' then 9
    when c < 'K' then 10
    when c < 'L' then 11
    when c < 'M' then 12
    when c < 'N' then 13
    when c < 'O' then 14
    when c < 'P' then 15
    when c < 'Q' then 16
    when c < 'R' then 17
    when c < 'S' then 18
    when c < 'U' then 19
    when c < 'V' then 22
    when c < 'Z' then 20
    else 21 end)::smallint
    from (select upper(btrim(code)) collate "C" as c) x
$$;

-- One row for each visit after which somebody may come back (the index): a stay that ended, or an out-patient's day in a department.
create table analytics.revisits (
  hospital_id   int      not null default house.hospital(),
  encounter_id  uuid     not null,
  patient_id    uuid     not null, -- whose it is today
  kind          text     not null check (kind in ('discharged', 'outpatient')),
  day           date     not null, -- of the discharge, or of the visit
  department_id uuid     not null,
  ward_id       uuid     not null,
  doctor_id     uuid     not null,
  chapter       smallint not null,
  sex           text     not null,
  age_band      smallint not null, -- 1 to 14 years, 2 to 44, 3 to 59, 4 to 74, 5 older; 0 unknown
  stay_band     smallint not null, -- 1 to 3 days, 2 to 7, 3 to 14, 4 longer; 0 no stay
  left_out      text     check (left_out in ('died', 'transferred', 'readmitted')),
  came_on       date, -- the first out-patient visit within 30 days
  primary key (hospital_id, encounter_id)
);
call house.guard('analytics.revisits');
call house.veil('analytics.revisits');
create index on analytics.revisits (hospital_id, patient_id);
-- The rows of one cell, whoever the doctor is.
create index on analytics.revisits (hospital_id, kind, department_id, ward_id, chapter, sex, age_band, stay_band, day);
-- The list behind a figure, and how many of a month have days left.
create index on analytics.revisits (hospital_id, kind, day, encounter_id) include (department_id, ward_id);
create index on analytics.revisits (hospital_id, kind, doctor_id, day, encounter_id);

-- Cells hold the visits whose 30 days have passed, up to the day in `revisit_due`; the clock moves it on.
create table analytics.revisit_months (
  hospital_id   int      not null default house.hospital(),
  month         date     not null,
  kind          text     not null,
  department_id uuid     not null,
  ward_id       uuid     not null,
  chapter       smallint not null,
  sex           text     not null,
  age_band      smallint not null,
  stay_band     smallint not null,
  visits        int      not null,
  died          int      not null,
  transferred   int      not null,
  readmitted    int      not null,
  came          int      not null, -- of those who were not left out
  primary key (hospital_id, kind, month, department_id, ward_id, chapter, sex, age_band, stay_band)
);
call house.guard('analytics.revisit_months');

-- The same by doctor.
create table analytics.revisit_doctor_months (
  hospital_id   int      not null default house.hospital(),
  month         date     not null,
  kind          text     not null,
  department_id uuid     not null,
  ward_id       uuid     not null,
  doctor_id     uuid     not null,
  chapter       smallint not null,
  sex           text     not null,
  age_band      smallint not null,
  stay_band     smallint not null,
  visits        int      not null,
  died          int      not null,
  transferred   int      not null,
  readmitted    int      not null,
  came          int      not null,
  primary key (hospital_id, kind, month, department_id, ward_id, doctor_id, chapter, sex, age_band, stay_band)
);
call house.guard('analytics.revisit_doctor_months');

create table analytics.revisit_due (
  hospital_id int  not null default house.hospital(),
  due_until   date not null, -- the last day whose 30 days have passed
  primary key (hospital_id)
);
call house.guard('analytics.revisit_due');

-- Below which share a rate is an alarm; null: none is.
create table analytics.revisit_thresholds (
  hospital_id int           not null default house.hospital(),
  kind        text          not null check (kind in ('discharged', 'outpatient')),
  percent     numeric(4, 1) check (percent > 0 and percent <= 100),
  set_by      uuid          not null,
  set_at      timestamptz   not null,
  primary key (hospital_id, kind)
);
call house.guard('analytics.revisit_thresholds');
