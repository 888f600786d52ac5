-- The whole hospital's visits by what patients are compared by: expected rates and the hospital's own course are read from these few cells.
create table analytics.revisit_strata (
  hospital_id int      not null default house.hospital(),
  month       date     not null,
  kind        text     not null,
  chapter     smallint not null,
  sex         text     not null,
  age_band    smallint not null,
  stay_band   smallint not null,
  visits      int      not null,
  died        int      not null,
  transferred int      not null,
  readmitted  int      not null,
  came        int      not null,
  primary key (hospital_id, kind, month, chapter, sex, age_band, stay_band)
);
call house.guard('analytics.revisit_strata');

-- The cells of which one of these is the sum; and those of one department over the months.
create index on analytics.revisit_months (hospital_id, kind, month, chapter, sex, age_band, stay_band);
create index on analytics.revisit_months (hospital_id, kind, department_id, month);
create index on analytics.revisit_doctor_months (hospital_id, kind, doctor_id, month);
