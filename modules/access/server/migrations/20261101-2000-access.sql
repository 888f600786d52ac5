create schema access;

create table access.users (
  hospital_id          int         not null default house.hospital(),
  id                   uuid        not null,
  name                 text        not null check (name <> '' and name = lower(btrim(name))), -- what is typed to sign in
  display_name         text        not null check (display_name <> ''),
  person_id            uuid,
  password_hash        text        not null, -- argon2id, with its parameters and salt
  language             text        not null default 'zh' check (language in ('zh', 'en')),
  is_disabled          boolean     not null default false,
  must_change_password boolean     not null default false,
  is_persona           boolean     not null default false, -- an account of the demo hospital that anybody there may step into
  created_at           timestamptz not null,
  last_signed_in_at    timestamptz,
  primary key (hospital_id, id),
  constraint users_name unique (hospital_id, name),
  foreign key (hospital_id, person_id) references staff.people
);
call house.guard('access.users');
create index on access.users (hospital_id, person_id);

create table access.roles (
  hospital_id int  not null default house.hospital(),
  id          uuid not null,
  key         text not null,
  name        text, -- the hospital's own name for it; null: the name that the preset has in the reader's language
  primary key (hospital_id, id),
  constraint roles_key unique (hospital_id, key)
);
call house.guard('access.roles');

create table access.grants (
  hospital_id int  not null default house.hospital(),
  role_id     uuid not null,
  permission  text not null check (permission ~ '^[a-z]+[.][a-zA-Z]+$'),
  scope       text not null check (scope in ('own', 'ward', 'department', 'hospital')),
  primary key (hospital_id, role_id, permission),
  foreign key (hospital_id, role_id) references access.roles on delete cascade
);
call house.guard('access.grants');

create table access.user_roles (
  hospital_id int  not null default house.hospital(),
  user_id     uuid not null,
  role_id     uuid not null,
  primary key (hospital_id, user_id, role_id),
  foreign key (hospital_id, user_id) references access.users on delete cascade,
  foreign key (hospital_id, role_id) references access.roles on delete cascade
);
call house.guard('access.user_roles');
create index on access.user_roles (hospital_id, role_id);

-- Whoever can read this table still cannot sign in with it: of the token only the SHA-256 is kept.
create table access.sessions (
  hospital_id  int         not null default house.hospital(),
  id           uuid        not null,
  token_hash   bytea       not null,
  user_id      uuid        not null,
  created_at   timestamptz not null,
  last_used_at timestamptz not null,
  expires_at   timestamptz not null,
  address      text        not null,
  agent        text        not null,
  primary key (hospital_id, id),
  constraint sessions_token unique (hospital_id, token_hash),
  foreign key (hospital_id, user_id) references access.users on delete cascade
);
call house.guard('access.sessions');
create index on access.sessions (hospital_id, user_id);
create index on access.sessions (hospital_id, expires_at);

-- Wrong passwords in a row, counted by the name that was typed whether or not somebody has it, so that the answer tells nothing.
-- The name is kept as a blind index: people type their password into the wrong field.
create table access.failures (
  hospital_id  int         not null default house.hospital(),
  name_index   bytea       not null,
  count        int         not null,
  last_at      timestamptz not null,
  locked_until timestamptz,
  primary key (hospital_id, name_index)
);
call house.guard('access.failures');
create index on access.failures (hospital_id, last_at);

create table access.api_keys (
  hospital_id  int         not null default house.hospital(),
  id           uuid        not null,
  name         text        not null check (name <> ''),
  secret_hash  bytea       not null,
  scopes       text[]      not null check (cardinality(scopes) > 0),
  created_at   timestamptz not null,
  created_by   text        not null,
  last_used_at timestamptz,
  expires_at   timestamptz,
  revoked_at   timestamptz,
  primary key (hospital_id, id),
  constraint api_keys_secret unique (hospital_id, secret_hash)
);
call house.guard('access.api_keys');

create view access.user_cards with (security_invoker = true) as
  select id, name, display_name, person_id, is_disabled from access.users;
call house.publish('access.user_cards');
