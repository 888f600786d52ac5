-- The provider of single sign-on tells us when somebody has signed out there (OpenID Connect Back-Channel Logout 1.0): by his session there, or by who he is.
alter table access.sessions
  add column sso_issuer  text, -- which provider; of sessions that began before this was kept: null
  add column sso_subject bytea, -- blind index of the issuer with `sub`
  add column sso_sid     bytea; -- blind index of the issuer with `sid`; null where the provider names no sessions
create index on access.sessions (hospital_id, sso_subject) where sso_subject is not null;
create index on access.sessions (hospital_id, sso_sid) where sso_sid is not null;

alter table access.sso_attempts
  add column sso_issuer  text,
  add column sso_subject bytea,
  add column sso_sid     bytea;

-- What a provider has told is taken once.
create table access.sso_logouts (
  hospital_id int         not null default house.hospital(),
  jti_hash    bytea       not null,
  until       timestamptz not null, -- by then the token is too old to be taken anyway
  primary key (hospital_id, jti_hash)
);
call house.guard('access.sso_logouts');
create index on access.sso_logouts (hospital_id, until);
