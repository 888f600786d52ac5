create schema staff;

create table staff.campuses (
  hospital_id int     not null default house.hospital(),
  id          uuid    not null,
  name        text    not null check (name <> ''),
  is_active   boolean not null default true,
  primary key (hospital_id, id),
  constraint campuses_name unique (hospital_id, name)
);
call house.guard('staff.campuses');

create table staff.units (
  hospital_id   int     not null default house.hospital(),
  id            uuid    not null,
  kind          text    not null check (kind in ('department', 'ward', 'office')),
  code          text    check (code <> ''),
  name          text    not null check (name <> ''),
  is_named      boolean not null default true, -- false while the name is only the code a sender gave
  department_id uuid,
  campus_id     uuid,
  is_active     boolean not null default true,
  primary key (hospital_id, id),
  foreign key (hospital_id, department_id) references staff.units,
  foreign key (hospital_id, campus_id) references staff.campuses,
  constraint units_code unique (hospital_id, kind, code),
  check (department_id is null or kind = 'ward')
);
call house.guard('staff.units');

-- By which words of the hospital's systems a unit is found: its code, its name. The primary key settles every race.
create table staff.unit_keys (
  hospital_id int  not null default house.hospital(),
  key         text not null,
  unit_id     uuid not null,
  primary key (hospital_id, key),
  foreign key (hospital_id, unit_id) references staff.units on delete cascade
);
call house.guard('staff.unit_keys');
create index on staff.unit_keys (hospital_id, unit_id);

create table staff.people (
  hospital_id int     not null default house.hospital(),
  id          uuid    not null,
  number      text    check (number <> ''),
  name        text    not null check (name <> ''),
  is_named    boolean not null default true,
  name_pinyin text    not null default '', -- 'wangfang wf'
  job         text    not null check (job in ('doctor', 'nurse', 'technician', 'manager', 'other')),
  title       text,
  is_active   boolean not null default true,
  primary key (hospital_id, id),
  constraint people_number unique (hospital_id, number)
);
call house.guard('staff.people');
create index on staff.people (hospital_id, name, id);

create table staff.person_keys (
  hospital_id int  not null default house.hospital(),
  key         text not null,
  person_id   uuid not null,
  primary key (hospital_id, key),
  foreign key (hospital_id, person_id) references staff.people on delete cascade
);
call house.guard('staff.person_keys');
create index on staff.person_keys (hospital_id, person_id);

create table staff.memberships (
  hospital_id int  not null default house.hospital(),
  person_id   uuid not null,
  unit_id     uuid not null,
  primary key (hospital_id, person_id, unit_id),
  foreign key (hospital_id, person_id) references staff.people on delete cascade,
  foreign key (hospital_id, unit_id) references staff.units on delete cascade
);
call house.guard('staff.memberships');
create index on staff.memberships (hospital_id, unit_id, person_id);

-- The State Council's notice of a year. A year without a row is not announced yet.
create table staff.holiday_years (
  hospital_id int not null default house.hospital(),
  year        int not null check (year between 2000 and 2199),
  primary key (hospital_id, year)
);
call house.guard('staff.holiday_years');

-- Days that differ from the plain week: a holiday, or a weekend worked in exchange.
create table staff.holidays (
  hospital_id int     not null default house.hospital(),
  day         date    not null,
  is_working  boolean not null,
  name        text    not null default '',
  primary key (hospital_id, day)
);
call house.guard('staff.holidays');

create view staff.unit_cards with (security_invoker = true) as
  select id, kind, code, name, department_id, campus_id, is_active from staff.units;
call house.publish('staff.unit_cards');

create view staff.person_cards with (security_invoker = true) as
  select id, number, name, name_pinyin, job, title, is_active from staff.people;
call house.publish('staff.person_cards');

create view staff.members with (security_invoker = true) as
  select m.person_id, m.unit_id, u.kind, u.department_id
  from staff.memberships m join staff.units u on u.hospital_id = m.hospital_id and u.id = m.unit_id;
call house.publish('staff.members');
