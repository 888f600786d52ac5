-- Other systems that sign for themselves (SMART backend services): known by their public keys, they keep the private ones.
create table access.clients (
  hospital_id  int         not null default house.hospital(),
  id           uuid        not null,
  name         text        not null check (name <> ''),
  keys         jsonb       not null, -- a JSON Web Key Set (RFC 7517) of public keys
  scopes       text[]      not null,
  created_at   timestamptz not null,
  created_by   text        not null,
  last_used_at timestamptz,
  revoked_at   timestamptz,
  primary key (hospital_id, id)
);
call house.guard('access.clients');

-- What a client was given for some minutes.
create table access.client_tokens (
  hospital_id int         not null default house.hospital(),
  hash        bytea       not null,
  client_id   uuid        not null,
  scopes      text[]      not null,
  expires_at  timestamptz not null,
  primary key (hospital_id, hash),
  foreign key (hospital_id, client_id) references access.clients
);
call house.guard('access.client_tokens');
create index on access.client_tokens (hospital_id, expires_at);

-- An assertion is taken once (RFC 7523, 3): its number is kept until it would have expired.
create table access.used_assertions (
  hospital_id int         not null default house.hospital(),
  client_id   uuid        not null,
  jti         text        not null,
  expires_at  timestamptz not null,
  primary key (hospital_id, client_id, jti)
);
call house.guard('access.used_assertions');
create index on access.used_assertions (hospital_id, expires_at);
