create schema feedback;

-- What an opinion is about, in the hospital's own words.
create table feedback.categories (
  hospital_id int     not null default house.hospital(),
  id          uuid    not null,
  key         text    not null, -- of the list every hospital starts with; the id's text for its own
  name        text    not null check (name <> ''),
  position    int     not null,
  is_active   boolean not null default true,
  primary key (hospital_id, id),
  constraint categories_key unique (hospital_id, key)
);
call house.guard('feedback.categories');

create table feedback.opinions (
  hospital_id      int         not null default house.hospital(),
  id               uuid        not null,
  kind             text        not null check (kind in ('praise', 'complaint', 'suggestion', 'remark')),
  category_id      uuid,
  grade            text        check (grade in ('minor', 'moderate', 'serious')),
  is_important     boolean     not null default false,
  text             text        not null default '',
  patient_id       uuid,
  encounter_id     uuid,
  department_id    uuid,        -- where it counts: that of the first unit concerned, else the encounter's
  ward_id          uuid,
  source           text        not null check (source in ('call', 'visit', 'letter', 'walkIn', 'hotline', 'survey')),
  speaker_name     text,        -- somebody who is no patient of ours, or speaks for one
  speaker_phone    bytea,       -- sealed
  origin           text,        -- `followups.task`, `surveys.response`: what it came out of
  origin_id        uuid,
  received_at      timestamptz not null, -- by anyone in the hospital: from here the clock runs
  received_on      date        not null,
  recorded_at      timestamptz not null,
  recorded_by      uuid,
  recorded_by_name text        not null,
  withdrawn_at     timestamptz,
  primary key (hospital_id, id),
  foreign key (hospital_id, category_id) references feedback.categories,
  foreign key (hospital_id, patient_id) references patients.patients,
  foreign key (hospital_id, encounter_id) references encounters.encounters,
  foreign key (hospital_id, department_id) references staff.units,
  foreign key (hospital_id, ward_id) references staff.units
);
call house.guard('feedback.opinions');
create index on feedback.opinions (hospital_id, received_at, id) where withdrawn_at is null;
create index on feedback.opinions (hospital_id, received_on) where withdrawn_at is null;
create index on feedback.opinions (hospital_id, patient_id, received_at) where patient_id is not null;
create index on feedback.opinions (hospital_id, origin_id) where origin_id is not null;

create table feedback.opinion_units (
  hospital_id int  not null default house.hospital(),
  opinion_id  uuid not null,
  unit_id     uuid not null,
  primary key (hospital_id, opinion_id, unit_id),
  foreign key (hospital_id, opinion_id) references feedback.opinions on delete cascade,
  foreign key (hospital_id, unit_id) references staff.units
);
call house.guard('feedback.opinion_units');
create index on feedback.opinion_units (hospital_id, unit_id, opinion_id);

create table feedback.opinion_people (
  hospital_id int  not null default house.hospital(),
  opinion_id  uuid not null,
  person_id   uuid not null,
  primary key (hospital_id, opinion_id, person_id),
  foreign key (hospital_id, opinion_id) references feedback.opinions on delete cascade,
  foreign key (hospital_id, person_id) references staff.people
);
call house.guard('feedback.opinion_people');
create index on feedback.opinion_people (hospital_id, person_id);

-- 投诉编号: the last number given in a year.
create table feedback.numbers (
  hospital_id int not null default house.hospital(),
  year        int not null,
  last        int not null,
  primary key (hospital_id, year)
);
call house.guard('feedback.numbers');

-- A complaint is an opinion that became a case; it has the opinion's id.
create table feedback.complaints (
  hospital_id int         not null default house.hospital(),
  id          uuid        not null,
  number      text        not null,
  status      text        not null default 'accepted'
                          check (status in ('accepted', 'assigned', 'answered', 'verified', 'closed', 'reopened', 'withdrawn')),
  clock_on    date        not null, -- the day of receipt, or of the reopening
  days        int         not null check (days in (5, 10)),
  halfway_on  date        not null,
  eve_on      date        not null, -- the working day before the last
  answer_by   date        not null,
  reminded    text        not null default 'none' check (reminded in ('none', 'halfway', 'eve', 'overdue')),
  outcome     text        check (outcome in ('resolved', 'onTheSpot', 'notTaken')),
  result      text,
  told_by     text        check (told_by in ('phone', 'meeting', 'letter', 'message', 'notReachable')),
  told_at     timestamptz,
  closed_at   timestamptz,
  primary key (hospital_id, id),
  constraint complaints_number unique (hospital_id, number),
  foreign key (hospital_id, id) references feedback.opinions,
  check ((status = 'closed') = (closed_at is not null)),
  check (status <> 'closed' or (outcome is not null and result is not null and told_by is not null))
);
call house.guard('feedback.complaints');
-- The work list: what is still open, most urgent first.
create index open_complaints on feedback.complaints (hospital_id, answer_by, id) where status not in ('closed', 'withdrawn');
create index closed_complaints on feedback.complaints (hospital_id, closed_at, id) where status = 'closed';

-- Who must answer, and what they answered.
create table feedback.complaint_units (
  hospital_id      int         not null default house.hospital(),
  complaint_id     uuid        not null,
  unit_id          uuid        not null,
  assigned_at      timestamptz not null,
  cause            text,
  measure          text,
  answered_at      timestamptz,
  answered_by_name text,
  returned_at      timestamptz, -- the last time the answer was sent back
  return_reason    text,
  primary key (hospital_id, complaint_id, unit_id),
  foreign key (hospital_id, complaint_id) references feedback.complaints on delete cascade,
  foreign key (hospital_id, unit_id) references staff.units,
  check ((answered_at is null) = (cause is null and measure is null))
);
call house.guard('feedback.complaint_units');
create index on feedback.complaint_units (hospital_id, unit_id, complaint_id);

create table feedback.rectifications (
  hospital_id      int         not null default house.hospital(),
  id               uuid        not null,
  complaint_id     uuid        not null,
  unit_id          uuid        not null,
  measure          text        not null check (measure <> ''),
  responsible_id   uuid        not null,
  due_on           date        not null,
  finished_at      timestamptz,
  finished_by_name text,
  finish_note      text,
  verified_at      timestamptz,
  verified_by_name text,
  primary key (hospital_id, id),
  foreign key (hospital_id, complaint_id) references feedback.complaints on delete cascade,
  foreign key (hospital_id, unit_id) references staff.units,
  foreign key (hospital_id, responsible_id) references staff.people,
  check (verified_at is null or finished_at is not null)
);
call house.guard('feedback.rectifications');
create index on feedback.rectifications (hospital_id, complaint_id, due_on);

-- Who did what with a case, and when. Nothing here is ever changed.
create table feedback.history (
  hospital_id  int         not null default house.hospital(),
  id           uuid        not null,
  complaint_id uuid        not null,
  seq          bigint      not null generated always as identity, -- two steps of one moment keep their order
  at           timestamptz not null,
  actor_id     uuid,
  actor_name   text        not null,
  kind         text        not null,
  unit_id      uuid,
  note         text,
  primary key (hospital_id, id),
  foreign key (hospital_id, complaint_id) references feedback.complaints on delete cascade
);
call house.guard('feedback.history');
revoke update on feedback.history from renxin_app;
create index on feedback.history (hospital_id, complaint_id, at, seq);

create view feedback.opinion_rows with (security_invoker = true) as
  select o.id, o.patient_id, o.encounter_id, o.kind, o.category_id, c.name as category, o.grade, o.is_important, o.source, o.text,
         o.department_id, o.ward_id, o.received_at, o.received_on as recorded_on, date_trunc('month', o.received_on)::date as month,
         case when k.id is null then 'noted' else k.status end as status, k.number as complaint_number, k.answer_by, k.closed_at, k.result
  from feedback.opinions o
  left join feedback.categories c on c.hospital_id = o.hospital_id and c.id = o.category_id
  left join feedback.complaints k on k.hospital_id = o.hospital_id and k.id = o.id
  where o.withdrawn_at is null;
call house.publish('feedback.opinion_rows');

-- Every unit an opinion concerns, for counting by unit.
create view feedback.opinion_unit_rows with (security_invoker = true) as
  select ou.opinion_id, ou.unit_id from feedback.opinion_units ou;
call house.publish('feedback.opinion_unit_rows');
