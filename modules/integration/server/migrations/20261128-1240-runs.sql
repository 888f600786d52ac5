-- Whoever applied, changed or set aside a message by hand, when and why.
alter table integration.messages
  add column mended_by   uuid,
  add column mended_by_name text,
  add column mended_at   timestamptz,
  add column mend_reason text;

create index on integration.messages (hospital_id, id) where mended_by is not null;

-- Codes that a sender used and that have no meaning yet, how often and when last; a code that is given one leaves.
create table integration.unmapped_codes (
  hospital_id int         not null default house.hospital(),
  sender_id   uuid        not null,
  field       text        not null,
  code        text        not null,
  times       int         not null,
  first_at    timestamptz not null,
  last_at     timestamptz not null,
  primary key (hospital_id, sender_id, field, code),
  foreign key (hospital_id, sender_id) references integration.senders
);
call house.guard('integration.unmapped_codes');

-- Many messages read again, mended alike or set aside, some hundreds in a transaction that moves `after_id` along: one that is killed goes on
-- where it was. running → done | stopped (by a person).
create table integration.runs (
  hospital_id int         not null default house.hospital(),
  id          uuid        not null,
  kind        text        not null check (kind in ('replay', 'mend', 'aside')),
  what        jsonb       not null, -- which messages
  rule        bytea,                -- sealed: the words that are replaced may be a person's
  reason      text        not null,
  started_by  uuid        not null,
  started_by_name text    not null,
  started_at  timestamptz not null,
  total       int         not null,
  settled     int         not null default 0,
  unsettled   int         not null default 0,
  after_id    uuid        not null,
  until_id    uuid        not null, -- what came after the start is no part of it
  status      text        not null default 'running' check (status in ('running', 'done', 'stopped')),
  finished_at timestamptz,
  primary key (hospital_id, id),
  check ((status = 'running') = (finished_at is null))
);
call house.guard('integration.runs');
create index on integration.runs (hospital_id, started_at desc, id);
create index on integration.runs (hospital_id, id) where status = 'running';
