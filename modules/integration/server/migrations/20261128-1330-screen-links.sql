-- Signed addresses between our screens and those of the hospital's systems. `out` leads from a patient's file to theirs, `in` from theirs to the file.
create table integration.screen_links (
  hospital_id    int     not null default house.hospital(),
  id             uuid    not null,
  name           text    not null check (name <> ''),
  direction      text    not null check (direction in ('out', 'in')),
  template       text,
  secret         bytea   not null, -- sealed; both sides have it
  window_seconds int     not null default 60 check (window_seconds between 10 and 3600),
  signs_in       boolean not null default false, -- whoever comes by it needs no password
  is_active      boolean not null default true,
  primary key (hospital_id, id),
  unique (hospital_id, name),
  check ((direction = 'out') = (template is not null)),
  check (direction = 'in' or not signs_in)
);
call house.guard('integration.screen_links');

-- An address that was used is used up; whoever came by it has some minutes to sign in.
create table integration.link_visits (
  hospital_id           int         not null default house.hospital(),
  link_id               uuid        not null,
  nonce                 text        not null collate "C",
  ticket_hash           bytea       not null,
  work_number           text        not null,
  medical_record_number text        not null,
  visit_number          text        not null,
  came_at               timestamptz not null,
  opened_at             timestamptz,
  primary key (hospital_id, link_id, nonce),
  constraint link_visits_ticket unique (hospital_id, ticket_hash),
  foreign key (hospital_id, link_id) references integration.screen_links
);
call house.guard('integration.link_visits');
create index on integration.link_visits (hospital_id, came_at);
