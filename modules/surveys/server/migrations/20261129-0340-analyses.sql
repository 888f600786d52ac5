-- The answers to one question over days, read off the index alone: how they are spread, and their mean. And the newest of them, of which a page shows fifty.
create index answers_of_question on surveys.answers (hospital_id, questionnaire_id, link_id, day, response_id)
  include (nth, value_code, value_number, score, department_id, ward_id, attending_id, month);
