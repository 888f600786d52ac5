-- A session that looks at the house as another role sees it, standing in these units, until then.
alter table access.sessions
  add column viewing_role_id uuid,
  add column viewing_units   uuid[] not null default '{}',
  add column viewing_until   timestamptz,
  add check ((viewing_role_id is null) = (viewing_until is null)),
  add foreign key (hospital_id, viewing_role_id) references access.roles;
