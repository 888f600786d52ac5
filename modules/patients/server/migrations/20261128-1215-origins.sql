-- What a patient was before an import told of them, kept while the import may be taken back. Of one who was made by it there is nothing before.
create table patients.origins (
  hospital_id int   not null default house.hospital(),
  origin      uuid  not null, -- the import
  patient_id  uuid  not null,
  told        jsonb not null, -- field → the moment in milliseconds from which the import spoke of it; where another stands, somebody else has spoken since
  before      jsonb, -- the row, its contacts and its numbers; what is sealed stays sealed
  primary key (hospital_id, origin, patient_id),
  foreign key (hospital_id, patient_id) references patients.patients
);
call house.guard('patients.origins');
create index on patients.origins (hospital_id, patient_id);
