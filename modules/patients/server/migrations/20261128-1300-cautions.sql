-- What somebody must know before speaking to a patient: written by a hand, or told by another room (a critical value) until it is dealt with.
create table patients.cautions (
  hospital_id     int         not null default house.hospital(),
  id              uuid        not null, -- of what another room told: the id of that
  patient_id      uuid        not null,
  said_patient_id uuid        not null, -- of whose file it was written first
  kind            text        not null check (kind in ('criticalValue', 'incompatibility', 'payer', 'other')),
  text            text        not null,
  noted_at        timestamptz not null,
  noted_by        uuid,
  ended_at        timestamptz,
  ended_by        uuid,
  primary key (hospital_id, id),
  foreign key (hospital_id, patient_id) references patients.patients,
  foreign key (hospital_id, said_patient_id) references patients.patients
);
call house.guard('patients.cautions');
create index on patients.cautions (hospital_id, patient_id) where ended_at is null;
