-- Pairs of files that may be of one person, with their points and why. Kept up by the clock for those whose facts have changed: no message waits for it.
create table patients.duplicates (
  hospital_id  int         not null default house.hospital(),
  one_id       uuid        not null,
  other_id     uuid        not null,
  score        int         not null check (score between 0 and 100),
  reasons      jsonb       not null, -- [{kind, points}], the heaviest first
  print        text        not null, -- of what the two say: a pair that was dismissed is shown again when it is another
  found_at     timestamptz not null,
  dismissed_at timestamptz,
  dismissed_by uuid,
  primary key (hospital_id, one_id, other_id),
  foreign key (hospital_id, one_id) references patients.patients,
  foreign key (hospital_id, other_id) references patients.patients,
  check (one_id < other_id)
);
call house.guard('patients.duplicates');
create index on patients.duplicates (hospital_id, score, one_id, other_id) where dismissed_at is null;
create index on patients.duplicates (hospital_id, other_id);

-- Who is to be compared with the others: whoever is new, and whoever a name, a birth, a document or a number of was said anew.
alter table patients.patients add column is_uncompared boolean not null default true;
create index on patients.patients (hospital_id, id) where is_uncompared;
-- The same reading and nearly the same birth: where the comparison looks.
create index on patients.patients (hospital_id, name_pinyin, birth_on) where merged_into is null;
