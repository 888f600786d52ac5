-- Browsers from which somebody has signed in before: what is guessed elsewhere does not shut them out.
create table access.devices (
  hospital_id  int         not null default house.hospital(),
  token_hash   bytea       not null,
  last_used_at timestamptz not null,
  primary key (hospital_id, token_hash)
);
call house.guard('access.devices');
create index on access.devices (hospital_id, last_used_at);

-- Wrong passwords by where they were typed: a known browser, else an address. Kept as a blind index.
create table access.guesses (
  hospital_id int         not null default house.hospital(),
  place       bytea       not null,
  count       int         not null,
  began_at    timestamptz not null,
  primary key (hospital_id, place)
);
call house.guard('access.guesses');
create index on access.guesses (hospital_id, began_at);
