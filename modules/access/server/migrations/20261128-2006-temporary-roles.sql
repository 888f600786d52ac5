-- A role given for a time, with a reason: it ends by itself, or before by somebody's hand. The rows stay, so that one sees who could do what when.
create table access.temporary_roles (
  hospital_id int         not null default house.hospital(),
  id          uuid        not null,
  user_id     uuid        not null,
  role_id     uuid        not null,
  reason      text        not null check (reason <> ''),
  given_at    timestamptz not null,
  given_by    text        not null,
  until       timestamptz not null check (until >= given_at), -- the moment of its end, also where it was ended by hand
  is_ended    boolean     not null default false, -- by hand
  primary key (hospital_id, id),
  foreign key (hospital_id, user_id) references access.users,
  foreign key (hospital_id, role_id) references access.roles
);
call house.guard('access.temporary_roles');
create index on access.temporary_roles (hospital_id, user_id, until);
create index on access.temporary_roles (hospital_id, role_id, until);
