create schema surveys;

create table surveys.questionnaires (
  hospital_id        int         not null default house.hospital(),
  id                 uuid        not null,
  key                text        check (key ~ '^[a-z0-9-]+$'),
  title              text        not null,
  status             text        not null default 'draft' check (status in ('draft', 'active', 'disabled')),
  current_version_id uuid,
  draft              jsonb       check (draft ->> 'resourceType' = 'Questionnaire'),
  revision           int         not null default 0,
  updated_at         timestamptz not null,
  primary key (hospital_id, id),
  unique (hospital_id, key),
  check (status <> 'active' or current_version_id is not null),
  check (draft is not null or current_version_id is not null)
);
call house.guard('surveys.questionnaires');
create index on surveys.questionnaires (hospital_id, updated_at, id);

-- A version is what was published. It never changes: drafts people have begun and answers they gave were given to these very words.
create table surveys.versions (
  hospital_id      int         not null default house.hospital(),
  id               uuid        not null,
  questionnaire_id uuid        not null,
  number           int         not null check (number > 0),
  title            text        not null,
  definition       jsonb       not null check (definition ->> 'resourceType' = 'Questionnaire'),
  published_at     timestamptz not null,
  published_by     uuid        not null,
  frozen_at        timestamptz,
  primary key (hospital_id, id),
  unique (hospital_id, questionnaire_id, number),
  unique (hospital_id, questionnaire_id, id),
  foreign key (hospital_id, questionnaire_id) references surveys.questionnaires
);
call house.guard('surveys.versions');

alter table surveys.questionnaires
  add foreign key (hospital_id, id, current_version_id) references surveys.versions (hospital_id, questionnaire_id, id);

create function surveys.keep_version() returns trigger language plpgsql as $$
begin
  if old.frozen_at is not null or to_jsonb(new) - 'frozen_at' is distinct from to_jsonb(old) - 'frozen_at' then
    raise exception 'version % of questionnaire % is published and cannot change', old.number, old.questionnaire_id
      using errcode = 'check_violation', constraint = 'versions_frozen';
  end if;
  return new;
end $$;
create trigger keep_version before update on surveys.versions for each row execute function surveys.keep_version();

create table surveys.responses (
  hospital_id      int         not null default house.hospital(),
  id               uuid        not null,
  questionnaire_id uuid        not null,
  version_id       uuid        not null,
  patient_id       uuid        not null,
  encounter_id     uuid,
  channel          text        not null check (channel in ('phone', 'bedside', 'console', 'sms', 'wechat', 'paper', 'kiosk')),
  respondent       text        not null check (respondent in ('patient', 'relative', 'staff')),
  recorded_by      uuid        not null,
  completed_at     timestamptz not null,
  -- The encounter's dimensions when it was answered, and the day of the answer where the hospital stands.
  day              date        not null,
  month            date        not null check (month = date_trunc('month', day::timestamp)::date),
  ward_id          uuid,
  department_id    uuid,
  attending_id     uuid,
  nurse_id         uuid,
  resource         jsonb       not null check (resource ->> 'resourceType' = 'QuestionnaireResponse'),
  score_sum        double precision,
  score_mean       double precision,
  score_count      int         not null,
  primary key (hospital_id, id),
  foreign key (hospital_id, questionnaire_id, version_id) references surveys.versions (hospital_id, questionnaire_id, id),
  foreign key (hospital_id, patient_id) references patients.patients,
  foreign key (hospital_id, encounter_id) references encounters.encounters
);
call house.guard('surveys.responses');
create index on surveys.responses (hospital_id, patient_id, completed_at, id);
create index on surveys.responses (hospital_id, questionnaire_id, completed_at, id);
create index on surveys.responses (hospital_id, month);

-- The first answer freezes the version that it was given to.
create function surveys.freeze_version() returns trigger language plpgsql as $$
begin
  update surveys.versions v set frozen_at = a.at
  from (select hospital_id, version_id, min(completed_at) as at from added group by hospital_id, version_id) a
  where v.hospital_id = a.hospital_id and v.id = a.version_id and v.frozen_at is null;
  return null;
end $$;
create trigger freeze_version after insert on surveys.responses
  referencing new table as added for each statement execute function surveys.freeze_version();

-- One row for each answer given: what statistics read. A question with several answers has several rows.
create table surveys.answers (
  hospital_id      int      not null default house.hospital(),
  response_id      uuid     not null,
  position         smallint not null,
  nth              smallint not null, -- which of its question's answers it is, from 0: those with 0 count the people
  questionnaire_id uuid     not null,
  version_id       uuid     not null,
  link_id          text     not null,
  code             text     not null,
  measure          text     check (measure in ('satisfaction', 'aspect', 'nps')),
  verdict          text     check (verdict in ('satisfied', 'noOpinion', 'dissatisfied', 'promoter', 'passive', 'detractor', 'notApplicable')),
  value_code       text,
  value_text       text,
  value_number     double precision,
  score            double precision,
  day              date     not null,
  month            date     not null,
  ward_id          uuid,
  department_id    uuid,
  attending_id     uuid,
  nurse_id         uuid,
  primary key (hospital_id, response_id, position),
  foreign key (hospital_id, response_id) references surveys.responses
);
call house.guard('surveys.answers');
create index on surveys.answers (hospital_id, questionnaire_id, day);
-- The satisfaction index and the net promoter score, by month and unit.
create index on surveys.answers (hospital_id, month, measure, ward_id) where measure is not null;

create view surveys.questionnaire_cards with (security_invoker = true) as
  select hospital_id, id, key, title, status, current_version_id from surveys.questionnaires;
call house.publish('surveys.questionnaire_cards');

create view surveys.response_cards with (security_invoker = true) as
  select r.hospital_id, r.id, r.questionnaire_id, r.version_id, v.title as questionnaire_title, v.number as version_number,
         r.patient_id, r.encounter_id, r.channel, r.respondent, r.recorded_by, r.completed_at, r.day, r.month,
         r.ward_id, r.department_id, r.attending_id, r.nurse_id, r.score_sum, r.score_mean, r.score_count
  from surveys.responses r
  join surveys.versions v on v.hospital_id = r.hospital_id and v.id = r.version_id;
call house.publish('surveys.response_cards');

create view surveys.answer_rows with (security_invoker = true) as
  select hospital_id, response_id, position, nth, questionnaire_id, version_id, link_id, code, measure, verdict,
         value_code, value_text, value_number, score, day, month, ward_id, department_id, attending_id, nurse_id
  from surveys.answers;
call house.publish('surveys.answer_rows');
