-- A merge is laid over the files and does not mix them: every row keeps whom it was first said of (said_patient_id), what each file says by itself stays in
-- own_states, and what is shown follows from both and from links. Taking a link away gives back what would be there without it.

call house.unforce('patients.patients');
call house.unforce('patients.identifiers');
call house.unforce('patients.contacts');
call house.unforce('patients.tagged');
call house.unforce('patients.care_units');
call house.unforce('patients.refusals');
call house.unforce('patients.holds');
call house.unforce('patients.contact_log');
call house.unforce('patients.conflicts');
call house.unforce('patients.merges');

alter table patients.patients add column is_joined boolean not null default false; -- others were merged into it: what it shows is put together from own_states

-- What was last said of two files: that they are one person, or that they are two.
create table patients.links (
  hospital_id int         not null default house.hospital(),
  one_id      uuid        not null,
  other_id    uuid        not null,
  survivor_id uuid, -- null: two persons
  said_at     timestamptz not null, -- of two words the later counts, of two of one moment that which came later
  choices     jsonb, -- field → the file whose value a person chose, and what all of them said then
  primary key (hospital_id, one_id, other_id),
  foreign key (hospital_id, one_id) references patients.patients,
  foreign key (hospital_id, other_id) references patients.patients,
  check (one_id < other_id),
  check (survivor_id in (one_id, other_id))
);
create index on patients.links (hospital_id, other_id);

-- What a file that takes part in a merge says by itself: its row and its contacts, sealed as they are.
create table patients.own_states (
  hospital_id int   not null default house.hospital(),
  patient_id  uuid  not null,
  row         jsonb not null,
  contacts    jsonb not null,
  primary key (hospital_id, patient_id),
  foreign key (hospital_id, patient_id) references patients.patients
);

alter table patients.identifiers add column said_patient_id uuid;
alter table patients.tagged add column said_patient_id uuid;
alter table patients.care_units add column said_patient_id uuid;
alter table patients.refusals add column said_patient_id uuid;
alter table patients.holds add column said_patient_id uuid;
alter table patients.contact_log add column said_patient_id uuid;
alter table patients.conflicts add column said_patient_id uuid, add column said_other_id uuid;

-- Merges of before: the survivor keeps what it has, the retired file gets back what it had.
insert into patients.links (hospital_id, one_id, other_id, survivor_id, said_at)
  select m.hospital_id, least(m.survivor_id, m.retired_id), greatest(m.survivor_id, m.retired_id),
         (array_agg(m.survivor_id order by m.merged_at desc))[1], max(m.merged_at)
    from patients.merges m group by 1, 2, 3;
update patients.patients p set is_joined = true
  where p.merged_into is null and exists (select from patients.patients r where r.hospital_id = p.hospital_id and r.merged_into = p.id);
insert into patients.own_states (hospital_id, patient_id, row, contacts)
  select p.hospital_id, p.id, to_jsonb(p), coalesce(jsonb_agg(to_jsonb(c)) filter (where c.id is not null), '[]')
    from patients.patients p left join patients.contacts c on c.hospital_id = p.hospital_id and c.patient_id = p.id
   where p.is_joined group by p.hospital_id, p.id;
insert into patients.own_states (hospital_id, patient_id, row, contacts)
  select distinct on (m.hospital_id, m.retired_id) m.hospital_id, m.retired_id, m.before -> 'retired' -> 'row', m.before -> 'retired' -> 'contacts'
    from patients.merges m join patients.patients p on p.hospital_id = m.hospital_id and p.id = m.retired_id
   where p.merged_into is not null order by m.hospital_id, m.retired_id, m.merged_at desc;
update patients.identifiers i set said_patient_id = m.retired_id, is_retired = coalesce((o ->> 'is_retired')::boolean, false)
  from patients.merges m cross join lateral jsonb_array_elements(m.before -> 'retired' -> 'identifiers') o
 where i.hospital_id = m.hospital_id and i.system = o ->> 'system' and i.type = o ->> 'type' and i.value = o ->> 'value' and m.retired_id <> i.patient_id
   and i.said_patient_id is null;
update patients.holds h set said_patient_id = m.retired_id
  from patients.merges m cross join lateral jsonb_array_elements(m.before -> 'retired' -> 'holds') o
 where h.hospital_id = m.hospital_id and h.cause = o ->> 'cause' and h.object_id = (o ->> 'object_id')::uuid and m.retired_id <> h.patient_id
   and h.said_patient_id is null;

update patients.identifiers set said_patient_id = patient_id where said_patient_id is null;
update patients.tagged set said_patient_id = patient_id;
update patients.care_units set said_patient_id = patient_id;
update patients.refusals set said_patient_id = patient_id;
update patients.holds set said_patient_id = patient_id where said_patient_id is null;
update patients.contact_log set said_patient_id = patient_id;
update patients.conflicts set said_patient_id = patient_id, said_other_id = other_id;

alter table patients.identifiers alter column said_patient_id set not null;
alter table patients.tagged alter column said_patient_id set not null;
alter table patients.care_units alter column said_patient_id set not null;
alter table patients.refusals alter column said_patient_id set not null;
alter table patients.holds alter column said_patient_id set not null;
alter table patients.contact_log alter column said_patient_id set not null;
alter table patients.conflicts alter column said_patient_id set not null, alter column said_other_id set not null;

alter table patients.tagged drop constraint tagged_pkey, add primary key (hospital_id, said_patient_id, tag_id);
create index on patients.tagged (hospital_id, patient_id);
alter table patients.care_units drop constraint care_units_pkey, add primary key (hospital_id, said_patient_id, unit_id);
create index on patients.care_units (hospital_id, patient_id, unit_id);
alter table patients.refusals drop constraint refusals_pkey, add primary key (hospital_id, said_patient_id, kind, value);
create index on patients.refusals (hospital_id, patient_id);
alter table patients.conflicts drop constraint conflicts_hospital_id_patient_id_other_id_key, add unique (hospital_id, said_patient_id, said_other_id);
create index on patients.conflicts (hospital_id, patient_id);

-- The history of merges: who did what, and who took it back.
alter table patients.merges
  drop column before,
  add column parted_at timestamptz,
  add column parted_by uuid,
  add column part_reason text;

call house.guard('patients.patients');
call house.guard('patients.identifiers');
call house.guard('patients.contacts');
call house.guard('patients.tagged');
call house.guard('patients.care_units');
call house.guard('patients.refusals');
call house.guard('patients.holds');
call house.guard('patients.contact_log');
call house.guard('patients.conflicts');
call house.guard('patients.merges');
call house.guard('patients.links');
call house.guard('patients.own_states');
