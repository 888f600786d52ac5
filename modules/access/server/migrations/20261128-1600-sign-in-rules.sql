-- How people sign in, where the hospital has set it; without a row the preset of grade-3 protection holds (`signInPresets`).
create table access.sign_in_rules (
  hospital_id    int  not null default house.hospital(),
  min_length     int  not null check (min_length between 8 and 64),
  kinds          int  not null check (kinds between 1 and 4), -- of capital letters, small letters, digits and signs
  max_age_days   int  check (max_age_days between 1 and 3650), -- null: a password does not grow old
  remembered     int  not null check (remembered between 0 and 10), -- so many former passwords are not taken again
  tries          int  not null check (tries between 3 and 10),
  lock_minutes   int  not null check (lock_minutes between 1 and 1440),
  idle_minutes   int  not null check (idle_minutes between 3 and 480),
  second_factor  text not null check (second_factor in ('optional', 'administrators', 'everybody')),
  primary key (hospital_id)
);
call house.guard('access.sign_in_rules');

alter table access.users
  add column password_set_at   timestamptz,
  add column totp_secret       bytea, -- sealed
  add column totp_pending      bytea, -- sealed; shown, but no code of it was typed yet
  add column totp_step         bigint not null default 0, -- the time step of the last code taken: no code counts twice (RFC 6238, 5.2)
  add column must_add_factor   boolean not null default false,
  add column pin_hash          text; -- argon2id; opens a locked session, never a new one
call house.unforce('access.users');
update access.users set password_set_at = created_at;
alter table access.users alter column password_set_at set not null;
call house.guard('access.users');

create table access.former_passwords (
  hospital_id int         not null default house.hospital(),
  user_id     uuid        not null,
  set_at      timestamptz not null,
  hash        text        not null,
  primary key (hospital_id, user_id, hash),
  foreign key (hospital_id, user_id) references access.users on delete cascade
);
call house.guard('access.former_passwords');

-- For whoever has lost the telephone: each opens once, in place of a code.
create table access.recovery_codes (
  hospital_id int   not null default house.hospital(),
  user_id     uuid  not null,
  hash        bytea not null,
  primary key (hospital_id, user_id, hash),
  foreign key (hospital_id, user_id) references access.users on delete cascade
);
call house.guard('access.recovery_codes');

alter table access.sessions
  add column idle_minutes int not null default 60,
  add column locked_at    timestamptz,
  add column wrong_pins   int not null default 0;
