-- For how long a message that needs nothing any more is kept; no row, the usual time.
create table integration.settings (
  hospital_id int not null default house.hospital() primary key,
  keep_days   int not null check (keep_days between 7 and 3650)
);
call house.guard('integration.settings');

-- What was taken and not understood is found, and read again once its code has a meaning.
create index on integration.messages (hospital_id, id) where notes is not null;
-- The messages of a person that tell of no visit; those of a visit have its number. Few, so that keeping a message costs no more.
create index on integration.messages (hospital_id, patient_id, id) where visit_number is null and patient_id is not null;

-- The lines of one destination: how many were refused, and when the last one went.
create index on integration.outgoing (hospital_id, destination_id, status, seq);
create index on integration.outgoing (hospital_id, seq) where status in ('waiting', 'refused');
