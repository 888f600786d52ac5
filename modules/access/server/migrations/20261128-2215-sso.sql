-- Single sign-on at the hospital's own provider (OpenID Connect); without a row there is none.
create table access.sso (
  hospital_id     int     not null default house.hospital(),
  is_active       boolean not null,
  label           text    not null check (label <> ''), -- on the button of the sign-in page
  home_url        text    not null, -- under which browsers reach this system; the provider sends them back there
  issuer_url      text    not null,
  client_id       text    not null,
  secret          bytea, -- sealed; null: a public client, known by PKCE alone
  claim           text    not null, -- what the provider says that names the account
  match           text    not null check (match in ('name', 'number')),
  always_asks     boolean not null, -- a session at the provider is not enough: the password is typed there each time
  trusts_factor   boolean not null, -- where the provider says that it asked for several factors, no code is asked here
  signs_out_there boolean not null,
  primary key (hospital_id)
);
call house.guard('access.sso');

-- Who has set out for the provider: each comes back once, within minutes, in the browser in which he set out.
create table access.sso_attempts (
  hospital_id  int         not null default house.hospital(),
  state_hash   bytea       not null,
  browser_hash bytea       not null,
  secrets      bytea       not null, -- sealed: nonce and code verifier
  is_fresh     boolean     not null, -- the password must have been typed there just now
  began_at     timestamptz not null,
  user_id      uuid, -- known by the provider, his code of the second factor is still to come
  leave_url    bytea, -- sealed
  primary key (hospital_id, state_hash),
  foreign key (hospital_id, user_id) references access.users on delete cascade
);
call house.guard('access.sso_attempts');
create index on access.sso_attempts (hospital_id, began_at);
create index on access.sso_attempts (hospital_id, browser_hash);
create index on access.sso_attempts (hospital_id, user_id) where user_id is not null;

alter table access.sessions
  add column is_by_sso boolean not null default false,
  add column leave_url bytea; -- sealed: where the browser goes to sign out at the provider too
