-- Looks at patients that an auditor should know of. They are found by the clock in the rows of the trail, block by block, so that each row is weighed once.
create table patients.unusual_looks (
  hospital_id int         not null default house.hospital(),
  id          uuid        not null,
  rule        text        not null collate "C" check (rule in ('colleague', 'neighbour', 'family', 'protected', 'night', 'volume', 'unrelated', 'emergency')),
  on_day      date        not null,
  actor_id    uuid        not null,
  actor_name  text        not null,
  patient_id  uuid, -- null: about a day and nobody alone
  why         jsonb       not null, -- codes and numbers, no names
  first_at    timestamptz not null,
  last_at     timestamptz not null,
  looks       int         not null check (looks > 0),
  state       text        not null default 'open' collate "C" check (state in ('open', 'explained', 'followUp')),
  asked       text, -- who was asked about it
  note        text,
  decided_at  timestamptz,
  decided_by  text,
  primary key (hospital_id, id),
  constraint unusual_once unique nulls not distinct (hospital_id, actor_id, on_day, rule, patient_id),
  check ((state = 'open') = (decided_at is null) and (decided_at is null) = (decided_by is null))
);
call house.guard('patients.unusual_looks');
create index on patients.unusual_looks (hospital_id, on_day desc, id desc);
create index on patients.unusual_looks (hospital_id, state, on_day desc, id desc);
create index on patients.unusual_looks (hospital_id, rule, on_day desc, id desc);

-- Whom somebody saw on a day, in lists too; kept for the days that may still be told of.
create table patients.looked (
  hospital_id int  not null default house.hospital(),
  on_day      date not null,
  actor_id    uuid not null,
  patient_id  uuid not null,
  primary key (hospital_id, on_day, actor_id, patient_id)
);
call house.guard('patients.looked');

-- How many that were: the history against which a day is held.
create table patients.look_counts (
  hospital_id int     not null default house.hospital(),
  on_day      date    not null,
  actor_id    uuid    not null,
  seen        int     not null,
  was_night   boolean not null,
  primary key (hospital_id, on_day, actor_id)
);
call house.guard('patients.look_counts');

-- Up to which block of the trail all was weighed, and what the hospital set.
create table patients.unusual_rules (
  hospital_id int    not null default house.hospital() primary key,
  block       bigint not null default 0,
  settings    jsonb
);
call house.guard('patients.unusual_rules');
