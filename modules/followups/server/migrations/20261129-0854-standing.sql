-- How follow-up stands today, by department and ward (nil: none), reckoned by the clock: whoever looks at the hospital reads a few cells and not its tasks.
create table followups.standing (
  hospital_id   int         not null default house.hospital(),
  department_id uuid        not null,
  ward_id       uuid        not null,
  due_today     int         not null,
  overdue       int         not null,
  unclaimed     int         not null,
  done_today    int         not null,
  reckoned_at   timestamptz not null,
  primary key (hospital_id, department_id, ward_id)
);
call house.guard('followups.standing');
