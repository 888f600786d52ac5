-- What is asked and told in a call beside what its step asks.

-- A small questionnaire for those who are in a group of patients (a segment or a tag), asked in whichever call comes: key patients, those of an identity.
create table followups.extras (
  hospital_id      int         not null default house.hospital(),
  id               uuid        not null,
  name             text        not null check (name <> ''),
  group_id         uuid        not null,
  questionnaire_id uuid        not null,
  from_on          date        not null,
  until_on         date, -- null: until further notice
  saved_at         timestamptz not null,
  saved_by         uuid        not null,
  primary key (hospital_id, id),
  check (until_on is null or until_on >= from_on)
);
call house.guard('followups.extras');

-- What was answered to one in a call, beside the answers of the call itself.
create table followups.extra_responses (
  hospital_id int  not null default house.hospital(),
  task_id     uuid not null,
  extra_id    uuid not null,
  response_id uuid not null,
  primary key (hospital_id, task_id, extra_id),
  foreign key (hospital_id, task_id) references followups.tasks,
  foreign key (hospital_id, response_id) references surveys.responses
);
call house.guard('followups.extra_responses');

-- What answers to them were begun, by the extra: kept with the draft of the call.
call house.unforce('followups.drafts');
alter table followups.drafts add column extras jsonb not null default '{}';
call house.guard('followups.drafts');

-- A department's news and new techniques, told in its calls while they are new.
create table followups.news (
  hospital_id     int         not null default house.hospital(),
  id              uuid        not null,
  department_id   uuid, -- null: told in every department's calls
  title           text        not null check (title <> ''),
  text            text        not null check (text <> ''),
  from_on         date        not null,
  until_on        date        not null,
  written_at      timestamptz not null,
  written_by      uuid        not null,
  written_by_name text        not null,
  primary key (hospital_id, id),
  check (until_on >= from_on)
);
call house.guard('followups.news');
create index on followups.news (hospital_id, until_on, from_on);

create table followups.news_told (
  hospital_id int         not null default house.hospital(),
  news_id     uuid        not null,
  task_id     uuid        not null,
  told_at     timestamptz not null,
  told_by     uuid        not null,
  primary key (hospital_id, news_id, task_id),
  foreign key (hospital_id, news_id) references followups.news,
  foreign key (hospital_id, task_id) references followups.tasks
);
call house.guard('followups.news_told');
create index on followups.news_told (hospital_id, task_id);
