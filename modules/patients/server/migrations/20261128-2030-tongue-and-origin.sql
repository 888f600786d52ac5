-- What systems for admissions say beside who somebody is: the language to speak with him, where he was born, whose citizen he is.
alter table patients.patients
  add column language    text,
  add column birth_place text,
  add column nationality text,
  add column religion    bytea; -- sealed: sensitive by law, shown for a reason only
