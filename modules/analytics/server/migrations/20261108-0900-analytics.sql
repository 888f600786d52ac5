create schema analytics;

-- Cells are what a dashboard reads; what each row counts for is kept beside them, so that a cell can be reckoned again when a row
-- changes or goes, whatever comes twice. A unit that is not known is the nil UUID: it takes part in primary keys.

-- What each discharge counts for.
create table analytics.stays (
  hospital_id   int     not null default house.hospital(),
  encounter_id  uuid    not null,
  day           date    not null, -- of the discharge
  department_id uuid    not null,
  ward_id       uuid    not null,
  is_alive      boolean not null,
  reached_on    date, -- the first follow-up after this discharge in which somebody was reached
  primary key (hospital_id, encounter_id)
);
call house.guard('analytics.stays');
create index on analytics.stays (hospital_id, day, department_id, ward_id);

create table analytics.stay_days (
  hospital_id   int  not null default house.hospital(),
  day           date not null,
  department_id uuid not null,
  ward_id       uuid not null,
  discharged    int  not null,
  alive         int  not null,
  covered       int  not null, -- of the living: reached within 7 days
  primary key (hospital_id, day, department_id, ward_id)
);
call house.guard('analytics.stay_days');

-- What each closed follow-up by phone counts for.
create table analytics.contacts (
  hospital_id   int  not null default house.hospital(),
  task_id       uuid not null,
  day           date not null, -- of its closing
  department_id uuid not null,
  ward_id       uuid not null,
  outcome       text not null,
  primary key (hospital_id, task_id)
);
call house.guard('analytics.contacts');
create index on analytics.contacts (hospital_id, day, department_id, ward_id, outcome);

create table analytics.contact_days (
  hospital_id   int  not null default house.hospital(),
  day           date not null,
  department_id uuid not null,
  ward_id       uuid not null,
  outcome       text not null,
  tasks         int  not null,
  primary key (hospital_id, day, department_id, ward_id, outcome)
);
call house.guard('analytics.contact_days');

-- Answers keep the month and units they were given with, so their cells need nothing beside them.
create table analytics.answer_months (
  hospital_id    int  not null default house.hospital(),
  month          date not null,
  department_id  uuid not null,
  ward_id        uuid not null,
  satisfied      int  not null,
  no_opinion     int  not null,
  dissatisfied   int  not null,
  not_applicable int  not null,
  promoters      int  not null,
  passives       int  not null,
  detractors     int  not null,
  primary key (hospital_id, month, department_id, ward_id)
);
call house.guard('analytics.answer_months');

-- What each opinion counts for.
create table analytics.opinions (
  hospital_id   int  not null default house.hospital(),
  opinion_id    uuid not null,
  day           date not null,
  kind          text not null,
  category_id   uuid not null, -- the nil UUID where none was chosen
  category      text not null,
  department_id uuid not null,
  ward_id       uuid not null,
  primary key (hospital_id, opinion_id)
);
call house.guard('analytics.opinions');
create index on analytics.opinions (hospital_id, day, kind, category_id, department_id, ward_id);

create table analytics.opinion_days (
  hospital_id   int  not null default house.hospital(),
  day           date not null,
  kind          text not null,
  category_id   uuid not null,
  department_id uuid not null,
  ward_id       uuid not null,
  category      text not null,
  opinions      int  not null,
  primary key (hospital_id, day, kind, category_id, department_id, ward_id)
);
call house.guard('analytics.opinion_days');

-- Which way of counting the cells were made by; another one has them made anew at the next start.
create table analytics.made (
  hospital_id int         not null default house.hospital(),
  counting    int         not null,
  made_at     timestamptz not null,
  primary key (hospital_id)
);
call house.guard('analytics.made');
