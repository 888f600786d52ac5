create schema setup;

-- An alarm of the health page that somebody has seen and put off; as long as the finding is the same, no banner tells of it until then.
create table setup.put_off (
  hospital_id int         not null default house.hospital(),
  item        text        not null,
  finding     text        not null,
  at          timestamptz not null,
  until       timestamptz not null check (until > at),
  by_name     text        not null,
  primary key (hospital_id, item)
);
call house.guard('setup.put_off');

-- The last try of each step of the set-up checklist. What failed says why: places, doors and figures, never patients.
create table setup.tries (
  hospital_id int         not null default house.hospital(),
  step        text        not null,
  at          timestamptz not null,
  by_name     text        not null,
  ok          boolean     not null,
  what        text        not null,
  primary key (hospital_id, step)
);
call house.guard('setup.tries');
