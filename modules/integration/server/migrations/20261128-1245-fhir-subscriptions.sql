-- Who wants to be told of what. The resource itself is kept with the others; here is what is needed to tell them.
create table integration.fhir_subscriptions (
  hospital_id int         not null default house.hospital(),
  id          uuid        not null,
  name        text        not null collate "C", -- `Subscription/1`
  type        text        not null collate "C", -- what its criteria ask for
  criteria    text        not null,
  channel     bytea       not null, -- sealed: address, headers and media type; there may be a password in it
  shows_whole boolean     not null, -- whether phones and numbers go out whole: as its maker may see them
  is_active   boolean     not null,
  ends_at     timestamptz,
  failures    int         not null default 0, -- in a row
  error       text,
  primary key (hospital_id, id)
);
call house.guard('integration.fhir_subscriptions');
create index on integration.fhir_subscriptions (hospital_id, type) where is_active;

-- What is to be told, in the order in which it happened; each subscription's line stands still at the first that cannot be delivered. waiting → sent.
create table integration.fhir_notices (
  hospital_id     int         not null default house.hospital(),
  subscription_id uuid        not null,
  seq             bigint      not null generated always as identity,
  cause           text        not null collate "C", -- the version or the event: told once
  type            text        not null,
  id              text        not null,
  patient_id      uuid,
  status          text        not null default 'waiting' check (status in ('waiting', 'sent')),
  created_at      timestamptz not null,
  attempts        int         not null default 0,
  next_at         timestamptz not null,
  leased_until    timestamptz,
  sent_at         timestamptz,
  error           text,
  primary key (hospital_id, subscription_id, seq),
  constraint fhir_notices_once unique (hospital_id, subscription_id, cause),
  foreign key (hospital_id, subscription_id) references integration.fhir_subscriptions on delete cascade
) with (fillfactor = 85);
call house.guard('integration.fhir_notices');
create index fhir_notices_line on integration.fhir_notices (hospital_id, subscription_id, seq) where status = 'waiting';
create index on integration.fhir_notices (hospital_id, sent_at) where status = 'sent';

-- To which hosts notices may go. None named: any but this machine itself and addresses of the link.
create table integration.fhir_settings (
  hospital_id int    not null default house.hospital() primary key,
  hook_hosts  text[] not null default '{}'
);
call house.guard('integration.fhir_settings');
