-- Where results go: the hospital's own systems that take them over MLLP.
create table integration.destinations (
  hospital_id      int     not null default house.hospital(),
  id               uuid    not null,
  name             text    not null check (name <> ''),
  host             text    not null check (host <> ''),
  port             int     not null check (port between 1 and 65535),
  application      text    not null, -- MSH-5 of what is sent
  facility         text    not null, -- MSH-6
  charset          text    not null default 'utf-8' check (charset in ('utf-8', 'gb18030')),
  takes_followups  boolean not null default true,
  takes_complaints boolean not null default true,
  is_active        boolean not null default true,
  primary key (hospital_id, id),
  unique (hospital_id, name)
);
call house.guard('integration.destinations');

-- What is to be sent, in the order in which it happened. A destination's line stands still at the first that cannot be delivered, so that
-- nothing overtakes; only a message that the other side refuses is set aside. waiting → sent | refused; refused → waiting (sent again by hand).
create table integration.outgoing (
  hospital_id    int         not null default house.hospital(),
  destination_id uuid        not null,
  event_id       uuid        not null, -- the control id (MSH-10): a repetition is known by it
  seq            bigint      not null generated always as identity,
  kind           text        not null check (kind in ('followup', 'complaint')),
  object_id      uuid        not null,
  patient_id     uuid        not null,
  message        text        not null,
  status         text        not null default 'waiting' check (status in ('waiting', 'sent', 'refused')),
  created_at     timestamptz not null,
  attempts       int         not null default 0,
  next_at        timestamptz not null,
  leased_until   timestamptz, -- a courier is on the way; after this another may go
  sent_at        timestamptz,
  answer         text,
  error          text,
  primary key (hospital_id, destination_id, event_id),
  foreign key (hospital_id, destination_id) references integration.destinations,
  foreign key (hospital_id, patient_id) references patients.patients,
  check ((status = 'sent') = (sent_at is not null))
) with (fillfactor = 85);
call house.guard('integration.outgoing');
create index outgoing_line on integration.outgoing (hospital_id, destination_id, seq) where status = 'waiting';
create index outgoing_list on integration.outgoing (hospital_id, seq desc);
create index outgoing_patient on integration.outgoing (hospital_id, patient_id, seq desc);
