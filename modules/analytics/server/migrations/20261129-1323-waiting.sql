-- Visits whose 30 days have not passed, by the clock: they are in no rate, and a page says how many they are without reading each of them.
create table analytics.revisit_waiting (
  hospital_id   int      not null default house.hospital(),
  month         date     not null,
  kind          text     not null,
  department_id uuid     not null,
  ward_id       uuid     not null,
  doctor_id     uuid     not null,
  chapter       smallint not null,
  visits        int      not null,
  primary key (hospital_id, kind, month, department_id, ward_id, doctor_id, chapter)
);
call house.guard('analytics.revisit_waiting');
