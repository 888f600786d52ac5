-- Who has which part in a visit beside the attending doctor and the nurse, why the patient came, and the accident behind it.
alter table encounters.encounters
  add column admit_reason   text,
  add column accident_at    timestamptz,
  add column accident_kind  text,
  add column accident_place text;

create table encounters.team (
  hospital_id  int  not null default house.hospital(),
  encounter_id uuid not null,
  position     int  not null,
  role         text not null, -- a code of HL7 table 0443, else the sender's own word
  person_id    uuid not null,
  primary key (hospital_id, encounter_id, position),
  foreign key (hospital_id, encounter_id) references encounters.encounters,
  foreign key (hospital_id, person_id) references staff.people
);
call house.guard('encounters.team');
