-- The newest words to a question, of which a page shows twenty: they are not looked for among all answers of the time.
create index answers_texts on surveys.answers (hospital_id, questionnaire_id, link_id, day desc, response_id desc)
  where value_code is null and value_text is not null;
