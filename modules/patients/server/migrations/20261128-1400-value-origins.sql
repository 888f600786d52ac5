-- What stood in a hospital's own field before an import said something of it, kept while the import may be taken back.
create table patients.value_origins (
  hospital_id    int         not null default house.hospital(),
  origin         uuid        not null, -- the import
  said_object_id uuid        not null,
  field_id       uuid        not null,
  said_at        timestamptz not null, -- the moment from which the import spoke; where another stands, somebody else has spoken since
  before         jsonb       not null, -- the rows of patients.field_values
  primary key (hospital_id, origin, said_object_id, field_id),
  foreign key (hospital_id, field_id) references patients.field_definitions
);
call house.guard('patients.value_origins');
