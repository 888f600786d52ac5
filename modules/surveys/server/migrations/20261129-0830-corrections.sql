-- Answers that were put right are another response in the place of the former, with its patient, its moment, its units and what the records had filled in. Both are
-- kept. Figures are made of the one that stands: the former's rows for statistics go, what it said stays in its resource.
alter table surveys.responses add column replaced_by uuid;

create table surveys.corrections (
  hospital_id       int         not null default house.hospital(),
  response_id       uuid        not null,
  former_id         uuid        not null,
  reason            text        not null,
  corrected_at      timestamptz not null,
  corrected_by      uuid        not null,
  corrected_by_name text        not null,
  primary key (hospital_id, response_id),
  constraint corrections_once unique (hospital_id, former_id),
  foreign key (hospital_id, response_id) references surveys.responses,
  foreign key (hospital_id, former_id) references surveys.responses
);
call house.guard('surveys.corrections');

-- Other rooms see what stands.
create or replace view surveys.response_cards with (security_invoker = true) as
  select r.hospital_id, r.id, r.questionnaire_id, r.version_id, v.title as questionnaire_title, v.number as version_number,
         r.patient_id, r.encounter_id, r.channel, r.respondent, r.recorded_by, r.completed_at, r.day, r.month,
         r.ward_id, r.department_id, r.attending_id, r.nurse_id, r.score_sum, r.score_mean, r.score_count
  from surveys.responses r
  join surveys.versions v on v.hospital_id = r.hospital_id and v.id = r.version_id
  where r.replaced_by is null;
