-- The clinical records of a patient, as laboratory, imaging, EMR and HIS tell them. Each field of a record is settled by itself: the latest word of
-- the source wins (said_at: field → its moment in milliseconds), so that statements end in one state in whatever order they come.
-- A record belongs to the patient it was said of (said_patient_id), shown under the file that patient has today (patient_id). Its visit is joined
-- by number, known today or later. happened_at is the order of every list: when it was observed, written, ordered, booked for; else when it was last spoken of.

create table encounters.reports (
  hospital_id      int         not null default house.hospital(),
  id               uuid        not null,
  source           text        not null,
  number           text        not null,
  patient_id       uuid        not null,
  said_patient_id  uuid        not null,
  visit_number     text,
  department_id    uuid,
  kind             text        not null check (kind in ('laboratory', 'imaging', 'ecg', 'endoscopy', 'pathology', 'anaesthesia', 'other')),
  status           text        not null check (status in ('registered', 'preliminary', 'final', 'corrected', 'cancelled')),
  title            text,
  code             text,
  order_number     text,
  accession_number text,
  study_uid        text,
  observed_at      timestamptz,
  reported_at      timestamptz,
  author_id        uuid,
  findings         text,
  conclusion       text,
  is_critical      boolean,
  items            jsonb       not null default '[]', -- the lines of the report, replaced together: [{code, name, value, amount, unit, range, flag, observedAt}]
  link             text,
  file_id          uuid,
  file_name        text,
  file_problem     text check (file_problem in ('tooLarge', 'unknownType')),
  happened_at      timestamptz not null,
  changed_at       timestamptz not null,
  said_at          jsonb       not null,
  primary key (hospital_id, id),
  unique (hospital_id, source, number),
  foreign key (hospital_id, patient_id) references patients.patients,
  foreign key (hospital_id, said_patient_id) references patients.patients,
  foreign key (hospital_id, department_id) references staff.units,
  foreign key (hospital_id, author_id) references staff.people
);
call house.guard('encounters.reports');
create index on encounters.reports (hospital_id, patient_id, happened_at, id);
create index on encounters.reports (hospital_id, visit_number) where visit_number is not null;

create table encounters.documents (
  hospital_id     int         not null default house.hospital(),
  id              uuid        not null,
  source          text        not null,
  number          text        not null,
  patient_id      uuid        not null,
  said_patient_id uuid        not null,
  visit_number    text,
  department_id   uuid,
  status          text        not null check (status in ('current', 'amended', 'cancelled')),
  code            text,
  title           text,
  written_at      timestamptz,
  author_id       uuid,
  text            text,
  file_id         uuid,
  file_name       text,
  file_problem    text check (file_problem in ('tooLarge', 'unknownType')),
  replaces        text, -- the number, at the same source, of the document whose place it takes
  happened_at     timestamptz not null,
  changed_at      timestamptz not null,
  said_at         jsonb       not null,
  primary key (hospital_id, id),
  unique (hospital_id, source, number),
  foreign key (hospital_id, patient_id) references patients.patients,
  foreign key (hospital_id, said_patient_id) references patients.patients,
  foreign key (hospital_id, department_id) references staff.units,
  foreign key (hospital_id, author_id) references staff.people
);
call house.guard('encounters.documents');
create index on encounters.documents (hospital_id, patient_id, happened_at, id);
create index on encounters.documents (hospital_id, visit_number) where visit_number is not null;
create index on encounters.documents (hospital_id, source, replaces) where replaces is not null;

create table encounters.orders (
  hospital_id     int         not null default house.hospital(),
  id              uuid        not null,
  source          text        not null,
  number          text        not null,
  patient_id      uuid        not null,
  said_patient_id uuid        not null,
  visit_number    text,
  department_id   uuid,
  kind            text        not null check (kind in ('laboratory', 'imaging', 'medication', 'nursing', 'procedure', 'other')),
  status          text        not null check (status in ('active', 'held', 'stopped', 'completed', 'cancelled')),
  name            text,
  code            text,
  ordered_at      timestamptz,
  ends_at         timestamptz,
  author_id       uuid,
  instruction     text,
  happened_at     timestamptz not null,
  changed_at      timestamptz not null,
  said_at         jsonb       not null,
  primary key (hospital_id, id),
  unique (hospital_id, source, number),
  foreign key (hospital_id, patient_id) references patients.patients,
  foreign key (hospital_id, said_patient_id) references patients.patients,
  foreign key (hospital_id, department_id) references staff.units,
  foreign key (hospital_id, author_id) references staff.people
);
call house.guard('encounters.orders');
create index on encounters.orders (hospital_id, patient_id, happened_at, id);
create index on encounters.orders (hospital_id, visit_number) where visit_number is not null;

create table encounters.charges (
  hospital_id     int         not null default house.hospital(),
  id              uuid        not null,
  source          text        not null,
  number          text        not null,
  patient_id      uuid        not null,
  said_patient_id uuid        not null,
  visit_number    text,
  department_id   uuid,
  kind            text        not null check (kind in ('charge', 'credit', 'payment', 'total')),
  status          text        not null check (status in ('current', 'cancelled')),
  name            text,
  code            text,
  quantity        double precision,
  amount_cents    bigint,
  charged_at      timestamptz,
  happened_at     timestamptz not null,
  changed_at      timestamptz not null,
  said_at         jsonb       not null,
  primary key (hospital_id, id),
  unique (hospital_id, source, number),
  foreign key (hospital_id, patient_id) references patients.patients,
  foreign key (hospital_id, said_patient_id) references patients.patients,
  foreign key (hospital_id, department_id) references staff.units
);
call house.guard('encounters.charges');
create index on encounters.charges (hospital_id, patient_id, happened_at, id);
create index on encounters.charges (hospital_id, visit_number) where visit_number is not null;

create table encounters.bookings (
  hospital_id     int         not null default house.hospital(),
  id              uuid        not null,
  source          text        not null,
  number          text        not null,
  patient_id      uuid        not null,
  said_patient_id uuid        not null,
  visit_number    text,
  department_id   uuid,
  status          text        not null check (status in ('booked', 'arrived', 'completed', 'cancelled', 'noShow')),
  name            text,
  reason          text,
  starts_at       timestamptz,
  ends_at         timestamptz,
  place           text,
  doctor_id       uuid,
  happened_at     timestamptz not null,
  changed_at      timestamptz not null,
  said_at         jsonb       not null,
  primary key (hospital_id, id),
  unique (hospital_id, source, number),
  foreign key (hospital_id, patient_id) references patients.patients,
  foreign key (hospital_id, said_patient_id) references patients.patients,
  foreign key (hospital_id, department_id) references staff.units,
  foreign key (hospital_id, doctor_id) references staff.people
);
call house.guard('encounters.bookings');
create index on encounters.bookings (hospital_id, patient_id, happened_at, id);
create index on encounters.bookings (hospital_id, visit_number) where visit_number is not null;

create table encounters.procedures (
  hospital_id     int         not null default house.hospital(),
  id              uuid        not null,
  source          text        not null,
  number          text        not null,
  patient_id      uuid        not null,
  said_patient_id uuid        not null,
  visit_number    text,
  department_id   uuid,
  status          text        not null check (status in ('current', 'cancelled')),
  code            text,
  name            text,
  performed_at    timestamptz,
  doctor_id       uuid,
  anaesthesia     text,
  happened_at     timestamptz not null,
  changed_at      timestamptz not null,
  said_at         jsonb       not null,
  primary key (hospital_id, id),
  unique (hospital_id, source, number),
  foreign key (hospital_id, patient_id) references patients.patients,
  foreign key (hospital_id, said_patient_id) references patients.patients,
  foreign key (hospital_id, department_id) references staff.units,
  foreign key (hospital_id, doctor_id) references staff.people
);
call house.guard('encounters.procedures');
create index on encounters.procedures (hospital_id, patient_id, happened_at, id);
create index on encounters.procedures (hospital_id, visit_number) where visit_number is not null;

-- A record's visit is the one that its number leads to today. Who looks by a visit names the patient too: encounter_id by itself reaches no index.
create view encounters.report_cards with (security_invoker = true) as
  select r.hospital_id, r.id, r.source, r.number, r.patient_id, coalesce(f.encounter_id, e.merged_into, e.id) as encounter_id, r.visit_number, r.department_id, r.kind, r.status, r.title, r.code,
         r.order_number, r.accession_number, r.study_uid, r.observed_at, r.reported_at, r.author_id, r.findings, r.conclusion, r.is_critical, r.link,
         r.file_id, r.file_name, r.happened_at, r.changed_at
    from encounters.reports r
    left join encounters.encounters e on e.hospital_id = r.hospital_id and e.number = r.visit_number
    left join encounters.former_numbers f on f.hospital_id = r.hospital_id and f.number = r.visit_number;
call house.publish('encounters.report_cards');

create view encounters.report_item_cards with (security_invoker = true) as
  select r.hospital_id, r.id as report_id, i.position::int as position, r.patient_id, r.status as report_status, i.code, i.name, i.value, i.amount, i.unit,
         i.range, i.flag, coalesce(i."observedAt", r.happened_at) as observed_at, r.changed_at
    from encounters.reports r
   cross join lateral rows from (jsonb_to_recordset(r.items) as (
           code text, name text, value text, amount double precision, unit text, range text, flag text, "observedAt" timestamptz)) with ordinality
           as i (code, name, value, amount, unit, range, flag, "observedAt", position);
call house.publish('encounters.report_item_cards');

create view encounters.document_cards with (security_invoker = true) as
  select d.hospital_id, d.id, d.source, d.number, d.patient_id, coalesce(f.encounter_id, e.merged_into, e.id) as encounter_id, d.visit_number, d.department_id, d.status, d.code, d.title,
         d.written_at, d.author_id, d.text, d.file_id, d.file_name, d.replaces, d.happened_at, d.changed_at
    from encounters.documents d
    left join encounters.encounters e on e.hospital_id = d.hospital_id and e.number = d.visit_number
    left join encounters.former_numbers f on f.hospital_id = d.hospital_id and f.number = d.visit_number;
call house.publish('encounters.document_cards');

create view encounters.order_cards with (security_invoker = true) as
  select o.hospital_id, o.id, o.source, o.number, o.patient_id, coalesce(f.encounter_id, e.merged_into, e.id) as encounter_id, o.visit_number, o.department_id, o.kind, o.status, o.name, o.code,
         o.ordered_at, o.ends_at, o.author_id, o.instruction, o.happened_at, o.changed_at
    from encounters.orders o
    left join encounters.encounters e on e.hospital_id = o.hospital_id and e.number = o.visit_number
    left join encounters.former_numbers f on f.hospital_id = o.hospital_id and f.number = o.visit_number;
call house.publish('encounters.order_cards');

create view encounters.charge_cards with (security_invoker = true) as
  select c.hospital_id, c.id, c.source, c.number, c.patient_id, coalesce(f.encounter_id, e.merged_into, e.id) as encounter_id, c.visit_number, c.department_id, c.kind, c.status, c.name, c.code,
         c.quantity, c.amount_cents, c.charged_at, c.happened_at, c.changed_at
    from encounters.charges c
    left join encounters.encounters e on e.hospital_id = c.hospital_id and e.number = c.visit_number
    left join encounters.former_numbers f on f.hospital_id = c.hospital_id and f.number = c.visit_number;
call house.publish('encounters.charge_cards');

create view encounters.booking_cards with (security_invoker = true) as
  select b.hospital_id, b.id, b.source, b.number, b.patient_id, coalesce(f.encounter_id, e.merged_into, e.id) as encounter_id, b.visit_number, b.department_id, b.status, b.name, b.reason,
         b.starts_at, b.ends_at, b.place, b.doctor_id, b.happened_at, b.changed_at
    from encounters.bookings b
    left join encounters.encounters e on e.hospital_id = b.hospital_id and e.number = b.visit_number
    left join encounters.former_numbers f on f.hospital_id = b.hospital_id and f.number = b.visit_number;
call house.publish('encounters.booking_cards');

create view encounters.procedure_cards with (security_invoker = true) as
  select p.hospital_id, p.id, p.source, p.number, p.patient_id, coalesce(f.encounter_id, e.merged_into, e.id) as encounter_id, p.visit_number, p.department_id, p.status, p.code, p.name,
         p.performed_at, p.doctor_id, p.anaesthesia, p.happened_at, p.changed_at
    from encounters.procedures p
    left join encounters.encounters e on e.hospital_id = p.hospital_id and e.number = p.visit_number
    left join encounters.former_numbers f on f.hospital_id = p.hospital_id and f.number = p.visit_number;
call house.publish('encounters.procedure_cards');
