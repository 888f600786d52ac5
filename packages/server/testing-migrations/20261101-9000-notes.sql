create schema notes;

create table notes.notes (
  hospital_id int  not null default house.hospital(),
  id          uuid not null,
  patient_id  uuid not null,
  text        text not null,
  primary key (hospital_id, id)
);
call house.guard('notes.notes');
