-- What papers there are of a person who asks.
create index on files.files (hospital_id, patient_id) where patient_id is not null;
