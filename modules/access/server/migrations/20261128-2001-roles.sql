-- A role that is given to nobody any more stays, retired, so that the trail can still name it. `version` counts its changes: of two who edit it at once the
-- second is told.
alter table access.roles
  add column is_retired boolean not null default false,
  add column version    int     not null default 1;

-- Who holds a role keeps what it gives until it is taken from them by name: a role in use is never deleted.
call house.unforce('access.roles');
call house.unforce('access.user_roles');
alter table access.user_roles drop constraint user_roles_hospital_id_role_id_fkey;
alter table access.user_roles add foreign key (hospital_id, role_id) references access.roles;
call house.guard('access.roles');
call house.guard('access.user_roles');

-- To look at accounts, to give them roles and to reset how they sign in were parts of `access.users`; whoever had it, role or key, has all three.
call house.unforce('access.grants');
insert into access.grants (hospital_id, role_id, permission, scope)
select g.hospital_id, g.role_id, p.name, g.scope
  from access.grants g cross join (values ('access.read'), ('access.assign'), ('access.credentials')) as p (name)
 where g.permission = 'access.users'
on conflict do nothing;
call house.guard('access.grants');

call house.unforce('access.api_keys');
update access.api_keys set scopes = scopes || array['access.read', 'access.assign', 'access.credentials'] where 'access.users' = any (scopes);
call house.guard('access.api_keys');
