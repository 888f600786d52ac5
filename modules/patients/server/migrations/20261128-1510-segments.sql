-- Groups of patients: by a rule, by hand, or both.
create table patients.segments (
  hospital_id int     not null default house.hospital(),
  id          uuid    not null,
  preset      text, -- of those that come with the product, which one
  kind        text    not null check (kind in ('key', 'loyalty', 'own')),
  name        text    not null,
  conditions  jsonb, -- null: by hand alone
  position    int     not null default 0,
  is_active   boolean not null default true,
  counted_on  date, -- the day for which it was last reckoned as a whole: ages and days since move on by themselves
  primary key (hospital_id, id),
  unique (hospital_id, preset)
);
call house.guard('patients.segments');

-- Somebody said so by hand: this one belongs to it, or does not, whatever the rule says.
create table patients.segment_marks (
  hospital_id     int         not null default house.hospital(),
  segment_id      uuid        not null,
  said_patient_id uuid        not null,
  patient_id      uuid        not null,
  is_in           boolean     not null,
  reason          text        not null,
  marked_at       timestamptz not null,
  marked_by       uuid,
  primary key (hospital_id, segment_id, said_patient_id),
  foreign key (hospital_id, segment_id) references patients.segments,
  foreign key (hospital_id, patient_id) references patients.patients,
  foreign key (hospital_id, said_patient_id) references patients.patients
);
call house.guard('patients.segment_marks');
create index on patients.segment_marks (hospital_id, patient_id);

create table patients.segment_members (
  hospital_id int  not null default house.hospital(),
  segment_id  uuid not null,
  patient_id  uuid not null,
  since       date not null,
  primary key (hospital_id, segment_id, patient_id),
  foreign key (hospital_id, segment_id) references patients.segments,
  foreign key (hospital_id, patient_id) references patients.patients
);
call house.guard('patients.segment_members');
create index on patients.segment_members (hospital_id, patient_id);

-- Who came and who left, day by day: what has changed since last month.
create table patients.segment_moves (
  hospital_id int     not null default house.hospital(),
  segment_id  uuid    not null,
  on_day      date    not null,
  patient_id  uuid    not null,
  is_in       boolean not null, -- as it was at the end of that day
  was_in      boolean not null, -- and at its beginning
  primary key (hospital_id, segment_id, on_day, patient_id),
  foreign key (hospital_id, segment_id) references patients.segments,
  foreign key (hospital_id, patient_id) references patients.patients
);
call house.guard('patients.segment_moves');
create index on patients.segment_moves (hospital_id, patient_id);

-- Of whom something changed since the segments were last reckoned. Written by the tables themselves, so that whatever changes them, nobody is missed.
create table patients.segment_dirty (
  hospital_id int    not null default house.hospital(),
  n           bigint not null generated always as identity,
  patient_id  uuid   not null,
  primary key (hospital_id, n)
);
call house.guard('patients.segment_dirty');

create function patients.note_dirty() returns trigger language plpgsql as $$
begin
  if exists (select from patients.segments where is_active and conditions is not null) then
    execute format('insert into patients.segment_dirty (patient_id) select distinct %I from changed', tg_argv[0]);
  end if;
  return null;
end $$;

do $$
declare
  t text[];
begin
  foreach t slice 1 in array array[
    ['patients', 'id'], ['standings', 'patient_id'], ['tagged', 'patient_id'], ['diagnosed', 'patient_id'], ['contacts', 'patient_id'],
    ['field_values', 'object_id'], ['segment_marks', 'patient_id']] loop
    execute format('create trigger dirty_insert after insert on patients.%I referencing new table as changed for each statement execute function patients.note_dirty(%L)', t[1], t[2]);
    execute format('create trigger dirty_update after update on patients.%I referencing new table as changed for each statement execute function patients.note_dirty(%L)', t[1], t[2]);
    execute format('create trigger dirty_delete after delete on patients.%I referencing old table as changed for each statement execute function patients.note_dirty(%L)', t[1], t[2]);
  end loop;
end $$;
