-- What a patient does not bear, as the hospital's systems say it. Each row is of the file of which it was said; a merge leaves it there.
create table patients.allergies (
  hospital_id int         not null default house.hospital(),
  patient_id  uuid        not null,
  key         text        not null, -- its code, else its name
  code        text,
  name        text        not null,
  kind        text check (kind in ('drug', 'food', 'environment', 'other')),
  severity    text check (severity in ('mild', 'moderate', 'severe')),
  reaction    text,
  said_at     timestamptz not null,
  is_gone     boolean     not null, -- said to be none any more
  primary key (hospital_id, patient_id, key),
  foreign key (hospital_id, patient_id) references patients.patients
);
call house.guard('patients.allergies');

-- When a source last gave the whole list: what it did not name then, and nobody has named since, is none any more.
create table patients.allergy_lists (
  hospital_id int         not null default house.hospital(),
  patient_id  uuid        not null,
  said_at     timestamptz not null,
  primary key (hospital_id, patient_id),
  foreign key (hospital_id, patient_id) references patients.patients
);
call house.guard('patients.allergy_lists');

-- Under today's patient, those of all files of one person: what is left out may kill, what is too much is asked about.
create view patients.allergy_cards with (security_invoker = true) as
  select a.hospital_id, f.patient_id, a.key, a.code, a.name, a.kind, a.severity, a.reaction, a.said_at
    from (select p.hospital_id, p.id as patient_id, p.id as file_id from patients.patients p
          union all
          select p.hospital_id, p.merged_into, p.id from patients.patients p where p.merged_into is not null) f
    join patients.allergies a on a.hospital_id = f.hospital_id and a.patient_id = f.file_id and not a.is_gone
    left join patients.allergy_lists l on l.hospital_id = a.hospital_id and l.patient_id = a.patient_id
   where l.said_at is null or a.said_at >= l.said_at;
call house.publish('patients.allergy_cards');
