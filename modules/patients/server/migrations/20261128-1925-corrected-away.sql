-- What was corrected by right: by field, keyed hashes of the words that are not taken from the hospital's systems again. Nothing can be read from them.
call house.unforce('patients.patients');
alter table patients.patients add column corrected_away jsonb;
call house.guard('patients.patients');
